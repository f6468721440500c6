import type * as vscode from 'vscode';
import { App } from './app';

let app: App | undefined;

/** Wires the extension; nothing is awaited but that (spec architecture.md 4, "activation"). */
export function activate(context: vscode.ExtensionContext): void {
  app = new App(context);
  app.start();
}

export async function deactivate(): Promise<void> {
  await app?.dispose();
  app = undefined;
}
