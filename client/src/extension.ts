import type * as vscode from 'vscode';
import { App } from './app';

/** Wires the extension; nothing is awaited but that. What it owns is disposed through the context's subscriptions. */
export function activate(context: vscode.ExtensionContext): void {
  new App(context).start();
}
