import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createDecoder, type Decoder } from '../../../server/src/core/board/decode/decoder';
import { loadDecoder } from '../../../server/src/core/board/decode/load';
import { resizeMask } from '../../../server/src/core/board/decode/seg';
import { deviceSort } from '../../../server/src/core/board/decode/sort';
import type { DecoderSettings, OutputTensor } from '../../../server/src/core/board/decode/object';
import { AppError } from '../../../server/src/core/problems/app-error';

const INPUT = { width: 64, height: 64 };
const ANCHORS = 64 + 16 + 4;
const detector: DecoderSettings = { modelClass: 'yolo11', type: null, labels: ['a', 'b'], board: 'maixcam' };
const twoOutputs: readonly OutputTensor[] = [
  { name: 'boxes', shape: [1, 1, 4, ANCHORS] },
  { name: 'scores', shape: [1, 2, ANCHORS] },
];

function made(settings: DecoderSettings, outputs: readonly OutputTensor[]): Decoder {
  const result = createDecoder(settings, INPUT, outputs);
  assert.ok(result.ok);
  return result.decoder;
}

/** Distances of one cell to each side of the box, and its scores. */
function tensors(
  cells: readonly { anchor: number; sides: readonly number[]; scores: readonly number[] }[],
): Float32Array[] {
  const boxes = new Float32Array(4 * ANCHORS);
  const scores = new Float32Array(2 * ANCHORS);
  for (const cell of cells) {
    cell.sides.forEach((value, side) => (boxes[side * ANCHORS + cell.anchor] = value));
    cell.scores.forEach((value, index) => (scores[index * ANCHORS + cell.anchor] = value));
  }
  return [boxes, scores];
}

describe('decode: a detector with two outputs', () => {
  const decoder = made(detector, twoOutputs);
  // Cell (2, 1) of the finest level: centre (20, 12).
  const anchor = 8 + 2;

  it('gives a box in model pixels where the picture has the model’s size', () => {
    const result = decoder.detect(tensors([{ anchor, sides: [1, 0.5, 2, 1.5], scores: [0.25, 0.75] }]), {
      imageWidth: 64,
      imageHeight: 64,
    });
    assert.deepEqual(result, { ok: true, objects: [{ x: 12, y: 8, w: 24, h: 16, class_id: 1, score: 0.75 }] });
  });

  it('maps it back to the picture: bars above and below do not count', () => {
    const result = decoder.detect(tensors([{ anchor: 8 * 4 + 2, sides: [1, 1, 1, 1], scores: [0.75, 0] }]), {
      imageWidth: 128,
      imageHeight: 64,
    });
    // Centre (20, 36) in the model; scale 2 and 16 rows of bar: (40, 40) in the picture.
    assert.deepEqual(result, { ok: true, objects: [{ x: 24, y: 24, w: 32, h: 32, class_id: 0, score: 0.75 }] });
  });

  it('drops a score that is equal to the threshold', () => {
    const options = { imageWidth: 64, imageHeight: 64, confidence: 0.75 };
    const result = decoder.detect(tensors([{ anchor, sides: [1, 1, 1, 1], scores: [0.75, 0] }]), options);
    assert.deepEqual(result, { ok: true, objects: [] });
  });

  it('without a fit takes pictures of the model’s size only', () => {
    const values = tensors([{ anchor, sides: [1, 1, 1, 1], scores: [0.75, 0] }]);
    const same = decoder.detect(values, { imageWidth: 64, imageHeight: 64, fit: 'none' });
    const other = decoder.detect(values, { imageWidth: 65, imageHeight: 64, fit: 'none' });
    assert.equal(same.ok && same.objects.length, 1);
    assert.ok(!other.ok);
    assert.equal(other.exception.what, 'not support object fit');
  });

  it('suppresses by class', () => {
    const near = [
      { anchor, sides: [1, 1, 1, 1], scores: [0.9, 0] },
      { anchor: anchor + 1, sides: [2, 1, 0, 1], scores: [0.8, 0] },
    ];
    const result = decoder.detect(tensors(near), { imageWidth: 64, imageHeight: 64 });
    assert.ok(result.ok);
    assert.deepEqual(
      result.objects.map((object) => object.score),
      [Math.fround(0.9)],
    );
    const other = decoder.detect(tensors([near[0]!, { ...near[1]!, scores: [0, 0.8] }]), {
      imageWidth: 64,
      imageHeight: 64,
    });
    assert.ok(other.ok);
    assert.equal(other.objects.length, 2);
  });

  it('does not change the tensors', () => {
    const values = tensors([{ anchor, sides: [1, 1, 1, 1], scores: [0.75, 0] }]);
    const copies = values.map((tensor) => tensor.slice());
    decoder.detect(values, { imageWidth: 640, imageHeight: 480 });
    assert.deepEqual(values, copies);
  });
});

