import path from 'node:path';
import * as vscode from 'vscode';
import type { RecipeBoard, RecipeTask } from '../../../../server/src/core/recipe/model';
import { host } from '../host';
import { about } from '../notify';
import { fileOf, folderFor, requireDisk } from '../pick/target';
import { runFlow } from '../pick/flow';
import { askBoard, askModel, askName, askPictures, askSource, askTask, type NewModelAnswers } from './new-model-steps';
import type { CommandBody } from './command';

/**
 * *New Model…*: from a dataset YAML (or a finished ONNX model) to a recipe: its source, task, board, model and name;
 * what can be found out is not asked. Writes one new file and opens it.
 */
export const newModel: CommandBody = async (services, target) => {
  const given = fileOf(target);
  if (given !== null) requireDisk(given);
  const fallback = given === null ? await folderFor(vscode.l10n.t('New model in which folder?')) : null;
  const env = services.environment(given ?? fallback?.uri);
  const answers = await runFlow<NewModelAnswers>(
    vscode.l10n.t('New Model'),
    {
      env,
      ...(given === null ? {} : { given: given.fsPath }),
      ...(fallback === null ? {} : { root: fallback.uri.fsPath }),
    },
    [askSource, askBoard, askTask, askModel, askPictures, askName],
  );
  const { source, folder, name } = answers;
  if (source === undefined || folder === undefined || name === undefined) throw new vscode.CancellationError();
  const { pathInRecipe, writeNewRecipe } = await host();
  const file = await about(
    vscode.Uri.file(source.file),
    writeNewRecipe(folder, name, {
      board: answers.board ?? DEFAULT_BOARD,
      task: answers.task ?? DEFAULT_TASK,
      source:
        source.kind === 'dataset'
          ? { dataset: pathInRecipe(folder, source.file), model: answers.model }
          : { onnx: pathInRecipe(folder, source.file), pictures: picturesInRecipe(answers, pathInRecipe, folder) },
    }),
  );
  services.log.info(`new recipe ${file}`);
  await vscode.window.showTextDocument(vscode.Uri.file(file));
};

const DEFAULT_BOARD: RecipeBoard = 'maixcam';
const DEFAULT_TASK: RecipeTask = 'detect';

function picturesInRecipe(
  { pictures, source }: NewModelAnswers,
  relative: (folder: string, from: string) => string,
  folder: string,
): { readonly folder: string } | { readonly dataset: string } {
  if (pictures === undefined) return { folder: relative(folder, path.dirname(source?.file ?? folder)) };
  const written = relative(folder, pictures.path);
  return pictures.kind === 'folder' ? { folder: written } : { dataset: written };
}
