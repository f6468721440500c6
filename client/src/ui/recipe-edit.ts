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
  const { recipeEdit } = await host();
  const document = await vscode.workspace.openTextDocument(recipe);
  const change = await about(
    recipe,
    Promise.resolve().then(() => recipeEdit(document.getText(), path, value)),
  );
  if (change === null) return;
  const wasDirty = document.isDirty;
  const { start, end } = change.range;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(recipe, new vscode.Range(start.line, start.character, end.line, end.character), change.newText);
  await vscode.workspace.applyEdit(edit);
  if (!wasDirty) await document.save();
}
