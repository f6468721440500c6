import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFailure } from '../../../../server/src/node/write-failure';

/**
 * Makes the folder of a recipe's results. `.maixcam` keeps itself out of Git from its first run on: models and logs of
 * some hundred MB are committed by accident soon. Who removes its `.gitignore` is not contradicted by later runs.
 *
 * @param results `.maixcam/<name>`, absolute
 * @throws AppError where it cannot be written
 */
export async function makeResultsFolder(results: string): Promise<void> {
  const all = path.dirname(results);
  try {
    const first = await mkdir(all, { recursive: true });
    await mkdir(results, { recursive: true });
    if (first !== undefined) await writeFile(path.join(all, '.gitignore'), '*\n');
  } catch (error) {
    throw writeFailure(results, error);
  }
}

/**
 * Takes away what a tool made again of a recipe's folder after that was removed under the run: a trainer makes missing
 * folders when it saves. Only empty folders go: of results, `.maixcam`, and that of the recipe.
 *
 * @param results `.maixcam/<name>`, absolute
 */
export async function removeEmptied(results: string): Promise<void> {
  const all = path.dirname(results);
  for (const folder of [results, all, path.dirname(all)]) {
    const isGone = await rmdir(folder).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
    );
    if (!isGone) return;
  }
}
