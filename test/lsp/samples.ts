import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A text of each language: as it should be, and with one problem that has a preferred fix. */
export interface Sample {
  readonly language: string;
  readonly languageId: string;
  readonly name: string;
  readonly good: string;
  readonly broken: string;
  /** Code of the one problem of `broken`. */
  readonly code: string;
  /** A place in `good` about which there is something to say. */
  readonly hover: { readonly line: number; readonly character: number };
  /** A new line at the end of `good` gets this suggestion among others. */
  readonly suggestion: string;
  /** Names of the outermost symbols of `good`. */
  readonly symbols: readonly string[];
  /** Commands of the lenses of `good`. */
  readonly lenses: readonly string[];
}

export const RECIPE: Sample = {
  language: 'recipe',
  languageId: 'maixcam-recipe',
  name: 'cats.maixcam.yaml',
  good: 'board: maixcam\ntask: detect\ndataset: data.yaml\ntrain:\n  model: yolov8n\n',
  broken: 'board: maixcam\ntask: detect\ndataset: data.yaml\ntrain:\n  model: yolov8n\n  epoch: 3\n',
  code: 'RECIPE003',
  hover: { line: 0, character: 2 },
  suggestion: 'deploy',
  symbols: ['board', 'task', 'dataset', 'train'],
  lenses: ['maixcam.runPipeline', 'maixcam.pushToBoard'],
};

export const DATASET: Sample = {
  language: 'dataset',
  languageId: 'yaml',
  name: 'data.yaml',
  good: 'train: images/train\nval: images/val\nnc: 2\nnames: [cat, dog]\n',
  broken: 'train: images/train\nvalidation: images/val\nnc: 2\nnames: [cat, dog]\n',
  code: 'DATA006',
  hover: { line: 3, character: 2 },
  suggestion: 'test',
  symbols: ['train', 'val', 'nc', 'names'],
  lenses: ['maixcam.newModel'],
};

export const MUD: Sample = {
  language: 'MUD',
  languageId: 'maixcam-mud',
  name: 'cats.mud',
  good: [
    '[basic]',
    'type = cvimodel',
    'model = cats.cvimodel',
    '',
    '[extra]',
    'model_type = yolov8',
    'input_type = rgb',
    'mean = 0, 0, 0',
    'scale = 0.00392156862745098, 0.00392156862745098, 0.00392156862745098',
    'labels = cat, dog',
    '',
  ].join('\n'),
  broken: [
    '[basic]',
    'type = cvimodel',
    'model = cats.cvimodel',
    '',
    '[extra]',
    'model_type = yolov8',
    'input_typ = rgb',
    'mean = 0, 0, 0',
    'scale = 0.00392156862745098, 0.00392156862745098, 0.00392156862745098',
    'labels = cat, dog',
    '',
  ].join('\n'),
  code: 'MUD032',
  hover: { line: 5, character: 2 },
  suggestion: 'input_layout',
  symbols: ['basic', 'extra'],
  lenses: ['maixcam.pushToBoard'],
};

export const SAMPLES: readonly Sample[] = [RECIPE, DATASET, MUD];

/** Writes a sample and the files that it refers to; returns the sample's URI. */
export function place(folder: string, sample: Sample, text: string = sample.good): string {
  for (const split of ['train', 'val']) {
    mkdirSync(path.join(folder, 'images', split), { recursive: true });
    writeFileSync(path.join(folder, 'images', split, `${split}.png`), '');
  }
  for (const one of SAMPLES) writeFileSync(path.join(folder, one.name), one.good);
  writeFileSync(path.join(folder, 'cats.cvimodel'), '');
  const file = path.join(folder, sample.name);
  writeFileSync(file, text);
  return pathToFileURL(file).href;
}
