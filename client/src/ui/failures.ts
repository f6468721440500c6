import * as vscode from 'vscode';
import type { JobError } from '../domain/jobs/job-record';

/** A button of a message and what it does. */
export interface MessageAction {
  readonly title: string;
  run(): Thenable<unknown>;
}

/**
 * The interface itself says no before anything has begun: no folder is open, the workspace is not trusted. Told as a
 * warning with its own ways out, and not logged as an error.
 */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly actions: readonly MessageAction[] = [],
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** A failure that is an expected one, with what a button beside it needs to know. */
export class Failure extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(
    error: JobError,
    /** The recipe or model that it is about. */
    readonly target?: vscode.Uri,
    /** Name of the run that it ended: several may go on at once, and each has a log of its own. */
    readonly run?: string,
  ) {
    super(error.message);
    this.name = 'Failure';
    this.code = error.code;
    this.hint = error.hint;
  }
}

/** Code, message and hint of an expected failure; null for anything unexpected. */
export function expectedFailure(thrown: unknown): JobError | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || !('hint' in thrown)) return null;
  const { code, hint, message } = thrown;
  // The host layer is a bundle of its own, and its AppError another class than any of this bundle.
  return typeof code === 'string' && typeof hint === 'string' ? { code, message, hint } : null;
}

/** Whether the person ended it themselves: never an error (spec architecture.md 3.9). */
export function isCancellation(thrown: unknown): boolean {
  if (thrown instanceof vscode.CancellationError) return true;
  if (!(thrown instanceof Error)) return false;
  if (thrown.name === 'AbortError') return true;
  return expectedFailure(thrown)?.code === 'CANCELLED' || ('kind' in thrown && thrown.kind === 'cancelled');
}
