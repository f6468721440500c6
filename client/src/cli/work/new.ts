import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { RecipeBoard } from '../../../../server/src/core/recipe/model';
import { writeSampleWorkspace } from '../../host/sample/write-sample';
import type { CommandResult } from '../result';
import type { CommandContext } from '../runtime';

export interface NewOptions {
  readonly task: string;
  readonly board: RecipeBoard;
}

/** Draws the sample dataset and writes it with its recipe. */
export async function makeSample(
  { signal, progress, cwd }: CommandContext,
  directory: string,
  { task, board }: NewOptions,
): Promise<CommandResult> {
  if (task !== 'detect' && task !== 'pose') {
    throw new AppError({
      code: 'SAMPLE_TASK',
      message: `There is no drawn sample for the task ${task}.`,
      hint: 'Use --task detect or --task pose.',
      kind: 'usage',
    });
  }
  const folder = path.resolve(cwd, directory);
  const made = await writeSampleWorkspace({ folder, task, board, signal, progress });
  const { train, val } = made.pictures;
  const recipe = nearPath(cwd, made.recipe);
  return {
    json: {
      folder: made.folder,
      recipe: made.recipe,
      dataset: made.dataset,
      task,
      board,
      pictures: { train, val },
    },
    text: [
      `Made ${nearPath(cwd, made.folder)}: ${train} pictures to train, ${val} to validate, and a recipe.`,
      '',
      'Next, train, convert and compare the model:',
      `  maixcam run ${/\s/.test(recipe) ? JSON.stringify(recipe) : recipe}`,
    ].join('\n'),
  };
}

/** A path as a person would type it: relative where it lies below the current folder. */
function nearPath(cwd: string, file: string): string {
  const relative = path.relative(cwd, file) || '.';
  return relative.startsWith('..') ? file : relative;
}
