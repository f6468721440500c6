import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isModelFile } from '../../../../server/src/core/recipe/model';
import type { StepInput, StepPlan } from '../../domain/pipeline/steps';
import { epochMessage, headlineMetric, RUN_FOLDER, trainConfig, type TrainMetrics } from '../../domain/train/plan';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import { programCommand, runPythonProgram } from '../python/program';
import { requireDataset } from './check';
import { datasetInputs } from './dataset-inputs';
import { environmentVersion, toolEnvironment } from './environment';
import { requireFile } from './require-file';

const PROGRAM = 'train.py';
export const BEST_WEIGHTS = 'best.pt';
const PUBLISHED = [BEST_WEIGHTS, 'last.pt', 'results.csv', 'args.yaml'] as const;

/** Trains with Ultralytics in the managed environment. */
export const trainStep: Step = {
  name: 'train',

  idle: (context) => (context.recipe.train === null ? 'the recipe starts from an ONNX file' : null),

  async preflight(context): Promise<void> {
    const model = context.recipe.train?.model ?? '';
    if (isModelFile(model)) await requireFile(context.paths.resolve(model), '`train.model`');
  },

  async plan(context): Promise<StepPlan> {
    const { recipe } = context;
    const model = recipe.train?.model ?? '';
    const weights: StepInput[] = isModelFile(model) ? [{ path: context.paths.resolve(model), by: 'content' }] : [];
    return {
      step: 'train',
      needs: ['check'],
      // The check tells which pictures count; what they and their labels hold is told by the files themselves.
      inputs: [...(await datasetInputs(context)), ...weights],
      recipe: { task: recipe.task, train: recipe.train },
      tool: await environmentVersion('train', context, [PROGRAM]),
      commands: [programCommand('train', PROGRAM)],
      outputs: PUBLISHED,
    };
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const { recipe, paths } = context;
    if (recipe.train === null) throw new Error('the recipe does not train');
    const data = await requireDataset(context);
    const environment = await toolEnvironment('train', context);
    const model = isModelFile(recipe.train.model) ? paths.resolve(recipe.train.model) : recipe.train.model;
    const done = await runPythonProgram({
      environment,
      program: PROGRAM,
      config: trainConfig(recipe, recipe.train, { model, data, project: work }),
      cwd: paths.folder,
      env: context.env,
      signal: context.signal,
      logFile: context.logFile,
      onEvent: (event) => reportTraining(event, context),
    });
    await publishRun(work);
    const metrics = done.metrics as TrainMetrics;
    const headline = headlineMetric(metrics);
    return {
      summary: {
        text:
          headline === null
            ? 'trained'
            : `${headline.name} ${headline.value.toFixed(3)}, ${recipe.train.epochs} epochs`,
        metrics,
        callbackSeconds: done.callbackSeconds,
        totalSeconds: done.totalSeconds,
      },
    };
  },
};

function reportTraining(event: Readonly<Record<string, unknown>>, context: StepContext): void {
  const epoch = Number(event.epoch);
  const epochs = Number(event.epochs);
  if (event.event === 'epoch') {
    const eta = typeof event.eta === 'number' ? event.eta : null;
    const message = epochMessage(epoch, epochs, (event.metrics ?? {}) as TrainMetrics, eta);
    context.progress.report({ step: 'train', fraction: epoch / epochs, message, stage: `epoch ${epoch} of ${epochs}` });
  } else if (event.event === 'batch') {
    const within = Number(event.batch) / Number(event.batches);
    const fraction = (epoch - 1 + within) / epochs;
    context.progress.report({
      step: 'train',
      fraction,
      message: `epoch ${epoch} of ${epochs}, batch ${String(event.batch)} of ${String(event.batches)}`,
      stage: `epoch ${epoch} of ${epochs}`,
    });
  }
}

/** Keeps what later steps and people need of the trainer's folder, flat. */
async function publishRun(work: string): Promise<void> {
  const run = path.join(work, RUN_FOLDER);
  for (const name of PUBLISHED) {
    const source = name.endsWith('.pt') ? path.join(run, 'weights', name) : path.join(run, name);
    await copyFile(source, path.join(work, name));
  }
  await rm(run, { recursive: true, force: true });
}
