import { access } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { StepPlan } from '../../domain/pipeline/steps';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import { programCommand, runPythonProgram } from '../python/program';
import { datasetInputs } from './dataset-inputs';
import { environmentVersion, requireEnvironmentFor, toolEnvironment } from './environment';
import { DATASET_FILE, moveListing } from './pictures';

const PROGRAM = 'check_dataset.py';

/** The dataset as the trainer's own loader sees it: which pictures it keeps, or why it stops. */
export const checkStep: Step = {
  name: 'check',

  idle: (context) => (context.recipe.dataset === null ? 'the recipe names no dataset' : null),

  async preflight(context): Promise<void> {
    if (context.recipe.dataset === null) return;
    await requireDataset(context);
    await requireEnvironmentFor('check', 'train', context);
  },

  async plan(context): Promise<StepPlan> {
    const { recipe } = context;
    return {
      step: 'check',
      needs: [],
      inputs: await datasetInputs(context),
      recipe: { dataset: recipe.dataset, task: recipe.task },
      tool: await environmentVersion('train', context, [PROGRAM]),
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
    await moveListing(path.join(work, DATASET_FILE), context.paths.folder);
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
export async function requireDataset(context: Pick<StepContext, 'recipe' | 'paths'>): Promise<string> {
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