describe('decode: what has no answer', () => {
  it('more labels than class channels in level maps: the device reads past the tensor', () => {
    const outputs = [8, 4, 2].map((side) => ({ name: `map${side}`, shape: [1, 66, side, side] }));
    const decoder = made({ ...detector, labels: ['a', 'b', 'c'] }, outputs);
    assert.throws(
      () =>
        decoder.detect(
          outputs.map(({ shape }) => new Float32Array(66 * shape[2]! * shape[3]!)),
          { imageWidth: 64, imageHeight: 64 },
        ),
      (thrown) => thrown instanceof AppError && thrown.code === 'DECODE_UNDEFINED',
    );
  });

  it('a tensor that is shorter than its shape', () => {
    const [boxes] = tensors([]);
    assert.throws(
      () => made(detector, twoOutputs).detect([boxes!, new Float32Array(3)], { imageWidth: 64, imageHeight: 64 }),
      (thrown) => thrown instanceof AppError && thrown.code === 'DECODE_UNDEFINED',
    );
  });
});

describe('decode: classifier', () => {
  it('reads the first output by name and sorts the softmax', () => {
    const outputs = [
      { name: 'z', shape: [1, 3] },
      { name: 'logits', shape: [1, 3] },
    ];
    const decoder = made({ ...detector, modelClass: 'classifier' }, outputs);
    const scores = decoder.classify([new Float32Array(3), Float32Array.from([0, Math.log(2), Math.log(5)])]);
    assert.deepEqual(
      scores.map((entry) => entry.class_id),
      [2, 1, 0],
    );
    for (const [index, expected] of [5 / 8, 2 / 8, 1 / 8].entries()) {
      assert.ok(Math.abs(scores[index]!.score - expected) < 1e-6);
    }
  });

  it('stays finite for large logits', () => {
    const decoder = made({ ...detector, modelClass: 'classifier' }, [{ name: 'logits', shape: [1, 2] }]);
    assert.deepEqual(decoder.classify([Float32Array.from([1000, 0])])[0], { class_id: 0, score: 1 });
  });
});

describe('decode: loading', () => {
  const keys = { model_type: 'yolov5', input_type: 'rgb', mean: '0', scale: '1', anchors: '1,2' };
  const load = (extra: Record<string, string>, labels: readonly string[] | null): readonly string[] => {
    const result = loadDecoder({
      modelClass: 'yolov5',
      board: 'maixcam',
      extra: new Map(Object.entries(extra)),
      labels,
      input: INPUT,
      outputs: twoOutputs,
    });
    return result.ok ? [] : result.failure.log;
  };

  it('missing keys, each by its name', () => {
    for (const key of ['mean', 'scale', 'anchors', 'input_type'] as const) {
      const rest = Object.fromEntries(Object.entries(keys).filter(([name]) => name !== key));
      assert.deepEqual(load(rest, ['a']), [`-- [E] ${key} key not found`]);
    }
    assert.deepEqual(load(keys, null)[0], "-- [E] Key labels not found in items['extra']");
    assert.deepEqual(load(keys, ['a']), []);
  });
});

describe('decode: the device’s sort', () => {
  it('sorts any list and keeps every element', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 400 }), (values) => {
        const items = values.map((value, index) => ({ value, index }));
        deviceSort(items, (a, b) => a.value > b.value);
        assert.deepEqual(
          items.map((item) => item.value),
          [...values].sort((a, b) => b - a),
        );
        assert.equal(new Set(items.map((item) => item.index)).size, values.length);
      }),
    );
  });

  it('keeps the order of equal elements up to 16, and not beyond, as the device does', () => {
    const equal = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
    const short = equal(16);
    deviceSort(short, () => false);
    assert.deepEqual(short, equal(16));
    const long = equal(17);
    deviceSort(long, () => false);
    assert.notDeepEqual(long, equal(17));
  });
});

describe('decode: masks', () => {
  it('are enlarged by repeating pixels', () => {
    const mask = resizeMask({ width: 2, height: 1, data: Uint8Array.from([10, 20]) }, 5, 2);
    assert.deepEqual([...mask.data], [10, 10, 10, 20, 20, 10, 10, 10, 20, 20]);
  });
});
