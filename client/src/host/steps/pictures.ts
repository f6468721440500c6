import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
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
export async function readDatasetListing(context: StepContext): Promise<DatasetListing | null> {
  try {
    return JSON.parse(await readFile(path.join(context.paths.step('check'), DATASET_FILE), 'utf8')) as DatasetListing;
  } catch {
    return null;
  }
}

/** Where calibration pictures come from: a folder of the recipe, or (null) the training pictures of the dataset. */
export function calibrationSource(context: StepContext): { readonly folder: string | null } {
  const { folder } = context.recipe.convert.calibration;
  return { folder: folder === null ? null : context.paths.resolve(folder) };
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
