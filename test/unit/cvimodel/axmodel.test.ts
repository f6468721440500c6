import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decodeBase64 } from '../../../server/src/core/axmodel/base64';
import { checkAxmodel, readAxmodel } from '../../../server/src/core/axmodel/read';
import { bytesSource } from '../../../server/src/core/ports';
import { AppError } from '../../../server/src/core/problems/app-error';

/** A protobuf writer that is just enough for the fields of conversion.md 4.2. */
const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const int = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];
const text = (field: number, content: string): number[] => bytes(field, [...Buffer.from(content)]);

function value(name: string, type: number, shape: readonly number[]): number[] {
  const dims = bytes(
    2,
    shape.flatMap((dim) => bytes(1, int(1, dim))),
  );
  return [...text(1, name), ...bytes(2, bytes(1, [...int(1, type), ...dims]))];
}

interface Extra {
  readonly hardware?: number;
  readonly npuMode?: number;
}

/** An axmodel with the fields that conversion.md 4.2 found in real ones. */
function axmodel({ hardware, npuMode }: Extra, operators = ['neu mode']): Uint8Array {
  const extra = [
    ...bytes(1, [...text(1, 'images'), ...int(2, 1), ...int(3, 3)]),
    ...bytes(4, npuMode === undefined ? [] : int(3, npuMode)),
    ...(hardware === undefined ? [] : int(5, hardware)),
  ];
  const graph = [
    ...operators.flatMap((operator) => bytes(1, text(4, operator))),
    ...text(2, 'ax-model'),
    ...bytes(5, [...int(1, 64), ...int(2, 2), ...text(8, 'npu_params'), ...bytes(9, new Array<number>(64).fill(7))]),
    ...bytes(11, value('images', 2, [1, 224, 320, 3])),
    ...bytes(12, value('out', 1, [1, 28, 40, 66])),
  ];
  return Uint8Array.from([
    ...int(1, 10),
    ...text(2, 'Pulsar2'),
    ...text(6, 'Pulsar2 version: 4.2\ncommit: 0123'),
    ...bytes(7, graph),
    ...bytes(14, [...text(1, 'extra_data'), ...text(2, Buffer.from(extra).toString('base64'))]),
  ]);
}

const problemsOf = (file: Uint8Array): string[] =>
  checkAxmodel(readAxmodel(bytesSource(file))).map((problem) => problem.code);

describe('axmodel', () => {
  it('reads tensors, NPU mode, hardware and memory', () => {
    const model = readAxmodel(bytesSource(axmodel({ hardware: 1, npuMode: 1 })));
    assert.deepEqual(model, {
      toolVersion: '4.2',
      npuMode: 'npu2',
      hardware: 1,
      inputs: [{ name: 'images', type: 'uint8', shape: [1, 224, 320, 3], layout: 'NHWC', colour: 'rgb' }],
      outputs: [{ name: 'out', type: 'float32', shape: [1, 28, 40, 66], layout: null, colour: null }],
      cpuOperators: [],
      memory: { total: 64 + 215_040 + 295_680, weights: 64, io: 215_040 + 295_680 },
    });
    assert.deepEqual(checkAxmodel(model), []);
  });

  it('an absent NPU mode is the half NPU', () => {
    assert.equal(readAxmodel(bytesSource(axmodel({ hardware: 1 }))).npuMode, 'npu1');
  });

  it('names the wrong chip', () => {
    assert.deepEqual(problemsOf(axmodel({ hardware: 2 })), ['AXMODEL_CHIP']);
    assert.deepEqual(problemsOf(axmodel({})), ['AXMODEL_CHIP']);
  });

  it('names operators on the CPU', () => {
    assert.deepEqual(problemsOf(axmodel({ hardware: 1 }, ['neu mode', 'Softmax'])), ['AXMODEL_CPU']);
  });

  it('refuses an ordinary ONNX model', () => {
    const onnx = gunzipSync(readFileSync('test/fixtures/onnx/heads/u8.4-yolo11-detect.onnx.gz'));
    assert.throws(
      () => readAxmodel(bytesSource(onnx)),
      (thrown) => thrown instanceof AppError && thrown.code === 'AXMODEL_PRODUCER',
    );
  });

  it('decodes base64 as Node does', () => {
    for (const plain of ['', 'a', 'ab', 'abc', 'abcd', '\u00ff\u0000~']) {
      const coded = Buffer.from(plain, 'latin1').toString('base64');
      assert.deepEqual(Buffer.from(decodeBase64(coded)!).toString('latin1'), plain);
    }
    assert.equal(decodeBase64('a*b'), null);
  });
});
