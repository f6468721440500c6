import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRecipe } from '../../../server/src/core/recipe/read';
import { AppError } from '../../../server/src/core/problems/app-error';
import type { StepName, StepPlan } from '../../../client/src/domain/pipeline/steps';
import type { EngineContext } from '../../../client/src/host/pipeline/engine';
import type { Step } from '../../../client/src/host/pipeline/step';
import { silentProgress } from '../../../client/src/host/process/progress';
import { RecipePaths } from '../../../client/src/host/store/paths';

/** A small step that copies `source` (or the result of the step before) and counts its runs. */
export interface CopyStep extends Step {
  runs: number;
}

export function copyStep(name: StepName, from: { readonly file: string } | { readonly step: StepName }): CopyStep {
  const input = 'file' in from ? from.file : null;
  const step: CopyStep = {
    name,
    runs: 0,
    plan: (context): Promise<StepPlan> =>
      Promise.resolve({
        step: name,
        needs: 'step' in from ? [from.step] : [],
        inputs: input === null ? [] : [{ path: context.paths.resolve(input), by: 'content' }],
        recipe: context.recipe.export,
        tool: '1',
        commands: [],
        outputs: ['out.txt'],
      }),
    run: async (context, _plan, work) => {
      step.runs += 1;
      const source =
        'file' in from ? context.paths.resolve(from.file) : path.join(context.paths.step(from.step), 'out.txt');
      const text = await readFile(source, 'utf8');
      await writeFile(path.join(work, 'out.txt'), `${name}:${text}`);
      if (text.includes('boom')) {
        throw new AppError({ code: 'BOOM', message: 'The input says boom.', hint: 'Write something else.' });
      }
      return { summary: { text } };
    },
  };
  return step;
}

/** A context over the recipe `<folder>/r.maixcam.yaml`. */
export function contextIn(
  folder: string,
  signal: AbortSignal = new AbortController().signal,
  size = '320x224',
): EngineContext {
  const text = `board: maixcam\ndataset: data.yaml\ntrain: { model: yolov8n }\nexport: { size: ${size} }\n`;
  const { recipe } = readRecipe(text, 'r.maixcam.yaml');
  if (recipe === null) throw new Error('the recipe of the test is not valid');
  return {
    recipe,
    paths: new RecipePaths(path.join(folder, 'r.maixcam.yaml')),
    signal,
    progress: silentProgress,
    env: {},
    push: {},
  };
}
