import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../failures';
import { runCli } from '../run-cli';
import type { CommandBody } from './command';

/** *Open Sample Workspace*: drawn pictures and a recipe in a new folder, or in the open one where that is empty. */
export const openSampleWorkspace: CommandBody = async (services) => {
  const empty = await emptyWorkspace();
  const items = [
    {
      task: 'detect',
      label: vscode.l10n.t('Shapes, with boxes'),
      detail: vscode.l10n.t('Detects circles, squares and triangles; about 2 minutes of training without a GPU'),
    },
    {
      task: 'pose',
      label: vscode.l10n.t('Shapes, with keypoints'),
      detail: vscode.l10n.t('Finds the keypoints of shapes; about 3 minutes of training without a GPU'),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open Sample Workspace'),
    placeHolder: vscode.l10n.t('What the sample model does'),
    ignoreFocusOut: true,
  });
  if (picked === undefined) throw new vscode.CancellationError();
  const { task } = picked;
  const folder = empty ?? (await askFolder(task));
  const document = await runCli(services, {
    args: ['new', folder, '--task', task],
    cwd: path.dirname(folder),
    title: vscode.l10n.t('Drawing the sample pictures'),
  });
  const recipe = recipeOf(document);
  if (empty === null) await offerToOpen(folder);
  else await vscode.window.showTextDocument(vscode.Uri.file(recipe));
};

/** The one open folder where nothing is in it yet; null otherwise. */
async function emptyWorkspace(): Promise<string | null> {
  const [only, ...more] = vscode.workspace.workspaceFolders ?? [];
  if (only?.uri.scheme !== 'file' || more.length > 0) return null;
  const names = await readdir(only.uri.fsPath).catch(() => null);
  // The editor itself may have made its folder of settings; the sample is refused beside anything else.
  return names?.length === 0 ? only.uri.fsPath : null;
}

/** Asks for the folder in which a new one is made, with the first name that is free there. */
async function askFolder(task: string): Promise<string> {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const beside = first?.uri.scheme === 'file' ? path.dirname(first.uri.fsPath) : os.homedir();
  const [parent] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(beside),
      openLabel: vscode.l10n.t('Make Sample Here'),
      title: vscode.l10n.t('In which folder shall the sample be made?'),
    })) ?? [];
  if (parent === undefined) throw new vscode.CancellationError();
  const taken = new Set(await readdir(parent.fsPath).catch(() => []));
  const base = `maixcam-sample-${task}`;
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
  return path.join(parent.fsPath, name);
}

function recipeOf(document: unknown): string {
  if (
    typeof document === 'object' &&
    document !== null &&
    'recipe' in document &&
    typeof document.recipe === 'string'
  ) {
    return document.recipe;
  }
  throw new Failure({
    code: 'PROGRAM_ANSWER',
    message: vscode.l10n.t('The terminal program gave an answer that is not understood.'),
    hint: vscode.l10n.t('Install the extension again.'),
  });
}

async function offerToOpen(folder: string): Promise<void> {
  const here = vscode.l10n.t('Open');
  const there = vscode.l10n.t('Open in New Window');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The sample workspace was made in {0}.', folder),
    here,
    there,
  );
  if (chosen === undefined) return;
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), {
    forceNewWindow: chosen === there,
  });
}
