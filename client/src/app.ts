import * as vscode from 'vscode';

/** Composition root: constructs and connects, owns what must be disposed, has no logic of its own. */
export class App {
  constructor(private readonly context: vscode.ExtensionContext) {}

  /** Registers what the manifest promises. */
  start(): void {
    const log = vscode.window.createOutputChannel('MaixCAM', { log: true });
    this.context.subscriptions.push(log);
  }

  async dispose(): Promise<void> {
    await Promise.resolve();
  }
}
