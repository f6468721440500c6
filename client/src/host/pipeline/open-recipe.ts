import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { Recipe } from '../../../../server/src/core/recipe/model';
import { readRecipe } from '../../../../server/src/core/recipe/read';
import { RecipePaths } from '../store/paths';

/**
 * Reads a recipe for running it.
 *
 * @throws AppError `RECIPE_NOT_FOUND`, or `RECIPE_INVALID` with every error and its line.
 */
export async function openRecipe(file: string): Promise<{ recipe: Recipe; paths: RecipePaths }> {
  const absolute = path.resolve(file);
  let text: string;
  try {
    text = await readFile(absolute, 'utf8');
  } catch (error) {
    throw new AppError({
      code: 'RECIPE_NOT_FOUND',
      message: `The recipe ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      hint: 'Give the path of a file that ends in .maixcam.yaml; `maixcam new DIR` makes one with a sample dataset.',
      kind: 'usage',
      cause: error,
    });
  }
  const { recipe, problems } = readRecipe(text, path.basename(absolute));
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (recipe === null || errors.length > 0) {
    const lines = errors.map((problem) => `line ${problem.range.start.line + 1}: ${problem.message}`);
    throw new AppError({
      code: 'RECIPE_INVALID',
      message: `The recipe ${path.basename(file)} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}: ${lines.join(' ')}`,
      hint: 'Correct the recipe and run the command again.',
    });
  }
  return { recipe, paths: new RecipePaths(absolute) };
}
