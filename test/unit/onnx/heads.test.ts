import assert from 'node:assert/strict';
import type { Head } from '../../../server/src/core/onnx/heads/head';
import { recognizeModel } from '../../../server/src/core/onnx/heads/recognize';
import { onnxFixture, onnxFixtureNames, onnxFromBytes, type OnnxFixture } from '../../support/onnx-fixtures';
import { dropStoredShapes, renameTensors, setInputShape, setMetadata } from '../../support/onnx-rewrite';

const headOf = ({ model, source }: OnnxFixture): Head | null => recognizeModel(model, source).head;

/** What the fixtures' README says of each model, read from its name: era-family-task[-form]. */
function expected(name: string): Pick<Head, 'family' | 'task' | 'era' | 'endToEnd' | 'strides' | 'inputSize'> {
  const file = name.split('/')[1] ?? '';
  if (file === 'yolov5-7.0-detect') {
    return { family: 'yolov5', task: 'detect', era: 'yolov5', endToEnd: false, strides: [8, 16, 32], inputSize: SIZE };
  }
  const [first = '', family = '', task = '', form] = file.split('-');
  const era = first === 'u8.3' ? 'ultralytics-8.3' : 'ultralytics-8.4';
  if (task === 'classify') {
    const inputSize = { width: 96, height: 96 };
    return { family: 'classifier', task, era, endToEnd: false, strides: [], inputSize };
  }
  // The trained YOLO26 was exported the right way, one-to-one, and does not say so in its name.
  const endToEnd = form === 'one2one' || (name === 'trained/shapes-yolo26-detect' && form === undefined);
  return {
    family: family as Head['family'],
    task: task as Head['task'],
    era,
    endToEnd,
    strides: [8, 16, 32],
    inputSize: SIZE,
  };
}

const SIZE = { width: 320, height: 224 };
const names = [...onnxFixtureNames('heads'), ...onnxFixtureNames('trained')];

function facts(head: Head): ReturnType<typeof expected> {
  const { family, task, era, endToEnd, strides, inputSize } = head;
  return { family, task, era, endToEnd, strides, inputSize };
}

/** The structure with every tensor name taken through `rename`. */
function renamed(head: Head, rename: (name: string) => string): unknown {
  const tensors = new Set([
    'box',
    'score',
    'map',
    'extra',
    'tensor',
    'sigmoid',
    'prototype',
    'distances',
    'scores',
    'logits',
  ]);
  const plain: unknown = JSON.parse(JSON.stringify(head));
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => walk(entry, ''));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([inner, entry]) => [inner, walk(entry, inner)]));
    }
    return typeof value === 'string' && tensors.has(key) ? rename(value) : value;
  };
  return walk(plain, '');
}

describe('onnx/heads', () => {
  for (const name of names) {
    it(`${name}: family, task, era, strides`, () => {
      const head = headOf(onnxFixture(name));
      assert.ok(head !== null);
      assert.deepEqual(facts(head), expected(name));
      assert.equal(head.classes, 3);
      assert.equal(head.embeddedNms, false);
    });
  }

  for (const name of names) {
    it(`${name}: the same structure without stored shapes, metadata and any known name`, () => {
      const fixture = onnxFixture(name);
      const original = headOf(fixture);
      let count = 0;
      const given = new Map<string, string>();
      const rename = (old: string): string => {
        const known = given.get(old) ?? `t${(count += 1)}`;
        given.set(old, known);
        return known;
      };
      const bytes = renameTensors(setMetadata(dropStoredShapes(fixture.bytes), {}), rename);
      const head = headOf(onnxFromBytes(name, bytes));
      assert.ok(original !== null && head !== null);
      // Only metadata tell which release exported a classifier.
      const era = original.kind === 'classifier' ? 'unknown' : original.era;
      assert.deepEqual(JSON.parse(JSON.stringify(head)), renamed({ ...original, era }, rename));
    });
  }

  it('reads the anchors of YOLOv5 from the graph', () => {
    const head = headOf(onnxFixture('heads/yolov5-7.0-detect'));
    assert.ok(head?.kind === 'anchors');
    // The default anchors of YOLOv5 (yolov5s.yaml), in pixels.
    const anchors = [10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326];
    assert.deepEqual(head.anchorSizes, anchors);
    assert.equal(head.anchorsPerLevel, 3);
  });

  it('finds keypoints, masks and angle', () => {
    const extra = (name: string): unknown => {
      const head = headOf(onnxFixture(name));
      return head?.kind === 'anchor-free' ? head.extra : null;
    };
    assert.deepEqual(extra('heads/u8.4-yolov8-pose'), {
      kind: 'keypoint',
      tensor: '/model.22/Concat_2_output_0',
      points: 4,
      dimensions: 3,
    });
    // Up to 8.3 the extra branch is joined first (conversion.md 6.2).
    assert.deepEqual(extra('heads/u8.3-yolov8-pose'), {
      kind: 'keypoint',
      tensor: '/model.22/Concat_output_0',
      points: 4,
      dimensions: 3,
    });
    assert.deepEqual(extra('heads/u8.4-yolo11-segment'), {
      kind: 'mask',
      tensor: '/model.23/Concat_2_output_0',
      channels: 32,
      prototype: 'output1',
    });
    assert.deepEqual(extra('heads/u8.4-yolo11-obb'), {
      kind: 'angle',
      tensor: '/model.23/Concat_2_output_0',
      sigmoid: '/model.23/Sigmoid_output_0',
    });
  });

  it('recognises a head behind an open input, and gives no size', () => {
    const { bytes } = onnxFixture('heads/u8.4-yolov8-detect');
    const open = onnxFromBytes('open', setInputShape(bytes, ['batch', 3, 'height', 'width']));
    const recognized = recognizeModel(open.model, open.source);
    assert.equal(recognized.openInput, true);
    assert.equal(recognized.head?.family, 'yolov8');
    assert.equal(recognized.head.inputSize, null);
  });

  it('lets the structure overrule a description that cannot be true', () => {
    const { bytes } = onnxFixture('heads/u8.4-yolov8-detect');
    const family = (description: string): string | undefined =>
      headOf(onnxFromBytes('told', setMetadata(bytes, { description })))?.family;
    assert.equal(family('Ultralytics YOLOv8n model trained on coco.yaml'), 'yolov8');
    assert.equal(family('Ultralytics YOLOv5nu model'), 'yolov5u');
    assert.equal(family('Ultralytics YOLO26n model'), 'yolov8');
    assert.equal(family('my shapes'), 'yolov8');
  });

  it('finds no head where there is none', () => {
    const { bytes } = onnxFixture('heads/u8.4-yolov8-detect');
    // A sigmoid that became something else: boxes and scores no longer meet as they do in a head.
    const text = new TextEncoder();
    const sigmoid = text.encode('Sigmoid');
    const broken = Uint8Array.from(bytes);
    for (let at = 0; at + sigmoid.length < broken.length; at += 1) {
      // op_type is field 4 of a node: key 0x22, length 7.
      if (broken[at] !== 0x22 || broken[at + 1] !== 7) continue;
      if (sigmoid.every((byte, index) => broken[at + 2 + index] === byte)) broken.set(text.encode('Softmin'), at + 2);
    }
    assert.equal(headOf(onnxFromBytes('broken', broken)), null);
  });
});
