import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { StepInput } from '../../domain/pipeline/steps';
import { cacheFolder } from '../python/place';
import type { StepContext } from '../pipeline/step';

/** List files name pictures one by one; the folders of that many are watched singly, then the list must do. */
const MOST_FOLDERS = 200;

/**
 * What the stamp of a step that reads the dataset depends on: the dataset YAML, the folders and lists that its splits
 * name, found as the trainer finds them (spec dataset-and-training.md 1.3), and the label folders beside them. A split
 * that is not found makes the whole folder of the YAML count.
 */
export async function datasetInputs(
  context: Pick<StepContext, 'recipe' | 'paths' | 'env'>,
): Promise<readonly StepInput[]> {
  const { paths, recipe, env } = context;
  const data = paths.resolve(recipe.dataset ?? '');
  if (await isFolder(data)) return [{ path: data, by: 'tree' }];
  const inputs = new Map<string, StepInput>([[data, { path: data, by: 'content' }]]);
  const beside = path.dirname(data);
  const text = await readFile(data, 'utf8').catch(() => '');
  for (const entry of splitEntries(text)) {
    const found = await locate(entry, await rootOf(text, beside, paths.folder, env));
    if (found === null) inputs.set(beside, { path: beside, by: 'tree' });
    else if (await isFolder(found)) await addPictureFolder(inputs, found);
    else {
      inputs.set(found, { path: found, by: 'content' });
      for (const folder of await foldersOfList(found, paths.folder)) await addPictureFolder(inputs, folder);
    }
  }
  return [...inputs.values()];
}

async function addPictureFolder(inputs: Map<string, StepInput>, folder: string): Promise<void> {
  for (const each of [folder, labelFolder(folder)]) {
    if (await isFolder(each)) inputs.set(each, { path: each, by: 'tree' });
  }
}

function keysOf(yaml: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = parse(yaml);
    return typeof document === 'object' && document !== null ? (document as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function splitEntries(yaml: string): readonly string[] {
  const keys = keysOf(yaml);
  return ['train', 'val', 'validation', 'test']
    .flatMap((split) => keys[split])
    .filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}

/** `path` from the current folder where it exists there, else below Ultralytics' folder for datasets. */
async function rootOf(yaml: string, beside: string, cwd: string, env: StepContext['env']): Promise<string> {
  const { path: root } = keysOf(yaml);
  if (typeof root !== 'string' || root === '' || root === 'None') return beside;
  const here = path.resolve(cwd, root);
  if (path.isAbsolute(root) || (await exists(here))) return here;
  const datasets = await datasetsFolder(env);
  return datasets === null ? here : path.join(datasets, root);
}

/** `datasets_dir` of the settings that our programs give Ultralytics; its place moved in 8.3.195. */
export async function datasetsFolder(env: StepContext['env']): Promise<string | null> {
  const folder = path.join(cacheFolder(env), 'ultralytics');
  for (const file of [path.join(folder, 'Ultralytics', 'settings.json'), path.join(folder, 'settings.json')]) {
    try {
      const settings = JSON.parse(await readFile(file, 'utf8')) as { readonly datasets_dir?: unknown };
      if (typeof settings.datasets_dir === 'string') return settings.datasets_dir;
    } catch {
      // Not this release's place.
    }
  }
  return null;
}

/** A split that is not there loses one leading `../`: what Roboflow writes. */
async function locate(entry: string, root: string): Promise<string | null> {
  for (const candidate of [entry, entry.replace(/^\.\.\//, '')]) {
    const found = path.resolve(root, candidate);
    if (await exists(found)) return found;
  }
  return null;
}

/** Folders of the pictures in a list file: `./` starts at the list, anything else at the current folder. */
async function foldersOfList(list: string, cwd: string): Promise<readonly string[]> {
  const text = await readFile(list, 'utf8').catch(() => '');
  const folders = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || folders.size >= MOST_FOLDERS) continue;
    const base = line.startsWith('./') ? path.dirname(list) : cwd;
    folders.add(path.dirname(path.resolve(base, line.trim())));
  }
  return [...folders];
}

/** The last `images` in the path becomes `labels` (spec dataset-and-training.md 2.2). */
function labelFolder(folder: string): string {
  const parts = folder.split(path.sep);
  const at = parts.lastIndexOf('images');
  if (at !== -1) parts[at] = 'labels';
  return parts.join(path.sep);
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isDirectory() === true;
}
