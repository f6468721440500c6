import { access, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { JobRecord } from '../../domain/jobs/job-record';
import { killWhole } from '../process/tree';
import { writeFileAtomic } from '../store/files';
import { cancelFile, jobFile } from '../store/job';
import { isAlive, lockOwner } from '../store/lock';
import { RecipePaths } from '../store/paths';
import { currentJob, readRecord } from './current-job';

export interface CancelOptions {
  /** For the run to notice the wish; a stopped or hanging process does not. Default 5 s. */
  readonly noticeMs?: number;
  /** From there to its end: the tools that it runs are ended politely, which takes them a while. Default 20 s. */
  readonly endMs?: number;
}

const POLL_MS = 50;
/** After SIGTERM, before SIGKILL. */
const TERM_MS = 3000;

/**
 * Cancels the run of a recipe, of whatever process or window, as Ctrl-C does, and returns when it has ended. A process
 * that does not react is ended with all that it started, once it is sure that it still is the one of the record.
 * False where nothing ran.
 *
 * @throws AppError `JOB_NOT_ENDED` where it does not react and this system cannot tell whose process it is.
 */
export async function cancelJob(recipeFile: string, options: CancelOptions = {}): Promise<boolean> {
  const paths = new RecipePaths(path.resolve(recipeFile));
  const job = await currentJob(paths.recipe);
  if (job?.state !== 'running' || job.lost) return false;
  const wish = cancelFile(paths.jobs, job.id);
  try {
    const written = await writeFile(wish, '').then(
      () => true,
      () => false,
    );
    // The run takes the wish away when it has seen it.
    const seen = written && (await until(options.noticeMs ?? 5000, () => isGone(wish)));
    const patience = seen ? (options.endMs ?? 20_000) : 0;
    if (!(await until(patience, () => hasEnded(job, paths)))) await endByForce(job, paths);
  } finally {
    await rm(wish, { force: true });
  }
  return true;
}

/** The run has said its last word and given the recipe free, or its process is gone. */
async function hasEnded(job: JobRecord, paths: RecipePaths): Promise<boolean> {
  if (!lives(job)) return true;
  const record = await readRecord(jobFile(paths.jobs, job.id));
  if (record === null || record.state === 'running') return false;
  const owner = await lockOwner(paths.lock);
  return owner?.pid !== job.pid || owner.started !== job.processStarted;
}

function lives(job: JobRecord): boolean {
  return isAlive({ pid: job.pid, started: job.processStarted });
}

async function endByForce(job: JobRecord, paths: RecipePaths): Promise<void> {
  if (job.processStarted === null) {
    throw new AppError({
      code: 'JOB_NOT_ENDED',
      message: `The run (process ${job.pid}) does not react to the wish to cancel it.`,
      hint: `Wait a little and look again; if it hangs, end process ${job.pid} by hand.`,
    });
  }
  if (lives(job)) {
    process.kill(job.pid, 'SIGTERM');
    if (!(await until(TERM_MS, () => hasEnded(job, paths))) && lives(job)) await killWhole(job.pid);
  }
  const record = await readRecord(jobFile(paths.jobs, job.id));
  if (record?.state !== 'running') return;
  // Nobody writes this record any more, and what happened to the run is known.
  const said: JobRecord = {
    ...record,
    state: 'cancelled',
    endedAt: new Date().toISOString(),
    current: null,
    progress: null,
    error: {
      code: 'CANCELLED',
      message: 'Cancelled. The run did not react and was ended from outside.',
      hint: 'Steps that were done stay done; run again to go on from there.',
    },
  };
  await writeFileAtomic(jobFile(paths.jobs, job.id), `${JSON.stringify(said, null, 2)}\n`).catch(() => undefined);
}

async function isGone(file: string): Promise<boolean> {
  return access(file).then(
    () => false,
    () => true,
  );
}

async function until(patienceMs: number, met: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + patienceMs;
  for (;;) {
    if (await met()) return true;
    if (performance.now() >= end) return false;
    await delay(POLL_MS);
  }
}
