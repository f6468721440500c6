import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { publish, renameOn } from '../../../client/src/host/store/publish';
import { useTempFolder } from '../../support/temp-folder';

describe('publication of a result', () => {
  const folder = useTempFolder();
  const result = (name: string, text: string): string => {
    mkdirSync(folder.file(name));
    writeFileSync(folder.file(`${name}/text`), text);
    return folder.file(name);
  };

  it('replaces the old result', async () => {
    const target = result('cut', 'old');
    await publish(result('.work-cut', 'new'), target);
    assert.equal(readFileSync(folder.file('cut/text'), 'utf8'), 'new');
    assert.deepEqual(readdirSync(folder.path), ['cut']);
  });

  it('leaves the old result in its place where it fails', async () => {
    const target = result('cut', 'old');
    await assert.rejects(publish(folder.file('.work-gone'), target));
    assert.equal(readFileSync(folder.file('cut/text'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder.path), ['cut']);
  });

  it('waits on Windows for whoever holds the folder, and nowhere else', async () => {
    let held = 2;
    const whileHeld = (from: string, to: string): Promise<void> => {
      if (held === 0) return rename(from, to);
      held -= 1;
      return Promise.reject(Object.assign(new Error('busy'), { code: held === 1 ? 'EBUSY' : 'EPERM' }));
    };
    const from = result('from', 'x');
    await assert.rejects(renameOn('linux', whileHeld)(from, folder.file('to')), { code: 'EBUSY' });
    held = 2;
    await renameOn('win32', whileHeld)(from, folder.file('to'));
    assert.ok(existsSync(folder.file('to')));
    await assert.rejects(renameOn('win32')(folder.file('gone'), folder.file('to2')), { code: 'ENOENT' });
  });
});
