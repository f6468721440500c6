/**
 * What a failure means for the caller; the terminal program turns it into its exit status (spec cli.md):
 * `problem` 1, `usage` 2, `missing-tool` 3, `cancelled` 4.
 */
export type FailureKind = 'problem' | 'usage' | 'missing-tool' | 'cancelled';

export interface AppErrorOptions {
  /** Stable identifier for programs, e.g. `ONNX_TRUNCATED`. Never renamed. */
  readonly code: string;
  /** What happened and why, one or two sentences for a person. No stack, no jargon. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
  readonly kind?: FailureKind;
  readonly cause?: unknown;
  /** The message for a terminal, where it names places in files: `path:line:column: error: …` each. */
  readonly located?: string;
}

/** A failure that a person is told about: what happened, why, what to do (spec decisions.md 6). */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly kind: FailureKind;
  /** The message in the form that editors and problem matchers understand; else the message. */
  readonly located: string;

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = options.code;
    this.hint = options.hint;
    this.kind = options.kind ?? 'problem';
    this.located = options.located ?? options.message;
  }
}

/** The text of anything that was thrown, for use inside a message. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
