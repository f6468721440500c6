import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readRecipe } from '../../../server/src/core/recipe/read';
import { pathInRecipe, writeNewRecipe } from '../../../client/src/host/new-model/write';
import { useTempFolder } from '../../support/temp-folder';

describe('a new recipe', () => {
  const folder = useTempFolder();

  it('names files as recipes do, also the folder that it stands in itself', () => {
    assert.equal(pathInRecipe(folder.path, folder.file('data.yaml')), 'data.yaml');
    assert.equal(pathInRecipe(folder.path, path.join(path.dirname(folder.path), 'other', 'a.onnx')), '../other/a.onnx');
    assert.equal(pathInRecipe(folder.path, folder.path), '.');
  });

  it('is valid with the pictures beside it, and never written over another one', async () => {
    const source = { onnx: 'model.onnx', pictures: { folder: pathInRecipe(folder.path, folder.path) } };
    const file = await writeNewRecipe(folder.path, 'shapes', { board: 'maixcam', task: 'detect', source });
    const { recipe, problems } = readRecipe(readFileSync(file, 'utf8'), path.basename(file));
    assert.ok(recipe !== null);
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    const again = writeNewRecipe(folder.path, 'shapes', { board: 'maixcam2', task: 'detect', source });
    await assert.rejects(again, { code: 'RECIPE_EXISTS' });
    assert.match(readFileSync(file, 'utf8'), /maixcam$/m);
  });
});
