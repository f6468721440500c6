import * as vscode from 'vscode';
import { host } from './host';
import type { Services } from './services';

export interface CliCall {
  /** The call without `--json` and `--progress`. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Title of the notification. */
  readonly title: string;
  /** Beside the extension's own, e.g. a password. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Runs a call of the terminal program to its end behind a notification with progress and cancel; it ends with the
 * window. What it says on the way goes to the log.
 *
 * @returns the call's document (spec cli.md)
 * @throws AppError the program's own; `CANCELLED`
 */
export async function runCli(services: Services, call: CliCall): Promise<unknown> {
  const { runProgram } = await host();
  const options = { location: vscode.ProgressLocation.Notification, title: call.title, cancellable: true };
  const { document } = await vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    return await runProgram({
      program: services.program,
      args: call.args,
      cwd: call.cwd,
      env: { ...services.environment(vscode.Uri.file(call.cwd)), ...call.variables },
      signal: abort.signal,
      onProgress: ({ fraction, message }) => {
        const percent = fraction === null ? shown : Math.max(shown, fraction * 100);
        progress.report({ message, increment: percent - shown });
        shown = percent;
      },
      onSay: (line) => services.log.info(line),
    });
  });
  return document;
}
