import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { MAX_TEXT_BYTES, replaceFile, textFileBytes } from '../../../server/src/node/replace-file';
import { useTempFolder } from '../../support/temp-folder';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

describe('rewriting a text file', () => {
  const folder = useTempFolder();

  const onlyTheFile = (): void => assert.deepEqual(readdirSync(folder.path), ['a.mud']);

  it('writes what the change answers', async () => {
    writeFileSync(folder.file('a.mud'), 'old');
    const changed = await replaceFile(folder.file('a.mud'), (bytes) => {
      assert.equal(new TextDecoder().decode(bytes), 'old');
      return text('new');
    });
    assert.equal(changed, true);
    assert.equal(readFileSync(folder.file('a.mud'), 'utf8'), 'new');
    onlyTheFile();
  });

  it('leaves the file alone where the change has nothing to write', async () => {
    writeFileSync(folder.file('a.mud'), 'old');
    assert.equal(await replaceFile(folder.file('a.mud'), () => null), false);
    assert.equal(readFileSync(folder.file('a.mud'), 'utf8'), 'old');
    onlyTheFile();
  });

  it('refuses a folder, and a pipe without waiting for its writer', async function () {
    await assert.rejects(
      replaceFile(folder.path, () => text('new')),
      { code: 'FILE_IS_FOLDER' },
    );
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [folder.file('pipe')]);
    await assert.rejects(
      replaceFile(folder.file('pipe'), () => text('new')),
      { code: 'FILE_NOT_READABLE' },
    );
    assert.deepEqual(readdirSync(folder.path), ['pipe']);
  });

  it('does not overwrite what another program writes meanwhile', async () => {
    writeFileSync(folder.file('a.mud'), 'old');
    const work = replaceFile(folder.file('a.mud'), () => {
      writeFileSync(folder.file('a.mud'), 'of another program');
      return text('new');
    });
    await assert.rejects(work, { code: 'FILE_CHANGED' });
    assert.equal(readFileSync(folder.file('a.mud'), 'utf8'), 'of another program');
    onlyTheFile();
  });

  it('leaves nothing behind when the change fails', async () => {
    writeFileSync(folder.file('a.mud'), 'old');
    const work = replaceFile(folder.file('a.mud'), () => {
      throw new Error('a defect');
    });
    await assert.rejects(work, /a defect/);
    onlyTheFile();
  });

  it('says why: no file, a folder, too large', async () => {
    await assert.rejects(
      replaceFile(folder.file('none.mud'), () => null),
      { code: 'FILE_NOT_FOUND' },
    );
    mkdirSync(folder.file('folder'));
    await assert.rejects(
      replaceFile(folder.file('folder'), () => null),
      { code: 'FILE_IS_FOLDER' },
    );
    writeFileSync(folder.file('large.mud'), '');
    truncateSync(folder.file('large.mud'), MAX_TEXT_BYTES + 1);
    await assert.rejects(
      replaceFile(folder.file('large.mud'), () => null),
      { code: 'FILE_TOO_LARGE' },
    );
    assert.equal(await textFileBytes(folder.file('large.mud')), null);
    assert.equal(await textFileBytes(folder.file('folder')), null);
    assert.equal(await textFileBytes(folder.file('none.mud')), null);
  });
});
