import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { spawnSync } from 'node:child_process';
import { encode as encodePng } from 'fast-png';
import fc from 'fast-check';
import { openEngine, type Engine } from '../../../client/src/host/engine/engine';
import { verifyCut, type Verification, type VerifyOptions } from '../../../client/src/host/engine/verify';
import { planCut } from '../../../server/src/core/onnx/cut/plan';
import type { CutOutput } from '../../../server/src/core/onnx/cut/outputs';
import { readOnnx } from '../../../server/src/core/onnx/read';
import { inferShapes } from '../../../server/src/core/onnx/shapes/infer';
import { bytesSource } from '../../../server/src/core/ports';
import { AppError } from '../../../server/src/core/problems/app-error';
import { openOnnxFile } from '../../../server/src/node/onnx-file';
import { writeCut } from '../../../server/src/node/write-cut';
import { engineChild, terminalProgram } from '../../support/bundles';
import { onnxFixture } from '../../support/onnx-fixtures';
import { smallModelPath } from '../../support/small-models';
import { useTempFolder } from '../../support/temp-folder';

const BOXES = '/model.22/dfl/conv/Conv_output_0';
const SCORES = '/model.22/Sigmoid_output_0';
const code = (wanted: string) => (thrown: unknown) => thrown instanceof AppError && thrown.code === wanted;

