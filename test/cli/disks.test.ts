import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { errorOf, maixcam } from '../support/cli';
import { unpackModel, YOLOV8 } from '../support/model-files';
import { canSwitchUser, runAsOtherUser, type ProgramRun } from '../support/other-user';
import { processesMentioning } from '../support/processes';

const MEGABYTE = 1 << 20;

function half(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.work-|\.part$|\.tmp$|\.old$|\.lock/.test(name),
  );
}

describe('a full disk (a file system in memory: needs root and the right to mount)', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam full dïsk '));
  const disk = path.join(folder, 'disk');
  let mounted = false;

  before(function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    unpackModel(folder, YOLOV8);
  });
  beforeEach(function () {
    mkdirSync(disk, { recursive: true });
    // The cut of this model has 1.5 MB.
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]).status === 0;
    if (!mounted) this.skip();
  });
  afterEach(() => {
    if (mounted) spawnSync('umount', [disk]);
    mounted = false;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('cut: nothing half-made, and what was there stays', async () => {
    const out = path.join(disk, 'cut.onnx');
    writeFileSync(out, 'an older cut');
    const end = await maixcam(['cut', path.join(folder, 'model.onnx'), '-o', out, '--board', 'maixcam', '--json']);
    assert.equal(end.status, 1, end.stdout);
    assert.equal(errorOf(end).code, 'DISK_FULL');
    assert.match(errorOf(end).hint, /space/);
    assert.deepEqual(readdirSync(disk), ['cut.onnx']);
    assert.equal(readFileSync(out, 'utf8'), 'an older cut');
  });

  it('new: nothing half-made', async () => {
    const end = await maixcam(['new', path.join(disk, 'sample'), '--json']);
    assert.equal(end.status, 1, end.stdout);
    assert.equal(errorOf(end).code, 'DISK_FULL');
    assert.deepEqual(readdirSync(disk), []);
  });

  function recipe(): string {
    mkdirSync(path.join(disk, 'pictures'));
    const file = path.join(disk, 'r.maixcam.yaml');
    const onnx = JSON.stringify(path.join(folder, 'model.onnx'));
    writeFileSync(file, `board: maixcam\nonnx: ${onnx}\nconvert: { calibration: { folder: pictures } }\n`);
    return file;
  }

  it('run: the step that met it fails, what was done before stays, and it goes on with more space', async () => {
    const file = recipe();
    const end = await maixcam(['run', file, '--until', 'cut', '--json']);
    assert.equal(end.status, 1, end.stdout);
    assert.equal(errorOf(end).code, 'DISK_FULL');
    assert.ok(errorOf(end).message.includes(path.join(disk, '.maixcam/r/cut/r.onnx')), 'no name of a working folder');
    const states = Object.fromEntries(
      (end.json?.steps as { name: string; state: string }[]).map(({ name, state }) => [name, state]),
    );
    assert.equal(states.outputs, 'done');
    assert.equal(states.cut, 'failed');
    assert.ok(!existsSync(path.join(disk, '.maixcam/r/cut')));
    assert.deepEqual(half(disk), []);
    assert.deepEqual(processesMentioning(folder), []);

    assert.equal(spawnSync('mount', ['-o', 'remount,size=8m', disk]).status, 0);
    const again = await maixcam(['run', file, '--until', 'cut', '--json']);
    assert.equal(again.status, 0, again.stdout);
  });

  it('run: a disk without a single free block', async () => {
    const file = recipe();
    assert.throws(() => {
      for (let index = 0; ; index += 1) writeFileSync(path.join(disk, `filler${index}`), Buffer.alloc(MEGABYTE / 16));
    }, /ENOSPC/);
    const end = await maixcam(['run', file, '--until', 'cut', '--json']);
    assert.equal(end.status, 1, end.stdout);
    assert.equal(errorOf(end).code, 'DISK_FULL');
    assert.match(errorOf(end).hint, /space/);
    assert.deepEqual(half(disk), []);
  });
});

describe('a folder that may not be written (another user: needs root)', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam nür lesen '));
  const locked = path.join(folder, 'locked');

  before(function () {
    if (!canSwitchUser()) this.skip();
    mkdirSync(path.join(locked, 'pictures'), { recursive: true });
    unpackModel(locked, YOLOV8);
    writeFileSync(
      path.join(locked, 'r.maixcam.yaml'),
      'board: maixcam\nonnx: model.onnx\nconvert: { calibration: { folder: pictures } }\n',
    );
    chmodSync(locked, 0o755);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function errorIn(run: ProgramRun): ReturnType<typeof errorOf> {
    assert.equal(run.status, 1, run.stdout + run.stderr);
    return errorOf({ ...run, json: JSON.parse(run.stdout) as Record<string, unknown> });
  }

  const CALLS: readonly (readonly [string, readonly string[]])[] = [
    ['cut', ['cut', 'locked/model.onnx', '-o', 'locked/cut.onnx', '--board', 'maixcam']],
    ['run', ['run', 'locked/r.maixcam.yaml', '--until', 'cut']],
    ['new', ['new', 'locked/sample']],
  ];
  for (const [title, args] of CALLS) {
    it(`${title}: named, and nothing is written`, async () => {
      const before = readdirSync(locked);
      const error = errorIn(await runAsOtherUser(folder, [...args, '--json']));
      assert.equal(error.code, 'FOLDER_NOT_WRITABLE');
      assert.ok(error.message.includes('locked'), error.message);
      assert.match(error.hint, /permissions|another folder/);
      assert.deepEqual(readdirSync(locked), before);
    });
  }

  it('a recipe and a model that may not be read', async () => {
    const secret = path.join(locked, 'secret.maixcam.yaml');
    const model = path.join(locked, 'secret.onnx');
    for (const file of [secret, model]) writeFileSync(file, 'x', { mode: 0o600 });
    const recipe = await runAsOtherUser(folder, ['run', secret, '--json']);
    assert.equal(recipe.status, 2);
    assert.match(recipe.stdout, /not allowed to read .*secret\.maixcam\.yaml/);
    assert.match(errorIn(await runAsOtherUser(folder, ['onnx', model, '--json'])).message, /not allowed|permission/i);
  });
});
