import { access } from 'node:fs/promises';
import { AppError } from '../../../../server/src/core/problems/app-error';

/**
 * A file that the recipe names must be there before any step runs.
 *
 * @param key the recipe's key, as the message names it.
 * @throws AppError `RECIPE_FILE_NOT_FOUND`.
 */
export async function requireFile(file: string, key: string): Promise<void> {
  await access(file).catch((error: unknown) => {
    throw new AppError({
      code: 'RECIPE_FILE_NOT_FOUND',
      message: `The file that ${key} names does not exist (looked for ${file}).`,
      hint: `Correct ${key} in the recipe: paths are relative to the recipe.`,
      cause: error,
    });
  });
}
