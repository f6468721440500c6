import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { planCut, type CutPlan } from '../../../server/src/core/onnx/cut/plan';
import { AppError } from '../../../server/src/core/problems/app-error';
import { writeCut } from '../../../server/src/node/write-cut';
import { onnxFixture } from '../../support/onnx-fixtures';
import { canSwitchUser, runAsOtherUser } from '../../support/other-user';
import { smallModel, smallModelPath } from '../../support/small-models';
import { useTempFolder } from '../../support/temp-folder';

const code = (wanted: string) => (thrown: unknown) => thrown instanceof AppError && thrown.code === wanted;

describe('writeCut', () => {
  const temp = useTempFolder();
  let plan: CutPlan;
  let model: string;

  beforeEach(() => {
    const fixture = onnxFixture('heads/u8.4-yolo11-detect');
    plan = planCut(fixture.source, fixture.model, ['output0']);
    model = temp.file('модель.onnx');
    writeFileSync(model, fixture.bytes);
  });

  it('writes the planned bytes and nothing beside them', async () => {
    let last = 0;
    await writeCut(plan, model, temp.file('cut 1.onnx'), { onProgress: (written) => (last = written) });
    assert.equal(readFileSync(temp.file('cut 1.onnx')).length, plan.bytes);
    assert.equal(last, plan.bytes);
    assert.deepEqual(readdirSync(temp.path).sort(), ['cut 1.onnx', 'модель.onnx']);
  });

  it('replaces an older cut at once', async () => {
    writeFileSync(temp.file('cut.onnx'), 'old');
    await writeCut(plan, model, temp.file('cut.onnx'));
    assert.equal(readFileSync(temp.file('cut.onnx')).length, plan.bytes);
  });

  it('does not overwrite the model itself, by whatever name', async () => {
    const before = readFileSync(model);
    symlinkSync(model, temp.file('link.onnx'));
    for (const target of [model, temp.file('link.onnx')]) {
      await assert.rejects(writeCut(plan, model, target), code('CUT_OVERWRITES_SOURCE'));
    }
    assert.ok(before.equals(readFileSync(model)));
  });

  it('names a folder that is not there, and a target that is a folder', async () => {
    await assert.rejects(writeCut(plan, model, temp.file('none/cut.onnx')), code('FOLDER_NOT_FOUND'));
    mkdirSync(temp.file('folder'));
    await assert.rejects(writeCut(plan, model, temp.file('folder')), code('FILE_IS_FOLDER'));
  });

  it('leaves nothing behind when it is cancelled, before and while it copies', async () => {
    writeFileSync(temp.file('cut.onnx'), 'old');
    const signal = AbortSignal.abort();
    await assert.rejects(writeCut(plan, model, temp.file('cut.onnx'), { signal }), code('CANCELLED'));

    // A model of 64 MB, so that the copy has to give way in the middle.
    const large = temp.file('large');
    writeFileSync(large, Buffer.alloc(64 << 20));
    const segments = [{ kind: 'range', file: null, offset: 0, length: 64 << 20 }] as const;
    const abort = new AbortController();
    const onProgress = (): void => abort.abort();
    await assert.rejects(
      writeCut({ ...plan, segments, bytes: 64 << 20 }, large, temp.file('cut.onnx'), {
        signal: abort.signal,
        onProgress,
      }),
      code('CANCELLED'),
    );
    assert.equal(readFileSync(temp.file('cut.onnx'), 'utf8'), 'old');
    assert.deepEqual(readdirSync(temp.path).sort(), ['cut.onnx', 'large', 'модель.onnx']);
  });

  it('notices that the model became shorter', async () => {
    writeFileSync(model, readFileSync(model).subarray(0, 100_000));
    await assert.rejects(writeCut(plan, model, temp.file('cut.onnx')), code('FILE_CHANGED'));
    assert.deepEqual(readdirSync(temp.path), ['модель.onnx']);
  });

  it('tells of a full disk and leaves nothing there', async function () {
    mkdirSync(temp.file('disk'));
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', temp.file('disk')]);
    if (mount.status !== 0) {
      console.warn('    SKIPPED: a small disk can only be mounted by root');
      this.skip();
    }
    try {
      await assert.rejects(writeCut(plan, model, temp.file('disk/cut.onnx')), code('DISK_FULL'));
      assert.deepEqual(readdirSync(temp.file('disk')), []);
    } finally {
      spawnSync('umount', [temp.file('disk')]);
    }
  });

  it('tells of a folder that may not be written to', async function () {
    this.timeout(30_000);
    if (!canSwitchUser()) {
      console.warn('    SKIPPED: only root can run a program as another user');
      this.skip();
    }
    mkdirSync(temp.file('mine'));
    chmodSync(temp.file('mine'), 0o755);
    const args = ['cut', 'модель.onnx', '-o', 'mine/cut.onnx', '--outputs', 'output0', '--json'];
    const run = await runAsOtherUser(temp.path, args);
    const { error } = JSON.parse(run.stdout) as { error: { code: string } };
    assert.equal(error.code, 'FOLDER_NOT_WRITABLE');
    assert.equal(run.status, 1);
    assert.deepEqual(readdirSync(temp.file('mine')), []);
  });
});

describe('writeCut with external data', () => {
  const temp = useTempFolder();
  const external = (): CutPlan => {
    const { source, model } = smallModel('external');
    return planCut(source, model, ['y']);
  };

  beforeEach(() => {
    copyFileSync(smallModelPath('external'), temp.file('external.onnx'));
  });

  it('names the missing file', async () => {
    const written = writeCut(external(), temp.file('external.onnx'), temp.file('cut.onnx'));
    await assert.rejects(written, code('ONNX_EXTERNAL_MISSING'));
    assert.deepEqual(readdirSync(temp.path), ['external.onnx']);
  });

  it('notices that the file is too short', async () => {
    writeFileSync(temp.file('external.weights'), Buffer.alloc(1000));
    const written = writeCut(external(), temp.file('external.onnx'), temp.file('cut.onnx'));
    await assert.rejects(written, code('FILE_CHANGED'));
    assert.deepEqual(readdirSync(temp.path).sort(), ['external.onnx', 'external.weights']);
  });

  it('does not follow a reference out of the folder', async () => {
    for (const file of ['../secret', '/etc/hostname']) {
      const plan = { ...external(), externalFiles: [file] };
      const written = writeCut(plan, temp.file('external.onnx'), temp.file('cut.onnx'));
      await assert.rejects(written, code('ONNX_EXTERNAL_UNSAFE'));
    }
  });
});
