import os from 'node:os';
import * as vscode from 'vscode';

/** The settings of the extension, read in one place; defaults are those of the manifest. */
export interface Settings {
  /** Interpreter of a person's own training environment; empty: the managed one. */
  readonly trainPython: string;
  /** Interpreter of a person's own conversion environment; empty: the managed one. */
  readonly convertPython: string;
  /** Folder of the managed environments; empty: the cache folder of the account. */
  readonly environmentsFolder: string;
  readonly codeLens: boolean;
}

/** Settings as they count for a file or folder. */
export function readSettings(resource?: vscode.Uri): Settings {
  const section = vscode.workspace.getConfiguration('maixcam', resource ?? null);
  const text = (key: string): string => expand(section.get<string>(key, ''), resource);
  return {
    trainPython: text('python.train'),
    convertPython: text('python.convert'),
    environmentsFolder: text('environments.folder'),
    codeLens: section.get<boolean>('codeLens.enabled', true),
  };
}

/**
 * All variables for children and the host layer: those of the editor, without what steers its own Node, and over them
 * the settings under the names that the terminal program reads (spec cli.md). No password.
 */
export function environmentOf(
  settings: Settings,
  base: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !OF_THE_EDITOR.test(name)) result[name] = value;
  }
  if (settings.trainPython !== '') result.MAIXCAM_TRAIN_PYTHON = settings.trainPython;
  if (settings.convertPython !== '') result.MAIXCAM_CONVERT_PYTHON = settings.convertPython;
  if (settings.environmentsFolder !== '') result.MAIXCAM_ENV_DIR = settings.environmentsFolder;
  return result;
}

/** What would change how a child's Node runs, and a password that a shell once exported. */
const OF_THE_EDITOR = /^(NODE_OPTIONS|ELECTRON_\w+|VSCODE_\w+|MAIXCAM_PASSWORD)$/;

/** `${userHome}`, `${workspaceFolder}` and `${env:NAME}`, and a leading `~/`. */
function expand(value: string, resource: vscode.Uri | undefined): string {
  const folder =
    (resource === undefined ? undefined : vscode.workspace.getWorkspaceFolder(resource)) ??
    vscode.workspace.workspaceFolders?.[0];
  return value
    .trim()
    .replace(/^~(?=\/|\\|$)/, os.homedir())
    .replaceAll('${userHome}', os.homedir())
    .replaceAll('${workspaceFolder}', folder?.uri.fsPath ?? '')
    .replace(/\$\{env:(\w+)\}/g, (_, name: string) => process.env[name] ?? '');
}
