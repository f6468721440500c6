import { failureOfEnd, thrownFailure } from '../../domain/jobs/failure';
import type { JobProgress } from '../../domain/jobs/job-record';
import { objectOf, parsed, progressOf } from '../../domain/jobs/read-record';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { runProcess } from '../process/run';
import { programEnvironment, type ProgramVariables, type WorkbenchProgram } from './program';

export interface RunProgramOptions {
  readonly program: WorkbenchProgram;
  /** The call without `--json` and `--progress`, e.g. `env create train`. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment. */
  readonly env: ProgramVariables;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  /** Told what the program says to a person while it works, line by line. */
  readonly onSay?: ((line: string) => void) | undefined;
}

export interface ProgramResult {
  /** 0, or 1 where the document itself reports problems. */
  readonly exitCode: number;
  /** The document of `--json` (spec cli.md). */
  readonly document: unknown;
}

/** A document is collected up to here. */
const MOST_COLLECTED = 64 << 20;
/** From Ctrl-C to the harder signals: the program ends what it has started in turn. */
const GRACE_MS = 10_000;

/**
 * Runs the terminal program to its end and gives its document. It ends with the caller; aborting `signal` cancels it as
 * Ctrl-C does.
 *
 * @throws AppError with the program's own code, message and hint, of the kind that its exit status tells; `CANCELLED`;
 *   `PROGRAM_KILLED`, `PROGRAM_FAILED` where it ended without a word, and those of `runProcess`.
 */
export async function runProgram(options: RunProgramOptions): Promise<ProgramResult> {
  const { program, args, cwd, env, signal, onProgress, onSay } = options;
  const document: string[] = [];
  let size = 0;
  let lastWords = '';
  const result = await runProcess({
    command: program.node,
    args: [program.cli, '--json', '--progress', 'json', ...args],
    cwd,
    env: programEnvironment(program, env),
    signal,
    graceMs: GRACE_MS,
    onLine: ({ text, end, stream }) => {
      if (stream === 'stdout') {
        size += text.length;
        if (size <= MOST_COLLECTED) document.push(end === 'none' ? text : `${text}\n`);
        return;
      }
      const event = parsed(text);
      const progress = progressOf(event);
      const say = objectOf(event)?.say;
      if (progress !== null) onProgress?.(progress);
      else if (typeof say === 'string') onSay?.(say);
      else if (text.trim() !== '') lastWords = text;
    },
  });
  if (result.cancelled && result.exitCode !== 0) {
    const hint = 'Start it again when you like.';
    throw new AppError({ code: 'CANCELLED', message: 'The work was cancelled.', hint, kind: 'cancelled' });
  }
  const end = { exitCode: result.exitCode, signal: result.signal, document: parsed(document.join('')), lastWords };
  const failure = failureOfEnd(end);
  if (failure !== null) throw thrownFailure(failure, end.exitCode);
  return { exitCode: end.exitCode ?? 0, document: end.document };
}
