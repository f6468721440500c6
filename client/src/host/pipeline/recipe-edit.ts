import { difference } from '../../../../server/src/core/recipe/fixes/recipe-edit';
import { editRecipe, type RecipeValue } from '../../../../server/src/core/recipe/write';
import { LineIndex } from '../../../../server/src/core/text/line-index';

/**
 * One edit of a recipe's text that sets a value, comments and order kept; null where the text has it already.
 *
 * @throws AppError `RECIPE_UNREADABLE`
 */
export function recipeEdit(
  text: string,
  path: readonly string[],
  value: RecipeValue,
): ReturnType<typeof difference> | null {
  const after = editRecipe(text, path, value);
  return after === text ? null : difference(text, after, new LineIndex(text));
}
