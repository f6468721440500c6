import * as vscode from 'vscode';
import type { BoardId } from '../../../../server/src/core/board/kinds';
import { BOARD_IDS, boardKind } from '../../../../server/src/core/board/kinds';
import { Refusal } from '../failures';
import { host } from '../host';
import { about, tellResult } from '../notify';
import { activeFile, fileName, fileOf, recipeFor, requireDisk } from '../pick/target';
import { editRecipeFile } from '../recipe-edit';
import type { Services } from '../services';
import type { CommandBody } from './command';
import { pickOutputs } from './pick-outputs';

/**
 * *Choose Outputs…*: where a model is cut. For a recipe the choice is written into it; for an ONNX file by itself it
 * becomes a new recipe, or goes to the clipboard. Reads the graph only, so it needs no trust.
 */
export const chooseOutputs: CommandBody = async (services, target) => {
  const file = fileOf(target) ?? activeFile();
  if (file?.path.toLowerCase().endsWith('.onnx') === true) {
    requireDisk(file);
    await forModel(services, file);
  } else await forRecipe(services, await recipeFor(target, vscode.l10n.t('Choose the outputs of which recipe?')));
};

async function forRecipe(services: Services, recipe: vscode.Uri): Promise<void> {
  const { onnxOfRecipe } = await host();
  const { file, exists, board, outputs } = await about(recipe, onnxOfRecipe(recipe.fsPath));
  if (!exists) {
    throw new Refusal(
      vscode.l10n.t('{0} has no ONNX model yet: it is exported after the training.', fileName(recipe)),
      [
        {
          title: vscode.l10n.t('Run Step…'),
          run: () => vscode.commands.executeCommand('maixcam.runStep', recipe),
        },
      ],
    );
  }
  const chosen = await pickOutputs(vscode.Uri.file(file), board, outputs);
  await editRecipeFile(recipe, ['outputs'], chosen);
  await tellResult(
    services,
    chosen === 'auto'
      ? vscode.l10n.t('{0}: the outputs are found from the graph.', fileName(recipe))
      : vscode.l10n.t('{0}: {1} outputs were written into the recipe.', fileName(recipe), chosen.length),
    [{ title: vscode.l10n.t('Open Recipe'), run: () => vscode.window.showTextDocument(recipe) }],
  );
}

async function forModel(services: Services, model: vscode.Uri): Promise<void> {
  const board = await pickBoard();
  const chosen = await pickOutputs(model, board, 'auto');
  const { lookAtOutputs } = await host();
  const names = chosen === 'auto' ? (lookAtOutputs(model.fsPath, board).recommended?.names ?? null) : chosen;
  const copy = {
    title: vscode.l10n.t('Copy Names'),
    run: () => vscode.env.clipboard.writeText((names ?? []).join('\n')),
  };
  await tellResult(
    services,
    names === null
      ? vscode.l10n.t(
          '{0}: a recipe with "outputs: auto" cuts it there and makes the tensors that the graph lacks.',
          fileName(model),
        )
      : vscode.l10n.t('{0}: {1}', fileName(model), names.join(', ')),
    [
      {
        title: vscode.l10n.t('New Model from It…'),
        run: () => vscode.commands.executeCommand('maixcam.newModel', model),
      },
      ...(names === null ? [] : [copy]),
    ],
  );
}

async function pickBoard(): Promise<BoardId> {
  const items = BOARD_IDS.map((id) => ({ id, label: boardKind(id).title, description: boardKind(id).chip }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Outputs for which board?') });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.id;
}
