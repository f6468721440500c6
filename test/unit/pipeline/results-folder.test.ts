import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeEmptied } from '../../../client/src/host/store/results-folder';
import { useTempFolder } from '../../support/temp-folder';

describe('folder of the results: removed under a run', () => {
  const temp = useTempFolder();

  it('goes with the folders around it that a tool has made again', async () => {
    mkdirSync(temp.file('models/.maixcam/one'), { recursive: true });
    await removeEmptied(temp.file('models/.maixcam/one'));
    assert.ok(!existsSync(temp.file('models')));
    assert.ok(existsSync(temp.path));
  });

  it('goes too where the innermost is gone already', async () => {
    mkdirSync(temp.file('models/.maixcam'), { recursive: true });
    await removeEmptied(temp.file('models/.maixcam/one'));
    assert.ok(!existsSync(temp.file('models')));
  });

  for (const kept of ['models/.maixcam/one/stamp.json', 'models/.maixcam/other.txt', 'models/one.maixcam.yaml']) {
    it(`stays where it holds ${path.basename(kept)}`, async () => {
      mkdirSync(temp.file('models/.maixcam/one'), { recursive: true });
      writeFileSync(temp.file(kept), '');
      await removeEmptied(temp.file('models/.maixcam/one'));
      assert.ok(existsSync(temp.file(kept)));
    });
  }
});
