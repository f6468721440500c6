import * as vscode from 'vscode';

/** Whether tools, models and boards may be used here (spec decisions.md 6). */
export class Trust {
  /** The person has just said that they trust this workspace. */
  readonly onDidGrant: vscode.Event<void> = vscode.workspace.onDidGrantWorkspaceTrust;

  get granted(): boolean {
    return vscode.workspace.isTrusted;
  }
}
