import * as vscode from 'vscode';
import { host } from '../host';
import { Refusal } from '../failures';
import { tellFailure } from '../notify';
import { recipeFor } from '../pick/target';
import type { Services } from '../services';
import { nextStepColour } from './next-step';
import { isPipelineNode, isTreeNode, type StepNode } from './nodes';
import { offer, showResult, stepAction } from './results';
import { RunLogs } from './run-log';
import { PipelineView } from './view';

/** The pipeline view with the commands of its rows. Reads nothing before the view is shown. */
export function registerPipelineView(context: vscode.ExtensionContext, services: Services): void {
  const view = new PipelineView(services);
  const logs = new RunLogs();
  const rowOf = (node: StepNode) => {
    const overview = view.tree.overview(node.recipe);
    const row = overview?.rows.find(({ name }) => name === node.step);
    return overview === undefined || row === undefined ? null : { overview, row };
  };

  const open = async (node: StepNode, file: string): Promise<void> => {
    if (await showResult(file)) return;
    void view.tree.refresh(node.recipe);
    await offer(node, vscode.l10n.t('{0} is not there any more.', file), ['run'], null);
  };
  const commands: Record<string, (argument: unknown) => Promise<void>> = {
    'maixcam.refreshPipeline': () => view.refresh(),
    // A click on a row.
    'maixcam.openStep': async (argument) => {
      const node = argument as StepNode;
      const found = rowOf(node);
      if (found === null) return;
      const action = stepAction(found.overview, found.row);
      if (action.kind === 'log') await logs.show(action.log, node.step);
      else if (action.kind === 'open') await open(node, action.file);
      else if (action.kind === 'push') await vscode.commands.executeCommand('maixcam.pushToBoard', node);
      else await offer(node, action.message, action.offers, found.row.error);
    },
    'maixcam.openResult': async (argument) => {
      if (!isPipelineNode(argument) || argument.kind !== 'step') return;
      const [file] = rowOf(argument)?.row.outputs ?? [];
      if (file !== undefined) await open(argument, file);
    },
    'maixcam.showRunLog': async (argument) => {
      const recipe = isTreeNode(argument)
        ? argument.recipe
        : await recipeFor(argument, vscode.l10n.t('Show the log of which recipe?'));
      const log = view.tree.overview(recipe)?.job?.log ?? (await (await host()).currentJob(recipe.fsPath))?.log ?? null;
      if (log === null) throw new Refusal(vscode.l10n.t('This recipe has not been run yet, so there is no log.'));
      await logs.show(log, isTreeNode(argument) && argument.kind === 'step' ? argument.step : null);
    },
    'maixcam.openRecipe': async (argument) => {
      const recipe = isTreeNode(argument)
        ? argument.recipe
        : await recipeFor(argument, vscode.l10n.t('Open which recipe?'));
      await openRecipe(recipe);
    },
  };
  context.subscriptions.push(view, logs, vscode.window.registerFileDecorationProvider(nextStepColour));
  for (const [id, run] of Object.entries(commands)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        try {
          await run(argument);
        } catch (thrown) {
          await tellFailure(services, id, thrown);
        }
      }),
    );
  }
}

/** Opens a recipe, at its first error where it has one. */
async function openRecipe(recipe: vscode.Uri): Promise<void> {
  const [first] = recipe.scheme === 'file' ? await (await host()).recipeErrors(recipe.fsPath) : [];
  if (first === undefined) {
    await vscode.window.showTextDocument(recipe);
    return;
  }
  const { start, end } = first.range;
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(recipe, { selection });
}
