import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { StepContext } from '../pipeline/step';

/** Name of the check's published listing. */
export const DATASET_FILE = 'dataset.json';

/** One picture that the trainer keeps. Paths absolute. */
export interface DatasetPicture {
  readonly image: string;
  /** Null: no label file, a background picture. */
  readonly label: string | null;
}

/** What the trainer's own loader makes of the dataset. */
export interface DatasetListing {
  readonly names: readonly string[];
  /** `[count, values]`; null unless the dataset has keypoints. */
  readonly kptShape: readonly [number, number] | null;
  readonly splits: Readonly<Record<'train' | 'val', readonly DatasetPicture[]>>;
}

/** The published result of the step `check`; null before it. */
export async function readDatasetListing(context: Pick<StepContext, 'paths'>): Promise<DatasetListing | null> {
  try {
    const listing = await readListing(path.join(context.paths.step('check'), DATASET_FILE));
    return withPaths(listing, (file) => context.paths.resolve(file));
  } catch {
    return null;
  }
}

/** Makes the paths of a listing relative to the recipe's folder, so that a moved workspace keeps its results. */
export async function moveListing(file: string, folder: string): Promise<void> {
  const listing = withPaths(await readListing(file), (absolute) => path.relative(folder, absolute));
  await writeFile(file, `${JSON.stringify(listing, null, 1)}\n`);
}

async function readListing(file: string): Promise<DatasetListing> {
  return JSON.parse(await readFile(file, 'utf8')) as DatasetListing;
}

function withPaths(listing: DatasetListing, turn: (file: string) => string): DatasetListing {
  const pictures = (split: readonly DatasetPicture[]): readonly DatasetPicture[] =>
    split.map(({ image, label }) => ({ image: turn(image), label: label === null ? null : turn(label) }));
  const { train, val } = listing.splits;
  return { ...listing, splits: { train: pictures(train), val: pictures(val) } };
}

/** Where calibration pictures come from: a folder of the recipe, or (null) the training pictures of the dataset. */
export function calibrationSource(context: Pick<StepContext, 'recipe' | 'paths'>): { readonly folder: string | null } {
  const { folder } = context.recipe.convert.calibration;
  return { folder: folder === null ? null : context.paths.resolve(folder) };
}

/**
 * The calibration folder of the recipe must be there before anything is trained.
 *
 * @throws AppError `CALIBRATION_FOLDER_NOT_FOUND`.
 */
export async function requireCalibrationFolder(context: Pick<StepContext, 'recipe' | 'paths'>): Promise<void> {
  const { folder } = calibrationSource(context);
  if (folder === null || (await stat(folder).catch(() => null))?.isDirectory() === true) return;
  throw new AppError({
    code: 'CALIBRATION_FOLDER_NOT_FOUND',
    message: `The folder of calibration pictures does not exist (looked for ${folder}).`,
    hint: 'Correct `convert.calibration.folder` in the recipe, relative to the recipe, or leave it out to use the training pictures.',
  });
}

/** All pictures to choose from. */
export async function picturesOf(context: StepContext): Promise<readonly string[]> {
  const { folder } = calibrationSource(context);
  if (folder !== null) {
    const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
    return names.map((name) => path.join(folder, name));
  }
  const listing = await readDatasetListing(context);
  return listing?.splits.train.map((picture) => picture.image) ?? [];
}
