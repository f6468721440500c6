import * as vscode from 'vscode';
import { Refusal } from '../failures';
import { isPipelineNode } from '../pipeline/nodes';
import { findRecipes, isRecipe, withoutEnding } from '../recipes';

/** The file that a command was called for: from the explorer, a lens, a row of the pipeline view; null: none. */
export function fileOf(argument: unknown): vscode.Uri | null {
  if (isPipelineNode(argument)) return argument.recipe;
  return argument instanceof vscode.Uri ? argument : null;
}

/** File of the editor in front; null where there is none. */
export function activeFile(): vscode.Uri | null {
  return vscode.window.activeTextEditor?.document.uri ?? null;
}

/**
 * The recipe that a command is about: the argument, else the editor in front, else the only one of the workspace; only
 * what cannot be found out so is asked. Unsaved changes of it are saved, because runs read the disk.
 *
 * @throws Refusal where there is none, or it is not on a disk; CancellationError.
 */
export async function recipeFor(argument: unknown, question: string): Promise<vscode.Uri> {
  const recipe = await findRecipe(argument, question);
  requireDisk(recipe);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === recipe.toString());
  if (open?.isDirty === true && !(await open.save())) {
    throw new Refusal(
      vscode.l10n.t('The recipe could not be saved, and runs read it from the disk. Save it and try again.'),
    );
  }
  return recipe;
}

async function findRecipe(argument: unknown, question: string): Promise<vscode.Uri> {
  const given = fileOf(argument);
  if (given !== null) return given;
  const active = activeFile();
  if (active !== null && isRecipe(active)) return active;
  requireFolder();
  const { recipes, virtual } = await findRecipes();
  const found = [...recipes, ...virtual];
  const [only] = found;
  if (only === undefined) {
    throw new Refusal(vscode.l10n.t('There is no recipe (*.maixcam.yaml) in this workspace yet.'), [
      action(vscode.l10n.t('New Model…'), 'maixcam.newModel'),
    ]);
  }
  if (found.length === 1) return only;
  const items = found
    .map((uri) => ({ label: withoutEnding(fileName(uri)), description: shownFolder(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label) || a.description.localeCompare(b.description));
  const picked = await vscode.window.showQuickPick(items, { title: question, matchOnDescription: true });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.uri;
}

/** @throws Refusal without a folder. */
export function requireFolder(): readonly vscode.WorkspaceFolder[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 0) return folders;
  throw new Refusal(vscode.l10n.t('Open a folder first: it holds recipes, pictures and results.'), [
    action(vscode.l10n.t('Open Folder…'), 'vscode.openFolder'),
    action(vscode.l10n.t('Open Sample Workspace'), 'maixcam.openSampleWorkspace'),
  ]);
}

/** @throws Refusal for a file that tools cannot reach (a virtual workspace). */
export function requireDisk(uri: vscode.Uri): void {
  if (uri.scheme === 'file') return;
  if (uri.scheme === 'untitled') {
    throw new Refusal(vscode.l10n.t('{0} is not saved yet. Save it first: runs read it from the disk.', fileName(uri)));
  }
  throw new Refusal(
    vscode.l10n.t(
      '{0} does not lie on a disk of this machine ({1}), so tools cannot read it. Editing help works; to run, open a folder on a disk.',
      fileName(uri),
      uri.scheme,
    ),
  );
}

/** The workspace folder that new files go to: asked only where there are several. */
export async function folderFor(question: string): Promise<vscode.WorkspaceFolder> {
  const folders = requireFolder();
  const onDisk = folders.filter(({ uri }) => uri.scheme === 'file');
  const [first] = folders;
  const [only] = onDisk;
  if (only === undefined) {
    if (first !== undefined) requireDisk(first.uri);
    throw new vscode.CancellationError();
  }
  const active = activeFile();
  const around = active === null ? undefined : vscode.workspace.getWorkspaceFolder(active);
  if (onDisk.length === 1) return only;
  if (around !== undefined && onDisk.includes(around)) return around;
  const items = onDisk.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  const picked = await vscode.window.showQuickPick(items, { title: question });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.folder;
}

export function fileName(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}

function shownFolder(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri, true).split('/').slice(0, -1).join('/');
}

function action(title: string, id: string): { title: string; run: () => Thenable<unknown> } {
  return { title, run: () => vscode.commands.executeCommand(id) };
}
