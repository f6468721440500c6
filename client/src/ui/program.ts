import path from 'node:path';
import type * as vscode from 'vscode';
import type { WorkbenchProgram } from '../host/workbench';

/** The terminal program that was installed with the extension, run by the editor's own Node. */
export function ownProgram(extension: vscode.Uri): WorkbenchProgram {
  return {
    node: process.execPath,
    cli: path.join(extension.fsPath, 'dist', 'cli.js'),
    nodeEnv: 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {},
  };
}
