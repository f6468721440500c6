import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProcess } from '../../client/src/host/process/run';
import { createEnvironment } from '../../client/src/host/python/create';
import { environmentVariables, findEnvironment, listEnvironments } from '../../client/src/host/python/environments';
import { MARKER } from '../../client/src/host/python/stamp';
import type { PythonEnvironment } from '../../client/src/host/python/variables';
import { takeLock } from '../../client/src/host/store/lock';
import { failure } from '../support/failure';

const RUNTIME = ['libc.so.6', 'libgcc_s.so.1', 'libm.so.6', 'libpthread.so.0', 'libstdc++.so.6'];
const TPU_MLIR = path.join('lib', 'python3.10', 'site-packages', 'tpu_mlir');

describe('managed environments, really made', function () {
  this.timeout(1_800_000);
  let train: PythonEnvironment;
  let convert: PythonEnvironment;
  let folder: string;

  before(async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    train = await createEnvironment('train');
    convert = await createEnvironment('convert');
    folder = mkdtempSync(path.join(tmpdir(), 'maixcam-envs-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('hold what the tools need, and are found at once', async () => {
    assert.equal(train.packages.ultralytics, '8.4.190');
    assert.equal(convert.packages['tpu-mlir'], '1.30.2');
    assert.match(convert.pythonVersion, /^3\.10\./);
    const started = performance.now();
    assert.deepEqual(await findEnvironment('train'), train);
    assert.deepEqual(await createEnvironment('convert'), convert);
    assert.ok(performance.now() - started < 200);
    const reports = await listEnvironments();
    for (const one of reports.filter((report) => report.managed)) {
      assert.equal(one.state, 'ready');
      assert.deepEqual(one.missing, []);
      assert.ok((one.bytes ?? 0) > 1e9);
    }
  });

  it('run the converter, its C runtime set aside where it does not fit', async () => {
    const run = (command: string, args: readonly string[]) =>
      runProcess({ command, args, cwd: folder, env: environmentVariables(convert) });
    const help = await run('model_transform.py', ['--help']);
    assert.equal(help.exitCode, 0, help.tail);
    assert.match(help.tail, /--output_names/);
    const inPlace = RUNTIME.filter((name) => existsSync(path.join(convert.folder, TPU_MLIR, 'lib/third_party', name)));
    const moved = path.join(convert.folder, 'maixcam-moved');
    const aside = existsSync(moved) ? readdirSync(moved).sort() : [];
    // All five or none: which of them depends on this system's glibc.
    assert.deepEqual([...inPlace, ...aside].sort(), RUNTIME);
    assert.ok(inPlace.length === 0 || aside.length === 0);
  });

  it('name the trap in an environment that a person brought, and leave it as it is', async function () {
    const moved = path.join(convert.folder, 'maixcam-moved');
    if (!existsSync(moved)) this.skip();
    const brought = path.join(folder, 'brought');
    layOutUnrepaired(brought, convert.folder, moved);
    const libraries = path.join(brought, TPU_MLIR, 'lib', 'third_party');
    const before = readdirSync(libraries).sort();
    const env = {
      ...process.env,
      MAIXCAM_ENV_DIR: path.join(folder, 'cache'),
      MAIXCAM_CONVERT_PYTHON: path.join(brought, 'bin', 'python'),
    };
    const error = await failure(findEnvironment('convert', { env }));
    assert.equal(error.code, 'ENV_BROUGHT_BROKEN');
    assert.equal(error.kind, 'missing-tool');
    assert.match(error.message, /C runtime.*libc\.so\.6/);
    assert.ok(error.hint.includes(libraries), error.hint);
    assert.deepEqual(readdirSync(libraries).sort(), before);

    // Cured by hand, as the hint says, it is taken, and remembered.
    for (const name of RUNTIME) rmSync(path.join(libraries, name));
    const found = await findEnvironment('convert', { env });
    assert.equal(found?.managed, false);
    assert.equal(found.packages['tpu-mlir'], '1.30.2');
    const started = performance.now();
    assert.deepEqual(await findEnvironment('convert', { env }), found);
    assert.ok(performance.now() - started < 200);
  });

  it('leave nothing half-made when they are cancelled', async () => {
    const cache = path.join(folder, 'cancelled');
    const abort = new AbortController();
    const said: string[] = [];
    const error = await failure(
      createEnvironment('convert', {
        env: { ...process.env, MAIXCAM_ENV_DIR: cache },
        signal: abort.signal,
        say: (line) => said.push(line),
        progress: {
          report: (event) => {
            if (event.message.startsWith('asking')) setTimeout(() => abort.abort(), 300);
          },
        },
      }),
    );
    assert.equal(error.kind, 'cancelled');
    assert.match(said[0]!, /GB on disk/);
    assert.deepEqual(
      readdirSync(cache).filter((name) => name.startsWith('convert')),
      [],
    );
  });

  it('say that the package index cannot be reached, and leave nothing half-made', async () => {
    const cache = path.join(folder, 'offline');
    const env = {
      ...process.env,
      MAIXCAM_ENV_DIR: cache,
      PATH: `${path.dirname(uvProgram())}${path.delimiter}${process.env.PATH ?? ''}`,
      UV_DEFAULT_INDEX: 'http://127.0.0.1:9/simple',
      UV_CACHE_DIR: path.join(folder, 'uv-cache'),
      UV_HTTP_RETRIES: '0',
    };
    const error = await failure(createEnvironment('convert', { env }));
    assert.equal(error.code, 'ENV_NETWORK');
    assert.equal(error.kind, 'missing-tool');
    assert.deepEqual(
      readdirSync(cache).filter((name) => name.startsWith('convert')),
      [],
    );
  });

  it('are made by one process at a time, and a half-made one is made anew', async () => {
    const cache = path.join(folder, 'locked');
    mkdirSync(path.join(cache, 'train'), { recursive: true });
    writeFileSync(path.join(cache, 'train', MARKER), '');
    writeFileSync(path.join(cache, 'train', 'half'), '');
    const lock = await takeLock(path.join(cache, 'train.lock'));
    const abort = new AbortController();
    const said: string[] = [];
    const work = createEnvironment('train', {
      env: { ...process.env, MAIXCAM_ENV_DIR: cache },
      signal: abort.signal,
      say: (line) => {
        said.push(line);
        abort.abort();
      },
    });
    assert.equal((await failure(work)).kind, 'cancelled');
    assert.match(said[0]!, /waiting/);
    assert.ok(existsSync(path.join(cache, 'train', 'half')), 'the other process’s work was not touched');
    await lock.release();
  });

  function uvProgram(): string {
    return path.join(path.dirname(convert.folder), 'maixcam-uv', 'bin', 'uv');
  }
});

/** An environment like the managed one before its repair: all of it linked, the five files back in their place. */
function layOutUnrepaired(target: string, source: string, moved: string): void {
  const link = (from: string, to: string, except: readonly string[]): void => {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) {
      if (!except.includes(name)) symlinkSync(path.join(from, name), path.join(to, name));
    }
  };
  link(source, target, ['lib', 'bin', 'maixcam-moved', MARKER, 'maixcam-environment.json']);
  mkdirSync(path.join(target, 'bin'));
  for (const name of ['python', 'python3', 'python3.10']) {
    symlinkSync(path.join(source, 'bin', name), path.join(target, 'bin', name));
  }
  const tool = readFileSync(path.join(source, 'bin', 'model_transform.py'));
  writeFileSync(path.join(target, 'bin', 'model_transform.py'), tool, { mode: 0o755 });
  const packages = path.join('lib', 'python3.10', 'site-packages');
  link(path.join(source, packages), path.join(target, packages), ['tpu_mlir']);
  link(path.join(source, TPU_MLIR), path.join(target, TPU_MLIR), ['lib']);
  link(path.join(source, TPU_MLIR, 'lib'), path.join(target, TPU_MLIR, 'lib'), ['third_party']);
  const libraries = path.join(TPU_MLIR, 'lib', 'third_party');
  link(path.join(source, libraries), path.join(target, libraries), []);
  link(moved, path.join(target, libraries), []);
}
