import { access } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { BoardId } from '../../../../server/src/core/board/kinds';
import { BOARD_IDS, boardKind } from '../../../../server/src/core/board/kinds';
import type { RecipeTask } from '../../../../server/src/core/recipe/model';
import { host } from '../host';
import { about } from '../notify';
import type { FlowStep } from '../pick/flow';

/** What is known so far of a new model; paths absolute. */
export interface NewModelAnswers {
  readonly env: Readonly<Record<string, string>>;
  /** The file that the command was called for. */
  readonly given?: string;
  /** The workspace folder that new files go to. */
  readonly root?: string;
  readonly source?: { readonly kind: 'dataset' | 'onnx'; readonly file: string };
  readonly detected?: { readonly name: RecipeTask; readonly reason: string } | null;
  readonly task?: RecipeTask;
  readonly board?: BoardId;
  readonly model?: string;
  /** Calibration of a finished model. */
  readonly pictures?: { readonly kind: 'folder' | 'dataset'; readonly path: string };
  /** Where the recipe is written. */
  readonly folder?: string;
  readonly name?: string;
}

type Step = FlowStep<NewModelAnswers>;
type Choice<T extends string> = vscode.QuickPickItem & { readonly id: T };

const YAML_FILES = '**/*.{yaml,yml}';
const NO_DATASETS = '**/{node_modules,.git,.maixcam,runs,venv,.venv}/**';
const MOST_YAML_FILES = 400;

/** Where the model comes from: a dataset that is there, another one, or a finished ONNX model. */
export const askSource: Step = async ({ given, env, root }, ask) => {
  if (given !== undefined) return await sourceOf(given, env, root);
  const datasets = await foundDatasets();
  const other: readonly Choice<string>[] = [
    { id: '', label: vscode.l10n.t('Other ways'), kind: vscode.QuickPickItemKind.Separator },
    { id: 'browse', label: vscode.l10n.t('$(folder-opened) Dataset YAML elsewhere…') },
    {
      id: 'classes',
      label: vscode.l10n.t('$(files) Folder of pictures sorted by class…'),
      detail: vscode.l10n.t('For classification: train and val, in each a folder for every class'),
    },
    { id: 'onnx', label: vscode.l10n.t('$(circuit-board) Finished ONNX model…') },
    { id: 'sample', label: vscode.l10n.t('$(beaker) No dataset yet: try the sample') },
    { id: 'label', label: vscode.l10n.t('$(link-external) No dataset yet: tools for labelling pictures') },
  ];
  const picked = await ask.pick([...datasets, ...other], {
    placeholder:
      datasets.length === 0
        ? vscode.l10n.t('There is no dataset YAML in this workspace yet. What is the model made from?')
        : vscode.l10n.t('The dataset that the model learns from'),
    active: datasets[0],
  });
  switch (picked.id) {
    case 'browse':
      return await sourceOf(await browse({ filters: { [vscode.l10n.t('Dataset')]: ['yaml', 'yml'] } }), env, root);
    case 'onnx':
      return await sourceOf(await browse({ filters: { ONNX: ['onnx'] } }), env, root);
    case 'classes': {
      const file = await browse({ canSelectFiles: false, canSelectFolders: true });
      const detected = { name: 'classify', reason: vscode.l10n.t('a folder for every class') } as const;
      return { source: { kind: 'dataset', file }, detected, folder: folderOfRecipe(file, root) };
    }
    case 'sample':
      await vscode.commands.executeCommand('maixcam.openSampleWorkspace');
      throw new vscode.CancellationError();
    case 'label':
      await openLabellingTool();
      throw new vscode.CancellationError();
    default:
      return await sourceOf(picked.id, env, root);
  }
};

/** The board that the model is for. */
export const askBoard: Step = async (_answers, ask) => {
  const items = BOARD_IDS.map((id): Choice<BoardId> => {
    const { title, chip, usualSizes } = boardKind(id);
    const sizes = usualSizes.map(({ width, height }) => `${width}×${height}`).join(', ');
    return { id, label: title, description: chip, detail: vscode.l10n.t('Usual input size: {0}', sizes) };
  });
  return { board: (await ask.pick(items, { placeholder: vscode.l10n.t('The board that the model is for') })).id };
};

/** What the model does; the task that the dataset shows comes first. */
export const askTask: Step = async ({ source, detected, board }, ask) => {
  if (source?.kind === 'onnx') {
    const { lookAtOutputs } = await host();
    const work = Promise.resolve().then(() => lookAtOutputs(source.file, board ?? 'maixcam'));
    const look = await about(vscode.Uri.file(source.file), work);
    return { task: look.task ?? 'detect' };
  }
  if (detected?.name === 'classify') return { task: 'classify' };
  const items = TASKS().map(({ id, label, detail }): Choice<RecipeTask> =>
    id === detected?.name
      ? { id, label, detail, description: vscode.l10n.t('as the dataset shows ({0})', detected.reason) }
      : { id, label, detail },
  );
  const active = items.find(({ id }) => id === detected?.name) ?? items[0];
  const sorted = active === undefined ? items : [active, ...items.filter((item) => item !== active)];
  return { task: (await ask.pick(sorted, { placeholder: vscode.l10n.t('What the model does'), active })).id };
};

