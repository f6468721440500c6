import * as vscode from 'vscode';
import type { StepRow } from '../../domain/pipeline/overview';
import type { StepName } from '../../domain/pipeline/steps';
import { Failure } from '../failures';
import { host } from '../host';
import { recipeFor } from '../pick/target';
import { isPipelineNode } from '../pipeline/nodes';
import { pipelineWords, stateWord } from '../pipeline/words';
import type { Services } from '../services';
import type { CommandBody } from './command';

/** *Run Step…*: up to a step of a recipe, with what it needs before; from a row of the pipeline view without a question. */
export const runStep: CommandBody = async (services, target) => {
  const recipe = await recipeFor(target, vscode.l10n.t('Run a step of which recipe?'));
  if (isPipelineNode(target) && target.kind === 'step') {
    await services.jobs.run(recipe, { until: target.step });
    return;
  }
  const { step, force } = await pickStep(services, recipe);
  await services.jobs.run(recipe, { until: step, force });
};

interface StepItem extends vscode.QuickPickItem {
  readonly step: StepName;
}

async function pickStep(services: Services, recipe: vscode.Uri): Promise<{ step: StepName; force: boolean }> {
  const { recipeOverview } = await host();
  const overview = await recipeOverview(recipe.fsPath, {
    env: services.environment(recipe),
    words: pipelineWords(recipe),
  });
  if (overview.error !== null) throw new Failure(overview.error, recipe);
  const picker = vscode.window.createQuickPick<StepItem>();
  const anew: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('debug-restart'),
    tooltip: vscode.l10n.t('Run up to this step, also what is up to date'),
  };
  picker.title = vscode.l10n.t('Run up to which step?');
  picker.placeholder = vscode.l10n.t('Steps that are up to date are skipped; the button at the right runs them anew.');
  picker.matchOnDescription = true;
  picker.items = overview.rows.map((row) => ({ ...itemOf(row), buttons: [anew] }));
  picker.activeItems = picker.items.filter(({ step }) => overview.rows.some((row) => row.next && row.name === step));
  try {
    return await new Promise((resolve, reject) => {
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item !== undefined) resolve({ step: item.step, force: false });
      });
      picker.onDidTriggerItemButton(({ item }) => resolve({ step: item.step, force: true }));
      picker.onDidHide(() => reject(new vscode.CancellationError()));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

function itemOf(row: StepRow): StepItem {
  const [reason = ''] = row.detail.split('\n');
  return {
    step: row.name,
    label: row.title,
    description: stateWord(row.state),
    detail: row.state === 'outdated' && reason !== '' ? reason : row.text,
  };
}
