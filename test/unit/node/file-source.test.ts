import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { AppError } from '../../../server/src/core/problems/app-error';
import { openFileSource } from '../../../server/src/node/file-source';
import { canSwitchUser, runAsOtherUser } from '../../support/other-user';
import { useTempFolder } from '../../support/temp-folder';

const code = (wanted: string) => (thrown: unknown) => thrown instanceof AppError && thrown.code === wanted;

describe('openFileSource', () => {
  const temp = useTempFolder();

  it('reads the same bytes as the file holds, at any position and length', () => {
    const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
    writeFileSync(temp.file('bytes'), content);
    const source = openFileSource(temp.file('bytes'));
    try {
      assert.equal(source.size, content.length);
      const offsets = fc.oneof(
        fc.nat(content.length + 10),
        fc.nat(4).map((block) => block * 65_536),
      );
      fc.assert(
        fc.property(offsets, fc.oneof(fc.nat(20), fc.nat(200_000)), (offset, length) => {
          assert.deepEqual(
            Buffer.from(source.read(offset, length)),
            Buffer.from(content.slice(offset, offset + length)),
          );
        }),
        { seed: 11, numRuns: 300 },
      );
    } finally {
      source.close();
    }
  });

  it('gives its descriptor back once, however often it is closed', () => {
    writeFileSync(temp.file('x'), 'abc');
    const source = openFileSource(temp.file('x'));
    source.close();
    source.close();
    assert.throws(() => source.read(0, 1));
  });

  it('names a missing file', () => {
    assert.throws(() => openFileSource(temp.file('none.onnx')), code('FILE_NOT_FOUND'));
    writeFileSync(temp.file('file'), '');
    assert.throws(() => openFileSource(temp.file('file/none.onnx')), code('FILE_NOT_FOUND'));
  });

  it('names a folder', () => {
    mkdirSync(temp.file('models'));
    assert.throws(() => openFileSource(temp.file('models')), code('FILE_IS_FOLDER'));
  });

  it('does not wait for a pipe', function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [temp.file('pipe')]);
    assert.throws(() => openFileSource(temp.file('pipe')), code('FILE_NOT_READABLE'));
  });

  it('names a file that may not be read', async function () {
    this.timeout(30_000);
    if (!canSwitchUser()) {
      console.warn('    SKIPPED: only root can run a program as another user');
      this.skip();
    }
    writeFileSync(temp.file('secret.onnx'), 'abc');
    chmodSync(temp.file('secret.onnx'), 0o600);
    const run = await runAsOtherUser(temp.path, ['verify', 'secret.onnx', '--against', 'secret.onnx', '--json']);
    const { error } = JSON.parse(run.stdout) as { error: { code: string; message: string } };
    assert.equal(error.code, 'FILE_NOT_READABLE');
    assert.match(error.message, /secret\.onnx/);
    assert.equal(run.status, 1);
  });
});