/** Family and size of the model that is trained. */
export const askModel: Step = async ({ source }, ask) => {
  if (source?.kind === 'onnx') return {};
  const items: readonly Choice<string>[] = [
    { id: 'yolov8n', label: 'YOLOv8n', description: vscode.l10n.t('recommended: fast on every board') },
    { id: 'yolo11n', label: 'YOLO11n', description: vscode.l10n.t('as small, a little more accurate') },
    { id: 'yolov8s', label: 'YOLOv8s', description: vscode.l10n.t('more accurate, about three times the work') },
    { id: 'yolo11s', label: 'YOLO11s', description: vscode.l10n.t('more accurate, about three times the work') },
  ];
  return { model: (await ask.pick(items, { placeholder: vscode.l10n.t('Size of the model') })).id };
};

/** INT8 needs typical pictures: a finished model comes without. */
export const askPictures: Step = async ({ source }, ask) => {
  if (source?.kind !== 'onnx') return {};
  const datasets = await foundDatasets();
  const items: readonly Choice<string>[] = [
    { id: 'folder', label: vscode.l10n.t('$(folder-opened) Folder of pictures…') },
    ...datasets,
  ];
  const picked = await ask.pick(items, {
    placeholder: vscode.l10n.t('Typical pictures, to find the value ranges of the converted model'),
  });
  if (picked.id !== 'folder') return { pictures: { kind: 'dataset', path: picked.id } };
  const folder = await browse({ canSelectFiles: false, canSelectFolders: true });
  return { pictures: { kind: 'folder', path: folder } };
};

/** Name of the recipe and of the model on the board. */
export const askName: Step = async ({ source, folder = '' }, ask) => {
  const { betterName } = await host();
  const isFree = async (name: string): Promise<boolean> =>
    await access(path.join(folder, `${name}.maixcam.yaml`)).then(
      () => false,
      () => true,
    );
  const wanted = nameFrom(source?.file ?? '');
  const base = betterName(wanted) ?? wanted;
  let free = base;
  for (let number = 2; !(await isFree(free)); number += 1) free = `${base}-${number}`;
  const name = await ask.text({
    prompt: vscode.l10n.t('Name of the model, on the board too'),
    value: free,
    validate: async (value) => {
      const better = betterName(value);
      if (better !== null) {
        return vscode.l10n.t('Letters without accents, digits, "-", "_" and "." only; for example {0}', better);
      }
      return (await isFree(value)) ? null : vscode.l10n.t('There is a recipe of this name already.');
    },
  });
  return { name };
};

const TASKS = (): readonly (Choice<RecipeTask> & { readonly detail: string })[] => [
  { id: 'detect', label: vscode.l10n.t('Detect'), detail: vscode.l10n.t('A box around every object') },
  {
    id: 'pose',
    label: vscode.l10n.t('Keypoints'),
    detail: vscode.l10n.t('A box and its keypoints, for example of a hand'),
  },
  { id: 'segment', label: vscode.l10n.t('Segment'), detail: vscode.l10n.t('The outline of every object') },
  { id: 'obb', label: vscode.l10n.t('Rotated boxes'), detail: vscode.l10n.t('A box that turns with its object') },
];

async function sourceOf(
  file: string,
  env: NewModelAnswers['env'],
  root: string | undefined,
): Promise<Partial<NewModelAnswers>> {
  const folder = folderOfRecipe(file, root);
  if (file.toLowerCase().endsWith('.onnx')) return { source: { kind: 'onnx', file }, folder };
  const { lookAtDataset } = await host();
  const { task } = await about(vscode.Uri.file(file), lookAtDataset(file, env));
  return { source: { kind: 'dataset', file }, detected: task, folder };
}

/** Beside the source, whose relative paths hold there; in the workspace where the source lies elsewhere. */
function folderOfRecipe(file: string, root: string | undefined): string {
  const around = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return around === undefined && root !== undefined ? root : path.dirname(file);
}

/** `gesture` of `gesture/data.yaml` and of `gesture.onnx`. */
function nameFrom(file: string): string {
  const base = path.basename(file).replace(/\.[^.]+$/, '');
  return /^(data|dataset|best|last|model)$/i.test(base) ? path.basename(path.dirname(file)) : base;
}

async function foundDatasets(): Promise<readonly Choice<string>[]> {
  const { isDatasetFile } = await host();
  const files = await vscode.workspace.findFiles(YAML_FILES, NO_DATASETS, MOST_YAML_FILES);
  const onDisk = files.filter(({ scheme }) => scheme === 'file');
  const are = await Promise.all(onDisk.map((uri) => isDatasetFile(uri.fsPath)));
  return onDisk
    .filter((_, index) => are[index] === true)
    .map((uri) => ({ id: uri.fsPath, label: `$(database) ${vscode.workspace.asRelativePath(uri)}` }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

async function browse(options: vscode.OpenDialogOptions): Promise<string> {
  const [uri] = (await vscode.window.showOpenDialog(options)) ?? [];
  if (uri === undefined) throw new vscode.CancellationError();
  return uri.fsPath;
}

/** Drawing labels is out of scope (spec decisions.md 4): good tools exist, and their exports are imported. */
async function openLabellingTool(): Promise<void> {
  const tools = [
    { label: 'Label Studio', url: 'https://labelstud.io' },
    { label: 'CVAT', url: 'https://www.cvat.ai' },
    { label: 'X-AnyLabeling', url: 'https://github.com/CVHub520/X-AnyLabeling' },
  ];
  const picked = await vscode.window.showQuickPick(tools, {
    title: vscode.l10n.t('Tools for labelling pictures'),
    placeHolder: vscode.l10n.t('Export in the YOLO format, open that folder here, and run New Model again'),
  });
  if (picked !== undefined) await vscode.env.openExternal(vscode.Uri.parse(picked.url));
}
