import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { recipeFileProblems } from '../../../../server/src/core/recipe/file-problems';
import { RECIPE_SUFFIX, type Recipe } from '../../../../server/src/core/recipe/model';
import type { Problem } from '../../../../server/src/core/problems/problem';
import { readRecipe } from '../../../../server/src/core/recipe/read';
import { shownText } from '../../../../server/src/core/text/file-form';
import { readFailure } from '../../../../server/src/node/file-source';
import { RecipePaths } from '../store/paths';
import { RecipeInvalid } from './recipe-invalid';

/**
 * Reads a recipe for running it.
 *
 * @throws AppError `RECIPE_NAME` (another kind of file), `RECIPE_NOT_FOUND`, or RecipeInvalid with the errors and
 *   their places.
 */
export async function openRecipe(file: string): Promise<{ recipe: Recipe; paths: RecipePaths }> {
  const absolute = path.resolve(file);
  // A model or a dataset given by mistake must not come back as pages of YAML errors.
  const isFile = (await stat(absolute).catch(() => null))?.isFile() === true;
  if (isFile && !file.toLowerCase().endsWith(RECIPE_SUFFIX)) {
    throw new AppError({
      code: 'RECIPE_NAME',
      message: `${file} is no recipe: the name of a recipe ends in ${RECIPE_SUFFIX}.`,
      hint: `Give the recipe's path, or rename the file if it is one. \`maixcam new DIR\` makes one with a sample dataset.`,
      kind: 'usage',
    });
  }
  let bytes: Uint8Array;
  try {
    bytes = await readFile(absolute);
  } catch (error) {
    throw new AppError({
      code: 'RECIPE_NOT_FOUND',
      message: readFailure(file, error).message,
      hint: 'Give the path of a file that ends in .maixcam.yaml; `maixcam new DIR` makes one with a sample dataset.',
      kind: 'usage',
      cause: error,
    });
  }
  const { recipe, problems } = readRecipe(shownText(bytes), path.basename(absolute));
  // Where the bytes are no text, what the text says is not what the person wrote.
  const stored = recipeFileProblems(bytes).filter(isError);
  const errors = stored.length > 0 ? stored : problems.filter(isError);
  if (recipe === null || errors.length > 0) throw new RecipeInvalid(file, path.basename(file), errors);
  return { recipe, paths: new RecipePaths(absolute) };
}

function isError({ severity }: Pick<Problem, 'severity'>): boolean {
  return severity === 'error';
}

/** The errors for which a recipe cannot be run, in the order of the text; none also where the file cannot be read. */
export async function recipeErrors(file: string): Promise<readonly Problem[]> {
  try {
    await openRecipe(file);
    return [];
  } catch (error) {
    return error instanceof RecipeInvalid ? error.problems : [];
  }
}
