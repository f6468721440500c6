import assert from 'node:assert/strict';
import { planCut } from '../../../server/src/core/onnx/cut/plan';
import type { CutOutput } from '../../../server/src/core/onnx/cut/outputs';
import type { OnnxModel } from '../../../server/src/core/onnx/model';
import { readOnnx } from '../../../server/src/core/onnx/read';
import { inferShapes } from '../../../server/src/core/onnx/shapes/infer';
import { bytesSource, type ByteSource } from '../../../server/src/core/ports';
import { AppError } from '../../../server/src/core/problems/app-error';
import { onnxFixture, type OnnxFixture } from '../../support/onnx-fixtures';
import { smallModel } from '../../support/small-models';

const BOXES = '/model.22/dfl/conv/Conv_output_0';
const SCORES = '/model.22/Sigmoid_output_0';

/** The planned file, put together in memory. */
function assemble(source: ByteSource, model: OnnxModel, outputs: readonly CutOutput[]): OnnxModel {
  const plan = planCut(source, model, outputs, inferShapes(model, source));
  const pieces = plan.segments.map((segment) => {
    if (segment.kind === 'bytes') return segment.bytes;
    assert.equal(segment.file, null);
    return source.read(segment.offset, segment.length);
  });
  const bytes = Buffer.concat(pieces);
  assert.equal(bytes.length, plan.bytes);
  const cut = readOnnx(bytesSource(bytes));
  assert.equal(cut.graph.nodes.length, plan.nodes);
  assert.deepEqual(
    cut.graph.outputs.map(({ name, type, shape }) => ({ name, type, shape })),
    plan.outputs.map(({ name, type, shape }) => ({ name, type, shape })),
  );
  return cut;
}

