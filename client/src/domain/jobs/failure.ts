import { AppError, type FailureKind } from '../../../../server/src/core/problems/app-error';
import type { JobError } from './job-record';
import { jobErrorOf, objectOf } from './read-record';

/** Exit statuses of the terminal program that are failures (spec cli.md); any other one is a `problem`. */
const KINDS: Readonly<Record<number, FailureKind>> = { 2: 'usage', 3: 'missing-tool', 4: 'cancelled' };

/** What an exit status of the terminal program means. */
export function kindOfExit(status: number | null): FailureKind {
  return KINDS[status ?? 1] ?? 'problem';
}

/** How a call of the terminal program ended. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The document of `--json`; undefined where it printed none. */
  readonly document: unknown;
  /** The end of what it wrote on stderr. */
  readonly lastWords: string;
}

/** Why a call of the terminal program failed; null where it did its work, whatever it found. */
export function failureOfEnd({ exitCode, signal, document, lastWords }: ProgramEnd): JobError | null {
  const told = jobErrorOf(objectOf(document)?.error);
  if (told !== null) return told;
  if (signal !== null) {
    return {
      code: 'PROGRAM_KILLED',
      message: `The work was ended from outside (${signal}); too little memory is the usual reason.`,
      hint: 'Close other programs and try again; steps that were done stay done.',
    };
  }
  if (exitCode === 0 || (exitCode === 1 && document !== undefined)) return null;
  const line = lastWords.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return {
    code: 'PROGRAM_FAILED',
    message: `The terminal program ended with status ${exitCode ?? 'unknown'}${line === '' ? '.' : `: ${line}`}`,
    hint: 'Try again. If it stays so, install the extension again; its files may be damaged.',
  };
}

/** The same as an error to throw. */
export function thrownFailure(error: JobError, exitCode: number | null): AppError {
  return new AppError({ ...error, kind: kindOfExit(exitCode) });
}
