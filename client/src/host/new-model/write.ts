import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { RECIPE_SUFFIX, safeModelName } from '../../../../server/src/core/recipe/model';
import { writeFailure } from '../../../../server/src/node/write-failure';
import { newRecipeText, type NewRecipe } from './recipe-text';

/**
 * Writes a new recipe into a folder; a file that is there already stays as it is.
 *
 * @param name name of the model, as `safeModelName` gives it
 * @returns absolute path of the recipe
 * @throws AppError `RECIPE_EXISTS` and those of `writeFailure`
 */
export async function writeNewRecipe(folder: string, name: string, recipe: NewRecipe): Promise<string> {
  const file = path.join(folder, `${name}${RECIPE_SUFFIX}`);
  try {
    await writeFile(file, newRecipeText(recipe), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(file, error);
    throw new AppError({
      code: 'RECIPE_EXISTS',
      message: `There is a recipe ${name}${RECIPE_SUFFIX} already; it was left as it is.`,
      hint: 'Choose another name.',
      cause: error,
    });
  }
  return file;
}

/** A file or folder as a recipe in `folder` names it: relative with `/`, as recipes are written on every system. */
export function pathInRecipe(folder: string, from: string): string {
  return path.relative(folder, from).split(path.sep).join('/') || '.';
}

/** Why a name cannot be that of a model, with the nearest that can; null where it can. */
export function betterName(name: string): string | null {
  const safe = safeModelName(name);
  return safe === name ? null : safe;
}
