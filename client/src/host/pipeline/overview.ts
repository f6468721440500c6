import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { boardKind } from '../../../../server/src/core/board/kinds';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { TASK_SUFFIX, type Recipe } from '../../../../server/src/core/recipe/model';
import type { RecipeOverview } from '../../domain/pipeline/overview';
import { jobSummary, overviewOf, type MadeResult, type StepFacts } from '../../domain/pipeline/rows';
import { ENGLISH, type PipelineWords } from '../../domain/pipeline/words';
import { currentJob } from '../jobs/current-job';
import { silentProgress } from '../process/progress';
import { pipelineSteps } from '../steps';
import { readOutputs } from '../steps/outputs';
import type { RecipePaths } from '../store/paths';
import type { Stamp } from '../store/stamp';
import { lookAtSteps, type StepLook } from './look';
import { openRecipe } from './open-recipe';

export interface OverviewOptions {
  /** Variables of the process: where tools and settings are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Default: English. */
  readonly words?: PipelineWords;
}

/**
 * The pipeline of a recipe as things are now, ready to be shown; nothing runs. A recipe that cannot be used gives an
 * overview with its `error`; something that is missing for a step is told in its row.
 */
export async function recipeOverview(recipeFile: string, options: OverviewOptions): Promise<RecipeOverview> {
  const absolute = path.resolve(recipeFile);
  const words = options.words ?? ENGLISH;
  const job = await currentJob(absolute);
  let opened: { readonly recipe: Recipe; readonly paths: RecipePaths };
  try {
    opened = await openRecipe(absolute);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const { code, message, hint } = thrown;
    const summary = job === null ? null : jobSummary(job);
    return { recipe: absolute, description: message, error: { code, message, hint }, rows: [], job: summary };
  }
  const { recipe, paths } = opened;
  const engine = {
    recipe,
    paths,
    signal: options.signal ?? new AbortController().signal,
    progress: silentProgress,
    env: options.env,
    push: {},
  };
  const steps: StepFacts[] = [];
  for await (const look of lookAtSteps(pipelineSteps, engine, { preflight: true, pushByStamp: true })) {
    steps.push(await factsOf(look, paths));
  }
  const description = await describe(recipe, paths, words);
  return overviewOf({ recipe: absolute, description, steps, job }, words);
}

async function factsOf(look: StepLook, paths: RecipePaths): Promise<StepFacts> {
  const { error, blocks } = look;
  return {
    name: look.step,
    idle: look.idle,
    needs: look.plan?.needs ?? [],
    commands: look.plan?.commands ?? [],
    reason: look.reason,
    missing:
      error === null ? null : { code: error.code, message: error.message, hint: error.hint, kind: error.kind, blocks },
    made: look.stamp === null ? null : await madeBy(look.stamp, paths),
  };
}

async function madeBy(stamp: Stamp, paths: RecipePaths): Promise<MadeResult> {
  const folder = paths.step(stamp.step);
  const { mtimeMs } = await stat(paths.stamp(stamp.step)).catch(() => ({ mtimeMs: 0 }));
  return {
    seconds: stamp.seconds,
    text: stamp.summary.text,
    problem: stamp.problem,
    outputs: stamp.outputs.map((output) => path.join(folder, output.path)),
    at: mtimeMs,
  };
}

/** `MaixCAM · yolov8n detect · 3 classes` */
async function describe(recipe: Recipe, paths: RecipePaths, words: PipelineWords): Promise<string> {
  const file = path.basename(recipe.train?.model ?? recipe.onnx ?? '');
  const suffix = TASK_SUFFIX[recipe.task];
  const model = suffix !== '' && file.endsWith(suffix) ? file.slice(0, -suffix.length) : file;
  const classes = await countClasses(recipe, paths);
  const counted = classes === null ? [] : [words.classes(classes)];
  return [boardKind(recipe.board).title, `${model} ${recipe.task}`, ...counted].join(' · ');
}

/** A dataset YAML is a few lines; something larger is not read for a number. */
const LARGEST_DATASET_FILE = 1 << 20;

async function countClasses(recipe: Recipe, paths: RecipePaths): Promise<number | null> {
  if (recipe.labels !== 'auto') return recipe.labels.length;
  if (recipe.dataset !== null) {
    const file = paths.resolve(recipe.dataset);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() === true && found.size <= LARGEST_DATASET_FILE) {
      const names = namesOf(await readFile(file, 'utf8').catch(() => ''));
      if (names !== null) return names;
    }
  }
  return (await readOutputs({ paths }))?.classes ?? null;
}

/** Number of `names` of a dataset YAML, a list or a mapping (spec dataset-and-training.md 1). */
function namesOf(yaml: string): number | null {
  try {
    const names = (parse(yaml) as { readonly names?: unknown } | null)?.names;
    return typeof names === 'object' && names !== null ? Object.keys(names).length : null;
  } catch {
    return null;
  }
}
