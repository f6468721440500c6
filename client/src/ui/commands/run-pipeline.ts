import * as vscode from 'vscode';
import { recipeFor } from '../pick/target';
import type { CommandBody } from './command';

/** *Run Pipeline*: every step that is out of date, from the dataset to the board. */
export const runPipeline: CommandBody = async ({ jobs }, target) => {
  const recipe = await recipeFor(target, vscode.l10n.t('Run which pipeline?'));
  await jobs.run(recipe, {});
};

/** *Convert…*: the steps up to the converted model and its MUD. */
export const convert: CommandBody = async ({ jobs }, target) => {
  const recipe = await recipeFor(target, vscode.l10n.t('Convert the model of which recipe?'));
  await jobs.run(recipe, { until: 'mud' });
};
