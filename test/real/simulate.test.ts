import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AppError } from '../../server/src/core/problems/app-error';
import { runProcess } from '../../client/src/host/process/run';
import { createEnvironment } from '../../client/src/host/python/create';
import { environmentVariables } from '../../client/src/host/python/environments';
import { runPythonProgram, type ProgramEvent } from '../../client/src/host/python/program';
import type { PythonEnvironment } from '../../client/src/host/python/variables';

interface Index {
  readonly pictures: readonly {
    readonly outputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly file: string }[];
  }[];
}

describe('chip simulator', function () {
  this.timeout(600_000);
  let environment: PythonEnvironment;
  let folder: string;
  let model: string;
  const shape = [1, 3, 224, 320];

  before(async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    environment = await createEnvironment('convert');
    folder = mkdtempSync(path.join(tmpdir(), 'maixcam-simulate-'));
    model = path.join(folder, 'model.cvimodel');
    writeFileSync(model, gunzipSync(readFileSync('test/fixtures/cvimodel/yolov8-detect-2out.cvimodel.gz')));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A picture of smooth colours, 0 to 1, as the transform step would hand it over. */
  function writeInput(name: string, phase: number): string {
    const values = Float32Array.from({ length: 3 * 224 * 320 }, (_, index) => 0.5 + 0.5 * Math.sin(index / 50 + phase));
    const file = path.join(folder, name);
    writeFileSync(file, Buffer.from(values.buffer));
    return file;
  }

  it('gives the outputs of the model, one process for many pictures, as the wheel’s own runner does', async () => {
    const files = [writeInput('a.bin', 0), writeInput('b.bin', 2)];
    const events: ProgramEvent[] = [];
    const done = await runPythonProgram({
      environment,
      program: 'simulate.py',
      config: { model, inputs: files.map((file) => ({ path: file, shape })), outDir: path.join(folder, 'out') },
      cwd: folder,
      onEvent: (event) => events.push(event),
    });
    assert.deepEqual(
      events.map((event) => [event.event, event.index, event.total]),
      [
        ['picture', 0, 2],
        ['picture', 1, 2],
      ],
    );
    const index = JSON.parse(readFileSync(String(done.index), 'utf8')) as Index;
    assert.equal(index.pictures.length, 2);
    assert.deepEqual(
      index.pictures[0]!.outputs.map((output) => [output.name, output.shape]),
      [
        ['/model.22/dfl/conv/Conv_output_0_Conv_f32', [1, 1, 4, 1470]],
        ['/model.22/Sigmoid_output_0_Sigmoid_f32', [1, 3, 1470, 1]],
      ],
    );

    // The reference: model_runner.py in a process of its own, for the second picture.
    const script = `import numpy as np
np.savez("in.npz", images=np.fromfile("b.bin", dtype="<f4").reshape(1, 3, 224, 320))`;
    const compare = `import json, sys, numpy as np
reference = np.load("ref.npz")
for output in json.load(open("out/index.json"))["pictures"][1]["outputs"]:
    ours = np.fromfile("out/" + output["file"], dtype="<f4").reshape(output["shape"])
    assert np.array_equal(ours, reference[output["name"]]), output["name"]
    assert np.abs(ours).max() > 0
print("equal")`;
    const env = environmentVariables(environment);
    const run = (command: string, args: readonly string[]) => runProcess({ command, args, cwd: folder, env });
    assert.equal((await run(environment.python, ['-c', script])).exitCode, 0);
    const reference = await run('model_runner.py', ['--input', 'in.npz', '--model', model, '--output', 'ref.npz']);
    assert.equal(reference.exitCode, 0, reference.tail);
    const compared = await run(environment.python, ['-c', compare]);
    assert.match(compared.tail, /equal$/);
  });

  it('names an input of the wrong size and a model that is missing', async () => {
    const fails = async (config: object): Promise<string> => {
      try {
        await runPythonProgram({
          environment,
          program: 'simulate.py',
          config: { outDir: folder, ...config },
          cwd: folder,
        });
      } catch (thrown) {
        assert.ok(thrown instanceof AppError);
        return thrown.code;
      }
      assert.fail('it did not fail');
    };
    const input = { path: writeInput('c.bin', 1), shape: [1, 3, 64, 64] };
    assert.equal(await fails({ model, inputs: [input] }), 'SIMULATE_INPUT_SIZE');
    assert.equal(await fails({ model: path.join(folder, 'none.cvimodel'), inputs: [] }), 'SIMULATE_NO_MODEL');
  });
});
