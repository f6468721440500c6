import * as vscode from 'vscode';
import { looksLikeDataset } from '../../../../server/src/core/dataset/looks-like';

/** How much of a YAML is looked at to tell a dataset from everything else. */
const LOOKED_AT = 64 * 1024;

/** Languages whose documents are always ours. */
export const OWN_LANGUAGES: readonly string[] = ['maixcam-mud', 'maixcam-recipe'];

/**
 * Whether the language server is to see a document: MUD files and recipes, and YAML that describes a dataset (spec
 * decisions.md 5). Read-only views, such as an older version in a comparison, get no problems.
 */
export function qualifies(document: vscode.TextDocument): boolean {
  const { languageId, uri } = document;
  const isOwn = OWN_LANGUAGES.includes(languageId);
  if (!isOwn && languageId !== 'yaml') return false;
  if (uri.scheme !== 'untitled' && vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true) return false;
  return isOwn || looksLikeDataset(beginning(document), uri.path);
}

function beginning(document: vscode.TextDocument): string {
  const end = document.positionAt(LOOKED_AT);
  return document.getText(new vscode.Range(new vscode.Position(0, 0), end));
}
