import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openEngine, type EngineOptions, type TensorValue } from '../../../client/src/host/engine/engine';
import { AppError } from '../../../server/src/core/problems/app-error';
import { engineChild } from '../../support/bundles';
import { onnxFixture } from '../../support/onnx-fixtures';
import { smallModelPath } from '../../support/small-models';
import { useTempFolder } from '../../support/temp-folder';

const code = (wanted: string) => (thrown: unknown) => thrown instanceof AppError && thrown.code === wanted;
const X: TensorValue = { type: 'float32', dims: [2, 3], data: Float32Array.of(1, 2, 3, -4, 5, 6) };

/** Process ids of the children of `parent` (Linux). */
function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (condition()) return;
    await delay(50);
  }
  assert.fail(what);
}

describe('engine', function () {
  this.timeout(60_000);
  const temp = useTempFolder();
  let childPath = '';
  before(async () => {
    childPath = await engineChild();
  });
  const options = (env: Record<string, string> = {}, more: EngineOptions = {}): EngineOptions => ({
    childPath,
    env: { MAIXCAM_ENV_DIR: temp.path, ...env },
    ...more,
  });
  const recordFile = (): string => path.join(temp.path, 'engine.json');

  it('chooses the native build after a probe, remembers that, and runs a model', async () => {
    const engine = await openEngine(options());
    try {
      assert.equal(engine.kind, 'native', engine.reason);
      const session = await engine.load(smallModelPath('weights-as-inputs'));
      assert.ok(session.inputs.some((input) => input.name === 'x' && input.type === 'float32'));
      assert.deepEqual(session.outputs, [{ name: 'y', type: 'float32', shape: [2, 4] }]);
      const { y } = await session.run({ x: X });
      assert.deepEqual(y?.dims, [2, 4]);
      assert.ok(y.data instanceof Float32Array && y.data.length === 8);
      await session.dispose();
      await assert.rejects(session.run({ x: X }), code('ENGINE_FAILED'));
    } finally {
      await engine.close();
    }
    const records = Object.values(
      JSON.parse(readFileSync(recordFile(), 'utf8')) as Record<string, { usable: boolean }>,
    );
    assert.deepEqual(
      records.map((record) => record.usable),
      [true],
    );
  });

  it('gives the same results in both builds, also with weights in another file', async () => {
    const results: TensorValue[][] = [];
    const x = {
      type: 'float32',
      dims: [2, 64],
      data: Float32Array.from({ length: 128 }, (_, index) => Math.sin(index)),
    } as const;
    const images = new Float32Array(3 * 224 * 320).map((_, index) => (index % 251) / 251);
    writeFileSync(temp.file('v8.onnx'), onnxFixture('trained/shapes-yolov8-detect').bytes);
    for (const kind of ['native', 'wasm']) {
      const engine = await openEngine(options({ MAIXCAM_ENGINE: kind }));
      try {
        assert.equal(engine.kind, kind);
        const small = await (await engine.load(smallModelPath('external'))).run({ x });
        const yolo = await engine.load(temp.file('v8.onnx'));
        const large = await yolo.run({ images: { type: 'float32', dims: [1, 3, 224, 320], data: images } });
        results.push([small.n!, large.output0!]);
      } finally {
        await engine.close();
      }
    }
    assert.equal(existsSync(recordFile()), false, 'a forced choice needs no probe');
    for (const [index, tolerance] of [1e-4, 0.05].entries()) {
      const [native, wasm] = results.map((result) => result[index]!);
      assert.deepEqual(native!.dims, wasm!.dims);
      native!.data.forEach((value, at) => {
        assert.ok(Math.abs(Number(value) - Number(wasm!.data[at])) < tolerance, `value ${at}: ${value}`);
      });
    }
  });

  it('goes on with WebAssembly after the native build crashed', async () => {
    const before = new Set(childrenOf(process.pid));
    const engine = await openEngine(options());
    const session = await engine.load(smallModelPath('weights-as-inputs'));
    const pid = childrenOf(process.pid).find((child) => !before.has(child));
    assert.ok(pid);
    process.kill(pid, 'SIGSEGV');
    await until(() => !existsSync(`/proc/${pid}`), 'the child ended');
    await assert.rejects(session.run({ x: X }), code('ENGINE_DIED'));
    await engine.close();

    const next = await openEngine(options());
    await next.close();
    assert.equal(next.kind, 'wasm');
    assert.match(next.reason, /crashed .*SIGSEGV/);
  });

  it('probes again where the record is damaged', async () => {
    writeFileSync(recordFile(), '{"half');
    const engine = await openEngine(options());
    await engine.close();
    assert.equal(engine.kind, 'native');
    assert.match(readFileSync(recordFile(), 'utf8'), /"usable": true/);
  });

  it('is cancelled at once and leaves no process', async () => {
    const before = childrenOf(process.pid);
    const abort = new AbortController();
    const engine = await openEngine(options({ MAIXCAM_ENGINE: 'wasm' }, { signal: abort.signal }));
    writeFileSync(temp.file('v9.onnx'), onnxFixture('heads/u8.4-yolov9-detect').bytes);
    const loading = engine.load(temp.file('v9.onnx'));
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(loading, (thrown) => code('CANCELLED')(thrown) && (thrown as AppError).kind === 'cancelled');
    await engine.close();
    assert.deepEqual(childrenOf(process.pid), before);
    await assert.rejects(openEngine(options({}, { signal: abort.signal })), code('CANCELLED'));
  });

  it('stops what takes too long', async () => {
    const engine = await openEngine(options({ MAIXCAM_ENGINE: 'wasm' }, { timeoutMs: 1 }));
    await assert.rejects(engine.load(smallModelPath('external')), code('ENGINE_TIMEOUT'));
    await engine.close();
  });

  it('ends with its parent, even if that is killed', async () => {
    const script = `
      const { fork } = require('node:child_process');
      const child = fork(process.argv[1], ['wasm'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      process.stdout.write(String(child.pid));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script, childPath], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<string>((resolve) => parent.stdout.once('data', (chunk) => resolve(String(chunk))));
    assert.ok(existsSync(`/proc/${pid}`));
    parent.kill('SIGKILL');
    await until(() => !existsSync(`/proc/${pid}`), 'the child outlived its parent');
  });

  it('says what is wrong with a model that it cannot load, and goes on', async () => {
    writeFileSync(temp.file('bad.onnx'), 'no model');
    const engine = await openEngine(options());
    try {
      await assert.rejects(engine.load(temp.file('bad.onnx')), code('ENGINE_FAILED'));
      await assert.rejects(engine.load(temp.file('none.onnx')), code('ENGINE_FAILED'));
      const session = await engine.load(smallModelPath('captures'));
      await assert.rejects(session.run({}), code('ENGINE_FAILED'));
      assert.deepEqual(Object.keys(await session.run({ x: X })), ['y', 'unused']);
    } finally {
      await engine.close();
    }
  });

  it('refuses an unknown choice and names a program that is not there', async () => {
    await assert.rejects(openEngine(options({ MAIXCAM_ENGINE: 'gpu' })), code('ENGINE_UNKNOWN'));
    const missing = openEngine(options({ MAIXCAM_ENGINE: 'wasm' }, { childPath: temp.file('none.js') }));
    await assert.rejects(
      missing,
      (thrown) => code('ENGINE_MISSING')(thrown) && (thrown as AppError).kind === 'missing-tool',
    );
  });
});
