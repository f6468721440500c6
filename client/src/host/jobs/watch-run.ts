import { rm, stat } from 'node:fs/promises';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { Job } from '../store/job';
import type { RecipeLock } from '../store/lock';

const POLL_MS = 250;

/** What may happen to a run from outside. */
export interface RunWatch {
  /** Aborted by a wish to cancel, and, with the error as its reason, when the run has lost its folder. */
  readonly signal: AbortSignal;
  /** Looks at once whether the run still has its folder; the error where it has not. */
  lost(): Promise<AppError | null>;
  stop(): void;
}

/**
 * Watches what others do to a run: a window or another terminal wishes it to be cancelled (`<id>.cancel` beside its
 * record), somebody removes or moves the folder of its results.
 *
 * @param results the folder, for the message
 */
export function watchRun(job: Job, lock: RecipeLock, results: string): RunWatch {
  const abort = new AbortController();
  let looking = false;
  const lost = async (): Promise<AppError | null> => {
    if (abort.signal.reason instanceof AppError) return abort.signal.reason;
    if (await lock.isHeld()) return null;
    const error = resultsGone(results);
    abort.abort(error);
    return error;
  };
  const look = async (): Promise<void> => {
    if ((await stat(job.cancelFile).catch(() => null)) !== null) {
      abort.abort();
      // Taking it away tells that it was seen.
      await rm(job.cancelFile, { force: true });
    }
    await lost();
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look()
      .catch(() => undefined)
      .then(() => {
        looking = false;
      });
  }, POLL_MS).unref();
  return { signal: abort.signal, lost, stop: () => clearInterval(timer) };
}

function resultsGone(results: string): AppError {
  return new AppError({
    code: 'RESULTS_GONE',
    message: `The folder ${results} was removed, moved or taken over by another run while this run worked in it.`,
    hint: 'Steps that were done may be gone with it. Run the recipe again where it lies now.',
  });
}
