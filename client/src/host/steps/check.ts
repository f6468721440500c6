import { access, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { StepInput, StepPlan } from '../../domain/pipeline/steps';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import { programCommand, runPythonProgram } from '../python/program';
import { environmentVersion, toolEnvironment } from './environment';
import { DATASET_FILE } from './pictures';

const PROGRAM = 'check_dataset.py';

/** The dataset as the trainer's own loader sees it: which pictures it keeps, or why it stops. */
export const checkStep: Step = {
  name: 'check',

  idle: (context) => (context.recipe.dataset === null ? 'the recipe names no dataset' : null),

  async plan(context): Promise<StepPlan> {
    const { recipe } = context;
    return {
      step: 'check',
      needs: [],
      inputs: await datasetInputs(context),
      recipe: { dataset: recipe.dataset, task: recipe.task },
      tool: await environmentVersion('train', context),
      commands: [programCommand('train', PROGRAM)],
      outputs: [DATASET_FILE],
    };
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const data = await requireDataset(context);
    const environment = await toolEnvironment('train', context);
    const done = await runPythonProgram({
      environment,
      program: PROGRAM,
      config: { data, task: context.recipe.task, listing: path.join(work, DATASET_FILE) },
      cwd: context.paths.folder,
      env: context.env,
      signal: context.signal,
      logFile: context.logFile,
      onEvent: (event) => {
        if (event.event !== 'progress') return;
        const message = String(event.message);
        context.progress.report({ step: 'check', fraction: null, message, stage: 'scanning the dataset' });
      },
    });
    const splits = done.splits as Readonly<Record<string, SplitCounts>>;
    const { train, val } = splits;
    const pictures = sum(splits, 'images');
    const objects = sum(splits, 'objects');
    const dropped = sum(splits, 'corrupt');
    const notes = dropped === 0 ? 'none dropped' : `${dropped} dropped by the trainer`;
    return {
      summary: {
        text: `${pictures} pictures (${train?.images ?? 0} + ${val?.images ?? 0}), ${objects} objects, ${notes}`,
        splits,
      },
    };
  },
};

interface SplitCounts {
  readonly images: number;
  readonly backgrounds: number;
  readonly corrupt: number;
  readonly objects: number;
}

function sum(splits: Readonly<Record<string, SplitCounts>>, key: keyof SplitCounts): number {
  return Object.values(splits).reduce((total, split) => total + split[key], 0);
}

/**
 * The dataset's absolute path. A path that does not exist is told before any tool starts.
 *
 * @throws AppError `DATASET_NOT_FOUND`.
 */
export async function requireDataset(context: StepContext): Promise<string> {
  const { dataset } = context.recipe;
  const data = context.paths.resolve(dataset ?? '');
  try {
    await access(data);
    return data;
  } catch (error) {
    throw new AppError({
      code: 'DATASET_NOT_FOUND',
      message: `The dataset ${dataset ?? ''} does not exist (looked for ${data}).`,
      hint: 'Correct `dataset` in the recipe: the path of the data.yaml, relative to the recipe.',
      cause: error,
    });
  }
}

/**
 * What the stamp of the check depends on: the dataset YAML, and the folders that its splits name with the label
 * folders beside them. The trainer's own resolution decides what is read; here only changes have to be noticed, so a
 * folder that the trainer would look for elsewhere is covered by watching the folder of the YAML.
 */
async function datasetInputs(context: StepContext): Promise<readonly StepInput[]> {
  const data = context.paths.resolve(context.recipe.dataset ?? '');
  const found = await stat(data).catch(() => null);
  if (found?.isDirectory() === true) return [{ path: data, by: 'tree' }];
  const inputs: StepInput[] = [{ path: data, by: 'content' }];
  const text = await readFile(data, 'utf8').catch(() => '');
  for (const folder of splitFolders(text, path.dirname(data), context.paths.folder)) {
    const there = await stat(folder).catch(() => null);
    if (there !== null) inputs.push({ path: folder, by: there.isDirectory() ? 'tree' : 'content' });
  }
  return inputs;
}

function splitFolders(yaml: string, besideYaml: string, cwd: string): readonly string[] {
  let document: unknown;
  try {
    document = parse(yaml);
  } catch {
    return [];
  }
  if (typeof document !== 'object' || document === null) return [];
  const keys = document as Readonly<Record<string, unknown>>;
  const root = typeof keys.path === 'string' && keys.path !== '' ? path.resolve(cwd, keys.path) : besideYaml;
  const folders = new Set<string>();
  for (const split of ['train', 'val', 'validation', 'test']) {
    const value = keys[split];
    for (const entry of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof entry !== 'string' || entry === '') continue;
      const folder = path.resolve(root, entry);
      folders.add(folder);
      folders.add(labelFolder(folder));
    }
  }
  return [...folders].sort();
}

/** The last `images` in the path becomes `labels` (dataset-and-training.md 2.2). */
function labelFolder(folder: string): string {
  const parts = folder.split(path.sep);
  const at = parts.lastIndexOf('images');
  if (at !== -1) parts[at] = 'labels';
  return parts.join(path.sep);
}
