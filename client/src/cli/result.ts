import { AppError, messageOf, type FailureKind } from '../../../server/src/core/problems/app-error';

/** Exit statuses of the terminal program (spec cli.md): a public contract. */
export const ExitCode = { Done: 0, Problem: 1, Usage: 2, MissingTool: 3, Cancelled: 4 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const EXIT_BY_KIND: Record<FailureKind, ExitCode> = {
  problem: ExitCode.Problem,
  usage: ExitCode.Usage,
  'missing-tool': ExitCode.MissingTool,
  cancelled: ExitCode.Cancelled,
};

/** What a command gives back: the JSON document of `--json`, and the same for a person. */
export interface CommandResult {
  readonly json: unknown;
  /** Lines for a terminal, at most 80 columns, without a final line feed. */
  readonly text: string;
  /** Default: 0. Use 1 where the document itself reports problems. */
  readonly exitCode?: ExitCode;
}

interface Failure {
  readonly json: { readonly error: { readonly code: string; readonly message: string; readonly hint: string } };
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** The error document of `--json` and the exit status that goes with it. */
export function failureOf(thrown: unknown): Failure {
  const error =
    thrown instanceof AppError
      ? thrown
      : new AppError({
          code: 'INTERNAL',
          message: `Something unexpected happened: ${messageOf(thrown)}`,
          hint: 'Run the command again with MAIXCAM_DEBUG=1 and report what it prints.',
          cause: thrown,
        });
  return {
    json: { error: { code: error.code, message: error.message, hint: error.hint } },
    text: `Error: ${error.located}\n${error.hint}`,
    exitCode: EXIT_BY_KIND[error.kind],
  };
}
