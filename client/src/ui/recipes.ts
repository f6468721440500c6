import path from 'node:path';
import * as vscode from 'vscode';

const PATTERN = '**/*.maixcam.yaml';
/** Copies in packages and in results are nobody's recipes. */
const EXCLUDED = '**/{node_modules,.git,.maixcam}/**';

/** The recipes of the workspace. */
export interface FoundRecipes {
  /** Such as lie on a disk, by folder and path. */
  readonly recipes: readonly vscode.Uri[];
  /** Such as lie on none; nothing can be run there. */
  readonly virtual: readonly vscode.Uri[];
}

export async function findRecipes(): Promise<FoundRecipes> {
  const all = await vscode.workspace.findFiles(PATTERN, EXCLUDED);
  return {
    recipes: all.filter(({ scheme }) => scheme === 'file').sort(byFolderAndPath),
    virtual: all.filter(({ scheme }) => scheme !== 'file'),
  };
}

export function isRecipe(uri: vscode.Uri): boolean {
  return uri.path.toLowerCase().endsWith('.maixcam.yaml');
}

/** `shapes` of `shapes.maixcam.yaml`; of a path the folder stays. */
export function withoutEnding(file: string): string {
  return file.replace(/\.maixcam\.yaml$/i, '');
}

/**
 * What is written beside a recipe's name: the workspace folder where there are several, and the folder in it where
 * another recipe has the same name.
 */
export function whereOf(recipe: vscode.Uri, all: readonly vscode.Uri[]): string {
  const folder = vscode.workspace.getWorkspaceFolder(recipe);
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const name = path.basename(recipe.fsPath);
  const twins = all.filter((other) => path.basename(other.fsPath) === name);
  const inside = path.dirname(vscode.workspace.asRelativePath(recipe, false));
  const parts: string[] = [];
  if (several && folder !== undefined) parts.push(folder.name);
  const sameFolder = twins.filter((other) => vscode.workspace.getWorkspaceFolder(other)?.index === folder?.index);
  if (sameFolder.length > 1 && inside !== '.') parts.push(inside);
  return parts.join('/');
}

/** The recipe to which a file in a results folder (`<folder>/.maixcam/<name>/…`) belongs; null for any other file. */
export function recipeOfResult(file: vscode.Uri): { readonly recipe: vscode.Uri; readonly inside: string } | null {
  const match = /^(.*)\/\.maixcam\/([^/]+)(?:\/(.*))?$/.exec(file.path);
  if (match === null) return null;
  const [, folder = '', name = '', inside = ''] = match;
  return { recipe: file.with({ path: `${folder}/${name}.maixcam.yaml` }), inside };
}

function byFolderAndPath(a: vscode.Uri, b: vscode.Uri): number {
  const folder = (uri: vscode.Uri): number => vscode.workspace.getWorkspaceFolder(uri)?.index ?? -1;
  return folder(a) - folder(b) || (a.path < b.path ? -1 : 1);
}