function refusal(fixture: OnnxFixture, outputs: readonly CutOutput[]): AppError {
  try {
    planCut(fixture.source, fixture.model, outputs);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  return assert.fail('the cut was planned');
}

describe('planCut', () => {
  it('keeps the nodes that the outputs need, in order, with their weights and declarations, and nothing else', () => {
    const { source, model } = onnxFixture('trained/shapes-yolov8-detect');
    const cut = assemble(source, model, [BOXES, SCORES]);
    const made = new Set(cut.graph.nodes.flatMap((node) => node.outputs));
    const read = new Set(cut.graph.nodes.flatMap((node) => node.inputs).filter((name) => name !== ''));
    const order = cut.graph.nodes.map((node) => model.graph.nodes.findIndex((other) => other.name === node.name));

    assert.ok(cut.graph.nodes.length < model.graph.nodes.length);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    for (const name of made) assert.ok(read.has(name) || name === BOXES || name === SCORES, `${name} is not needed`);
    for (const name of read) assert.ok(made.has(name) || cut.graph.initializers.has(name) || name === 'images', name);
    for (const name of cut.graph.initializers.keys()) assert.ok(read.has(name), `the weight ${name} is not needed`);
    for (const name of cut.graph.valueInfo.keys()) assert.ok(made.has(name) || read.has(name), name);
    assert.deepEqual(
      cut.graph.inputs.map((input) => input.name),
      ['images'],
    );
    assert.ok(cut.graph.valueInfo.size > 100);
  });

  it('keeps metadata, operator sets, producer and version', () => {
    const { source, model } = onnxFixture('trained/shapes-yolov8-pose');
    const cut = assemble(source, model, [SCORES]);
    assert.deepEqual(cut.metadata, model.metadata);
    assert.ok(Object.keys(cut.metadata).length > 5);
    assert.deepEqual(cut.opsetImports, model.opsetImports);
    assert.deepEqual(cut.producer, model.producer);
    assert.equal(cut.irVersion, model.irVersion);
    assert.equal(cut.graph.name, model.graph.name);
  });

  it('gives the whole model back for its own output', () => {
    const { source, model } = onnxFixture('trained/shapes-yolo26-detect');
    const cut = assemble(source, model, ['output0']);
    assert.deepEqual(
      cut.graph.nodes.map((node) => node.name),
      model.graph.nodes.map((node) => node.name),
    );
    assert.deepEqual([...cut.graph.initializers.keys()], [...model.graph.initializers.keys()]);
    const declared = [...model.graph.valueInfo.keys()].filter((name) => name !== 'output0');
    assert.deepEqual([...cut.graph.valueInfo.keys()], declared);
  });

  it('copies weights as ranges: what it makes itself is small', () => {
    const { source, model, bytes } = onnxFixture('heads/u8.4-yolo12-detect');
    const plan = planCut(source, model, ['output0']);
    const made = plan.segments.reduce((sum, part) => sum + (part.kind === 'bytes' ? part.bytes.length : 0), 0);
    assert.ok(made < 200, `${made} bytes`);
    assert.ok(plan.segments.length < 20, `${plan.segments.length} segments for ${bytes.length} bytes`);
  });

  it('declares outputs that the file does not declare', () => {
    const { source, model } = onnxFixture('heads/yolov5-7.0-detect');
    assert.equal(model.graph.valueInfo.size, 0);
    const conv = model.graph.nodes.findLast((node) => node.opType === 'Conv')?.outputs[0] ?? '';
    const [output] = assemble(source, model, [conv]).graph.outputs;
    assert.equal(output?.type, 'float32');
    assert.ok(output.shape?.every((dim) => typeof dim === 'number') && output.shape.length === 4);
  });

  it('rebuilds an output from parts', () => {
    const { source, model } = onnxFixture('trained/shapes-yolov8-detect');
    const parts = ['/model.22/cv2.0/cv2.0.2/Conv_output_0', '/model.22/cv3.0/cv3.0.2/Conv_output_0'];
    const cut = assemble(source, model, [{ name: 'level0', axis: 1, parts }]);
    const last = cut.graph.nodes.at(-1);
    assert.equal(last?.opType, 'Concat');
    assert.deepEqual(last.inputs, parts);
    assert.deepEqual(last.attributes.get('axis'), { kind: 'int', value: 1 });
    assert.deepEqual(cut.graph.outputs[0]?.shape, [1, 67, 28, 40]);
  });

  it('keeps what an If body reads from around it', () => {
    const { source, model } = smallModel('captures');
    const cut = assemble(source, model, ['y']);
    assert.deepEqual(
      cut.graph.nodes.map((node) => node.opType),
      ['Mul', 'ReduceSum', 'Greater', 'If', 'Relu'],
    );
    assert.deepEqual([...cut.graph.initializers.keys()].sort(), ['bias', 'factor', 'zero']);
  });

  it('keeps weights that are listed as inputs (IR version 3)', () => {
    const { source, model } = smallModel('weights-as-inputs');
    const cut = assemble(source, model, ['m']);
    assert.deepEqual(
      cut.graph.inputs.map((input) => input.name),
      ['x', 'w'],
    );
    assert.deepEqual([...cut.graph.initializers.keys()], ['w']);
  });

  it('keeps model functions and leaves out inputs that are not needed', () => {
    const { source, model } = smallModel('features');
    const cut = assemble(source, model, ['left']);
    assert.deepEqual(
      cut.functions.map((entry) => entry.name),
      ['Double'],
    );
    assert.deepEqual(
      cut.graph.inputs.map((input) => input.name),
      ['x'],
    );
    assert.deepEqual(cut.metadata, { names: "{0: 'a'}", stride: '32' });
  });

  it('moves weights from other files into the cut', () => {
    const { source, model } = smallModel('external');
    const plan = planCut(source, model, ['m']);
    assert.deepEqual(plan.externalFiles, ['external.weights']);
    const moved = plan.segments.filter((segment) => segment.kind === 'range' && segment.file !== null);
    assert.deepEqual(moved, [{ kind: 'range', file: 'external.weights', offset: 0, length: 64 * 64 * 4 }]);
  });
});

describe('planCut refuses', () => {
  let yolo: OnnxFixture;
  before(() => {
    yolo = onnxFixture('trained/shapes-yolov8-detect');
  });

  it('a name that the graph does not have, and proposes the likely ones', () => {
    const typo = refusal(yolo, ['/model.22/Sigmoid_output_1']);
    assert.equal(typo.code, 'ONNX_OUTPUT_MISSING');
    assert.ok(typo.hint.includes(SCORES), typo.hint);
    assert.ok(refusal(yolo, ['/model.22/dfl/conv/Conv']).hint.includes(BOXES));
    assert.match(refusal(yolo, ['nothing like it at all']).hint, /output0/);
    assert.equal(refusal(yolo, ['']).code, 'ONNX_OUTPUT_MISSING');
  });

  it('no outputs', () => {
    const error = refusal(yolo, []);
    assert.equal(error.code, 'ONNX_NO_OUTPUTS');
    assert.equal(error.kind, 'usage');
  });

  it('an input', () => {
    assert.equal(refusal(yolo, ['images']).code, 'ONNX_OUTPUT_IS_INPUT');
  });

  it('a tensor that depends on no input', () => {
    const features = smallModel('features');
    assert.equal(refusal(features, ['minus']).code, 'ONNX_OUTPUT_CONSTANT');
    assert.equal(refusal(features, ['s']).code, 'ONNX_OUTPUT_CONSTANT');
    assert.equal(refusal(smallModel('captures'), ['factor']).code, 'ONNX_OUTPUT_CONSTANT');
  });

  it('a rebuilt output under a name that the graph has', () => {
    assert.equal(refusal(yolo, [{ name: SCORES, axis: 1, parts: [BOXES] }]).code, 'ONNX_OUTPUT_NAME_TAKEN');
  });

  it('parts that do not fit together', () => {
    assert.equal(refusal(yolo, [{ name: 'new', axis: 1, parts: [BOXES, SCORES] }]).code, 'ONNX_OUTPUT_PARTS');
    assert.equal(refusal(yolo, [{ name: 'new', axis: 1, parts: [] }]).code, 'ONNX_OUTPUT_PARTS');
    assert.equal(refusal(yolo, [{ name: 'new', axis: 7, parts: [SCORES] }]).code, 'ONNX_OUTPUT_PARTS');
    assert.equal(refusal(yolo, [{ name: 'new', axis: 1, parts: ['none'] }]).code, 'ONNX_OUTPUT_MISSING');
  });
});
