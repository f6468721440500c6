import type * as vscode from 'vscode';
import type { StepName } from '../domain/pipeline/steps';
import type { WorkbenchProgram } from '../host/workbench';
import type { KnownBoards } from './jobs/known-boards';
import type { Secrets } from './secrets';
import type { Trust } from './trust';

/** What a run of a recipe shall do. */
export interface RunRequest {
  /** Last step; all steps when undefined. */
  readonly until?: StepName | undefined;
  /** Also the steps that are up to date. */
  readonly force?: boolean | undefined;
}

/**
 * Runs of recipes as a person sees them: progress with cancel while they go on, one message at their end. The runs
 * themselves are processes of their own and outlive the window.
 */
export interface Jobs {
  /**
   * Runs a recipe from its first step that is out of date, and resolves when the run has ended and was told; where the
   * run reaches the board, asks for what a login needs. The caller has checked trust.
   *
   * @throws AppError what made it end; cancellation is no error.
   */
  run(recipe: vscode.Uri, request: RunRequest): Promise<void>;
  /** Asks a run to end; false where none goes on. */
  cancel(recipe: vscode.Uri): Promise<boolean>;
  /**
   * Shows the progress and the end of a run that another window, a task or an earlier life of this window started.
   * Does nothing where none goes on or it is shown already.
   */
  follow(recipe: vscode.Uri): Promise<void>;
  /** Follows the runs that this workspace still had when its window was closed or loaded again. */
  resume(): void;
  /** A run of this recipe has started, gone on or ended: what is shown of it is to be read again. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
}

/** What commands, views and tasks are given by `app.ts`. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  /** The channel `MaixCAM`: paths yes, file contents and secrets no. */
  readonly log: vscode.LogOutputChannel;
  /** The terminal program that was installed with the extension, run by the editor's own Node. */
  readonly program: WorkbenchProgram;
  /**
   * All variables for the host layer and for children: those of the editor, and over them the settings as
   * `MAIXCAM_TRAIN_PYTHON`, `MAIXCAM_CONVERT_PYTHON`, `MAIXCAM_ENV_DIR`. Contains no password.
   *
   * @param resource file or folder whose settings count
   */
  environment(resource?: vscode.Uri): Readonly<Record<string, string>>;
  readonly secrets: Secrets;
  readonly boards: KnownBoards;
  readonly trust: Trust;
  readonly jobs: Jobs;
  readonly languageServer: {
    /** Ends the server and starts a new one; calls while one is under way share the next. */
    restart(): Promise<void>;
  };
}
