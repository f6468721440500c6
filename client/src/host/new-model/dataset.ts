import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { looksLikeDataset } from '../../../../server/src/core/dataset/looks-like';
import { readRecipe } from '../../../../server/src/core/recipe/read';
import type { RecipeTask } from '../../../../server/src/core/recipe/model';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { readFailure } from '../../../../server/src/node/file-source';
import type { Environment } from '../process/environment';
import { datasetInputs } from '../steps/dataset-inputs';
import { RecipePaths } from '../store/paths';
import { newRecipeText } from './recipe-text';

/** What a new recipe needs to know of a dataset. */
export interface DatasetLook {
  /** Class names in order; empty where the file does not say. */
  readonly names: readonly string[];
  /** The task that the file and its labels are for, and what shows it; null where nothing does. */
  readonly task: { readonly name: RecipeTask; readonly reason: string } | null;
}

/** Enough to tell boxes from polygons; the rest of a large dataset says the same. */
const LABEL_FILES = 20;
/** `class x1 y1 … x4 y4` */
const OBB_TOKENS = 9;
const BOX_TOKENS = 5;

/**
 * Looks at a dataset YAML: its classes, and the task as its keys and label files show it (spec
 * dataset-and-training.md 1.4, 2.4).
 *
 * @throws AppError `DATASET_UNREADABLE`, `DATASET_NOT_ONE` where the file is no dataset YAML
 */
export async function lookAtDataset(file: string, env: Environment): Promise<DatasetLook> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError({
      code: 'DATASET_UNREADABLE',
      message: readFailure(file, error).message,
      hint: 'Choose another file.',
      cause: error,
    });
  }
  const keys = keysOf(text);
  if (keys === null || !looksLikeDataset(text, file)) {
    throw new AppError({
      code: 'DATASET_NOT_ONE',
      message: `${path.basename(file)} does not describe a dataset: it names no folders of pictures (train, val) with classes (names).`,
      hint: 'Choose the data.yaml of a dataset in the YOLO format, as Roboflow, CVAT or Label Studio export it.',
    });
  }
  const names = namesOf(keys.names);
  if (keys.kpt_shape !== undefined) return { names, task: { name: 'pose', reason: 'kpt_shape' } };
  return { names, task: await taskOfLabels(file, env) };
}

/** Whether a file is worth being offered as a dataset. */
export async function isDatasetFile(file: string): Promise<boolean> {
  return looksLikeDataset(await readFile(file, 'utf8').catch(() => ''), file);
}

async function taskOfLabels(dataset: string, env: Environment): Promise<DatasetLook['task']> {
  const folders = await labelFolders(dataset, env);
  const lengths = new Set<number>();
  let files = 0;
  for (const folder of folders) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.txt')).sort();
    for (const name of names.slice(0, LABEL_FILES - files)) {
      files += 1;
      const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
      for (const line of text.split(/\r\n|\r|\n/)) {
        const tokens = line.trim().split(/\s+/).filter(Boolean).length;
        if (tokens > 0) lengths.add(tokens);
      }
    }
  }
  if (lengths.size === 0) return null;
  const reason = `labels of ${[...lengths]
    .sort((a, b) => a - b)
    .slice(0, 3)
    .join(', ')} numbers`;
  if ([...lengths].every((tokens) => tokens === BOX_TOKENS)) return { name: 'detect', reason };
  if ([...lengths].every((tokens) => tokens === OBB_TOKENS)) return { name: 'obb', reason };
  return { name: 'segment', reason };
}

/** The folders of labels, found as the trainer finds them. */
async function labelFolders(dataset: string, env: Environment): Promise<readonly string[]> {
  const paths = new RecipePaths(path.join(path.dirname(dataset), 'new.maixcam.yaml'));
  const text = newRecipeText({ board: 'maixcam', task: 'detect', source: { dataset: path.basename(dataset) } });
  const { recipe } = readRecipe(text, paths.recipe);
  if (recipe === null) return [];
  const inputs = await datasetInputs({ recipe, paths, env });
  return inputs
    .filter(({ by, path: folder }) => by === 'tree' && folder.split(path.sep).includes('labels'))
    .map((input) => input.path);
}

function keysOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const content: unknown = parse(text);
    return typeof content === 'object' && content !== null ? (content as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** A list, or a mapping from number to name. */
function namesOf(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value ?? {});
  return list.map(String);
}