describe('verifyCut', function () {
  this.timeout(120_000);
  const temp = useTempFolder();
  let childPath = '';
  let engine: Engine;
  before(async () => {
    childPath = await engineChild();
    engine = await openEngine({ childPath, env: { MAIXCAM_ENGINE: 'native' } });
  });
  after(() => engine.close());

  async function cut(model: string, outputs: readonly CutOutput[]): Promise<void> {
    const onnx = openOnnxFile(model);
    const plan = planCut(onnx.source, onnx.model, outputs, inferShapes(onnx.model, onnx.source));
    onnx.source.close();
    await writeCut(plan, model, temp.file('cut.onnx'));
  }
  const verify = (model: string, more: VerifyOptions = {}): Promise<Verification> =>
    verifyCut(temp.file('cut.onnx'), model, { engine, ...more });
  const fixture = (name: string): string => {
    writeFileSync(temp.file('model.onnx'), onnxFixture(name).bytes);
    return temp.file('model.onnx');
  };

  it('finds a cut equal to its original in every bit', async () => {
    const model = fixture('trained/shapes-yolov8-detect');
    await cut(model, [BOXES, SCORES]);
    // An engine of its own, as the command has it.
    const own = { childPath, env: { MAIXCAM_ENGINE: 'native' } };
    // A folder for temporary files of its own too: other rings verify at the same time.
    const { TMPDIR } = process.env;
    const temporary = temp.file('temporary');
    mkdirSync(temporary);
    process.env.TMPDIR = temporary;
    let verification: Verification;
    try {
      assert.equal(os.tmpdir(), temporary);
      verification = await verifyCut(temp.file('cut.onnx'), model, own);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
    const { identical, outputs, input } = verification;
    assert.deepEqual(outputs, [
      { name: BOXES, type: 'float32', shape: [1, 1, 4, 1470], identical: true, maxDifference: 0, parts: null },
      { name: SCORES, type: 'float32', shape: [1, 3, 1470], identical: true, maxDifference: 0, parts: null },
    ]);
    assert.equal(identical, true);
    assert.equal(input, 'random (seed 1)');
    assert.deepEqual(
      readdirSync(temporary).filter((name) => name.startsWith('maixcam-verify-')),
      [],
    );
  });

  it('tells how far a damaged cut is off', async () => {
    const model = fixture('trained/shapes-yolov8-detect');
    await cut(model, [BOXES, SCORES]);
    const bytes = readFileSync(temp.file('cut.onnx'));
    const bias = readOnnx(bytesSource(bytes)).graph.initializers.get('model.22.cv3.0.2.bias');
    assert.ok(bias?.raw);
    bytes.writeFloatLE(bytes.readFloatLE(bias.raw.offset) + 0.5, bias.raw.offset);
    writeFileSync(temp.file('cut.onnx'), bytes);
    const { identical, outputs } = await verify(model);
    assert.equal(identical, false);
    assert.deepEqual(
      outputs.map((output) => output.identical),
      [true, false],
    );
    const difference = outputs[1]?.maxDifference ?? 0;
    assert.ok(difference > 1e-6 && difference < 0.2, `${difference}`);
  });

  it('compares a rebuilt output with its parts', async () => {
    const model = fixture('trained/shapes-yolov8-detect');
    const parts = ['/model.22/cv2.1/cv2.1.2/Conv_output_0', '/model.22/cv3.1/cv3.1.2/Conv_output_0'];
    await cut(model, [{ name: 'level1', axis: 1, parts }, SCORES]);
    const { identical, outputs } = await verify(model);
    assert.equal(identical, true);
    assert.deepEqual(outputs[0]?.parts, parts);
    assert.deepEqual(outputs[0].shape, [1, 67, 14, 20]);
  });

  it('runs on a picture', async () => {
    const model = fixture('trained/shapes-yolov8-detect');
    await cut(model, [SCORES]);
    const data = Uint8Array.from({ length: 50 * 40 * 3 }, (_, index) => (index * 31) & 0xff);
    writeFileSync(temp.file('picture.png'), encodePng({ width: 50, height: 40, data, channels: 3 }));
    const { identical, input } = await verify(model, { image: temp.file('picture.png') });
    assert.equal(identical, true);
    assert.equal(input, temp.file('picture.png'));
    await assert.rejects(verify(model, { image: temp.file('none.png') }), code('FILE_NOT_FOUND'));
  });

  it('refuses a cut of another model', async () => {
    await cut(smallModelPath('external'), ['m']);
    await assert.rejects(verify(smallModelPath('features')), code('VERIFY_NOT_FROM_ORIGINAL'));
  });

  for (const [name, output] of [
    ['captures', 'chosen'],
    ['weights-as-inputs', 'm'],
    ['features', 'right'],
    ['features', 'best'],
    ['external', 'y'],
  ] as const) {
    it(`proves the cut of ${name} to ${output}`, async () => {
      await cut(smallModelPath(name), [output]);
      assert.equal((await verify(smallModelPath(name))).identical, true);
    });
  }

  for (const name of ['trained/shapes-yolo26-detect', 'trained/shapes-yolo11-segment', 'heads/yolov5-7.0-detect']) {
    it(`proves cuts of ${name} to any tensors`, async () => {
      const model = fixture(name);
      const { graph } = onnxFixture(name).model;
      const computed = graph.nodes.flatMap((node) => node.outputs);
      let cuts = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.constantFrom(...computed), { minLength: 1, maxLength: 4 }),
          async (outputs) => {
            try {
              await cut(model, outputs);
            } catch (thrown) {
              // The only right refusal: a constant of the graph.
              if (code('ONNX_OUTPUT_CONSTANT')(thrown)) return;
              throw thrown;
            }
            cuts += 1;
            assert.equal((await verify(model)).identical, true);
          },
        ),
        { seed: 5, numRuns: 8 },
      );
      assert.ok(cuts >= 4, `${cuts} cuts`);
      await cut(
        model,
        graph.outputs.map((output) => output.name),
      );
      assert.equal((await verify(model)).identical, true);
    });
  }

  it('is a command with exit status 1 where anything differs', async () => {
    const program = await terminalProgram();
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [program, ...args], { cwd: temp.path, encoding: 'utf8' });
    fixture('trained/shapes-yolov8-detect');
    const made = run('cut', 'model.onnx', '-o', 'cut.onnx', '--outputs', `${BOXES},${SCORES}`, '--json');
    assert.equal(made.status, 0, made.stderr);
    const result = JSON.parse(made.stdout) as { out: string; nodes: number; bytes: number; outputs: unknown };
    assert.equal(result.out, 'cut.onnx');
    assert.equal(result.bytes, readFileSync(temp.file('cut.onnx')).length);
    assert.deepEqual(result.outputs, [
      { name: BOXES, shape: [1, 1, 4, 1470], type: 'float32' },
      { name: SCORES, shape: [1, 3, 1470], type: 'float32' },
    ]);
    const same = run('verify', 'cut.onnx', '--against', 'model.onnx', '--json');
    assert.equal(same.status, 0, same.stdout);
    assert.equal((JSON.parse(same.stdout) as Verification).identical, true);

    writeFileSync(temp.file('other.onnx'), onnxFixture('heads/u8.4-yolov8-detect').bytes);
    const differs = run('verify', 'cut.onnx', '--against', 'other.onnx', '--json');
    assert.equal(differs.status, 1);
    assert.equal((JSON.parse(differs.stdout) as Verification).identical, false);
    assert.equal(run('cut', 'model.onnx', '-o', 'cut.onnx', '--json').status, 2);
  });
});
