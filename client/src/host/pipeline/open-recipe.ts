import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { RECIPE_SUFFIX, type Recipe } from '../../../../server/src/core/recipe/model';
import { readRecipe } from '../../../../server/src/core/recipe/read';
import { readFailure } from '../../../../server/src/node/file-source';
import { RecipePaths } from '../store/paths';

/** More would push the first ones, which often cause the others, off the screen. */
const SHOWN_ERRORS = 10;

/**
 * Reads a recipe for running it.
 *
 * @throws AppError `RECIPE_NAME` (another kind of file), `RECIPE_NOT_FOUND`, or `RECIPE_INVALID` with the errors and
 *   their lines.
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
  let text: string;
  try {
    text = await readFile(absolute, 'utf8');
  } catch (error) {
    throw new AppError({
      code: 'RECIPE_NOT_FOUND',
      message: readFailure(file, error).message,
      hint: 'Give the path of a file that ends in .maixcam.yaml; `maixcam new DIR` makes one with a sample dataset.',
      kind: 'usage',
      cause: error,
    });
  }
  const { recipe, problems } = readRecipe(text, path.basename(absolute));
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (recipe === null || errors.length > 0) {
    const lines = errors.map((problem) => `line ${problem.range.start.line + 1}: ${problem.message}`);
    const more = lines.length - SHOWN_ERRORS;
    if (more > 0) lines.splice(SHOWN_ERRORS, more, `and ${more} more.`);
    throw new AppError({
      code: 'RECIPE_INVALID',
      message: `The recipe ${path.basename(file)} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}:\n  ${lines.join('\n  ')}`,
      hint: 'Correct the recipe and run the command again.',
    });
  }
  return { recipe, paths: new RecipePaths(absolute) };
}
