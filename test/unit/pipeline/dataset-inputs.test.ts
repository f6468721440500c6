import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { datasetInputs } from '../../../client/src/host/steps/dataset-inputs';
import { useTempFolder } from '../../support/temp-folder';
import { contextIn } from './fixture-steps';

describe('what the stamp of a dataset watches', () => {
  const temp = useTempFolder();

  /** Watched paths relative to the recipe's folder, with how they are told. */
  async function watched(yaml: string): Promise<Record<string, string>> {
    writeFileSync(temp.file('data.yaml'), yaml);
    const inputs = await datasetInputs(contextIn(temp.path));
    return Object.fromEntries(inputs.map((input) => [path.relative(temp.path, input.path), input.by]));
  }

  function folders(...names: readonly string[]): void {
    for (const name of names) mkdirSync(temp.file(name), { recursive: true });
  }

  it('pictures and the labels beside them', async () => {
    folders('images/train', 'images/val', 'labels/train', 'labels/val');
    assert.deepEqual(await watched('train: images/train\nval: images/val\n'), {
      'data.yaml': 'content',
      'images/train': 'tree',
      'labels/train': 'tree',
      'images/val': 'tree',
      'labels/val': 'tree',
    });
  });

  it('folders as Roboflow names them', async () => {
    folders('train/images', 'train/labels', 'valid/images', 'valid/labels');
    const inputs = await watched('train: ../train/images\nval: ../valid/images\n');
    assert.equal(inputs['train/labels'], 'tree');
    assert.equal(inputs['valid/labels'], 'tree');
  });

  it('lists, and the folders of the pictures in them', async () => {
    folders('images/a', 'labels/a');
    writeFileSync(temp.file('train.txt'), './images/a/1.png\n./images/a/2.png\n');
    assert.deepEqual(await watched('train: train.txt\n'), {
      'data.yaml': 'content',
      'train.txt': 'content',
      'images/a': 'tree',
      'labels/a': 'tree',
    });
  });

  it('the whole folder where a split is not found', async () => {
    assert.deepEqual(await watched('train: nowhere\n'), { 'data.yaml': 'content', '': 'tree' });
  });

  it('a path that starts at the recipe', async () => {
    folders('set/images/train', 'set/labels/train');
    const inputs = await watched('path: set\ntrain: images/train\n');
    assert.equal(inputs['set/labels/train'], 'tree');
  });
});
