import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { BoardId } from '../../../../server/src/core/board/kinds';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { DiskFiles } from '../../../../server/src/node/language-files';
import { datasetsFolder } from '../steps/dataset-inputs';
import type { CheckPlace } from './check-file';

/** Long enough for one run of the program: what it asks the disk for stays as it was. */
const REMEMBER_MS = 60_000;

/**
 * Where files are checked for.
 *
 * @param cwd folder where a training would start, relative to `here`; null: `here`
 * @throws AppError `FOLDER_NOT_FOUND`
 */
export async function checkPlace(
  here: string,
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly cwd: string | null; readonly board: BoardId | null },
): Promise<CheckPlace & { readonly files: DiskFiles }> {
  const cwd = path.resolve(here, options.cwd ?? '.');
  const stats = await stat(cwd).catch(() => null);
  if (stats?.isDirectory() !== true) {
    throw new AppError({
      code: 'FOLDER_NOT_FOUND',
      message: `There is no folder at ${cwd}.`,
      hint: 'Give --cwd the folder in which the training would be started.',
      kind: 'usage',
    });
  }
  const files = new DiskFiles({ rememberMs: REMEMBER_MS });
  // Without settings Ultralytics makes them at its first start, with this folder (spec dataset-and-training.md 1.3).
  const stored = (await datasetsFolder(env)) ?? path.join(cwd, 'datasets');
  return { here, cwd, datasetsFolder: stored, files, board: options.board };
}
