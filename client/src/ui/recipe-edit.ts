import * as vscode from 'vscode';
import type { RecipeValue } from '../../../server/src/core/recipe/write';
import { host } from './host';
import { about } from './notify';

/**
 * Sets one value of a recipe as its editor has it, and saves it where it had no unsaved changes; comments and order
 * stay. What is not saved is still what later commands read: they save a recipe before they run it.
 *
 * @throws Failure `RECIPE_UNREADABLE`
 */
export async function editRecipeFile(recipe: vscode.Uri, path: readonly string[], value: RecipeValue): Promise<void> {
  const { editRecipe } = await host();
  const document = await vscode.workspace.openTextDocument(recipe);
  const before = document.getText();
  const after = await about(
    recipe,
    Promise.resolve().then(() => editRecipe(before, path, value)),
  );
  if (after === before) return;
  const wasDirty = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(recipe, changedRange(document, before, after), changedText(before, after));
  await vscode.workspace.applyEdit(edit);
  if (!wasDirty) await document.save();
}

/** What differs, so that the cursor and folded parts elsewhere stay. */
function changedRange(document: vscode.TextDocument, before: string, after: string): vscode.Range {
  const [from, toBefore] = difference(before, after);
  return new vscode.Range(document.positionAt(from), document.positionAt(toBefore));
}

function changedText(before: string, after: string): string {
  const [from, , toAfter] = difference(before, after);
  return after.slice(from, toAfter);
}

function difference(before: string, after: string): readonly [from: number, toBefore: number, toAfter: number] {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from += 1;
  let back = 0;
  while (back < shorter - from && before[before.length - 1 - back] === after[after.length - 1 - back]) back += 1;
  // A line feed that is kept of a CR LF pair would not be a position of its own.
  if (before[from - 1] === '\r') from -= 1;
  if (back > 0 && before[before.length - back] === '\n') back -= 1;
  return [from, before.length - back, after.length - back];
}
