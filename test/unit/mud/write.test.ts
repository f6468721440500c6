import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromText, toText, type ByteString } from '../../../server/src/core/mud/bytes';
import { resolveLabels, type FileProbe } from '../../../server/src/core/mud/labels';
import { parseFloatList } from '../../../server/src/core/mud/numbers';
import { readMud } from '../../../server/src/core/mud/read';
import { writeMud, type MudDescription } from '../../../server/src/core/mud/write';
import { AppError } from '../../../server/src/core/problems/app-error';

const base: MudDescription = {
  files: { type: 'cvimodel', model: 'shapes.cvimodel' },
  modelType: 'yolo11',
  task: 'detector',
  inputType: 'rgb',
  mean: [0, 0, 0],
  scale: [1 / 255, 1 / 255, 1 / 255],
  labels: ['circle', 'square'],
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the device makes of a description once it is written. */
function reread(description: MudDescription): { keys: Map<string, string>; labels: string[] } {
  const written = writeMud(description);
  const reading = readMud('/root/models/m.mud', { kind: 'file', bytes: utf8(written.mud) });
  assert.equal(reading.error, null);
  const keys = new Map<string, string>();
  for (const [section, items] of reading.items) {
    for (const [key, value] of items) keys.set(`${section}.${key}`, toText(value));
  }
  const beside: FileProbe = {
    isFile: (path) => written.labelsFile !== null && path === `/root/models/${written.labelsFile.name}`,
    isFolder: () => true,
    read: () => utf8(written.labelsFile!.text),
  };
  const value: ByteString = reading.items.get('extra')!.get('labels')!;
  const labels = resolveLabels(value, '/root/models/m.mud', beside);
  assert.ok(labels.ok);
  return { keys, labels: labels.labels.map(toText) };
}

describe('mud: writing', () => {
  it('writes the safe form of the dialect', () => {
    const { mud, labelsFile } = writeMud({ ...base, task: 'pose', mean: [0], scale: [0.5] });
    assert.equal(
      mud,
      '[basic]\ntype = cvimodel\nmodel = shapes.cvimodel\n\n' +
        '[extra]\nmodel_type = yolo11\ntype = pose\ninput_type = rgb\nmean = 0\nscale = 0.5\nlabels = circle, square\n',
    );
    assert.equal(labelsFile, null);
  });

  it('marks a single label with a comma, so that it is never a file name', () => {
    assert.match(writeMud({ ...base, labels: ['face'] }).mud, /^labels = face,$/m);
  });

  it('names both model files of a MaixCAM2', () => {
    const { keys } = reread({
      ...base,
      files: { type: 'axmodel', modelNpu: 'a_npu.axmodel', modelVnpu: 'a_vnpu.axmodel' },
    });
    assert.equal(keys.get('basic.type'), 'axmodel');
    assert.equal(keys.get('basic.model_npu'), 'a_npu.axmodel');
    assert.equal(keys.get('basic.model_vnpu'), 'a_vnpu.axmodel');
  });

  it('puts labels with # or , in a file beside it', () => {
    const written = writeMud({ ...base, labels: ['C#', 'a,b', ''] });
    assert.match(written.mud, /^labels = labels\.txt$/m);
    assert.deepEqual(written.labelsFile, { name: 'labels.txt', text: 'C#\na,b\n\n' });
  });

  it('gives back any labels', () => {
    const label = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...Array.from('#,;=[]%"\'\\ \t\r\v\f\u00a0\u3000\ufeffé猫a')), maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), (labels) => {
        const trimmed = labels.map((text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
        fc.pre(trimmed.every((text) => !/[\n\0]/.test(text)));
        assert.deepEqual(reread({ ...base, labels }).labels, trimmed);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back the numbers, model and type', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 });
    const scale = number.filter((value) => Math.abs(value) > 1e-30);
    const usable = number.filter((value) => value === 0 || Math.abs(value) > 1e-30);
    fc.assert(
      fc.property(
        fc.constantFrom('yolov5' as const, 'yolov8' as const, 'yolo11' as const, 'yolo26' as const),
        fc.tuple(usable, usable, usable),
        fc.tuple(scale, scale, scale),
        fc.array(fc.tuple(scale, scale), { minLength: 1, maxLength: 9 }),
        (modelType, mean, scales, anchors) => {
          const { keys } = reread({ ...base, modelType, mean, scale: scales, anchors: anchors.flat() });
          assert.equal(keys.get('extra.model_type'), modelType);
          assert.deepEqual(
            parseFloatList(fromText(keys.get('extra.mean')!))!.map((n) => n + 0),
            mean.map((n) => Math.fround(n) + 0),
          );
          assert.deepEqual(parseFloatList(fromText(keys.get('extra.scale')!)), scales.map(Math.fround));
          assert.equal(keys.has('extra.anchors'), modelType === 'yolov5');
          assert.equal(keys.has('extra.type'), modelType === 'yolov8' || modelType === 'yolo11');
        },
      ),
    );
  });

  const refusals: [string, Partial<MudDescription>, string][] = [
    ['no labels', { labels: [] }, 'MUD_NO_LABELS'],
    ['a line break in a label', { labels: ['a\nb'] }, 'MUD_LABEL'],
    ['a label that the board would cut', { labels: ['x'.repeat(1023)] }, 'MUD_LABEL'],
    ['# in the model’s name', { files: { type: 'cvimodel', model: 'a#b.cvimodel' } }, 'MUD_PATH'],
    ['no model for MaixCAM2', { files: { type: 'axmodel' } }, 'MUD_NO_MODEL'],
    ['two mean values', { mean: [0, 0] }, 'MUD_CHANNELS'],
    ['a scale of 0', { scale: [0] }, 'MUD_SCALE'],
    ['a scale that float32 cannot hold', { scale: [1e-40] }, 'MUD_NUMBER'],
    ['NaN', { mean: [NaN] }, 'MUD_NUMBER'],
    ['yolov5 without anchors', { modelType: 'yolov5' }, 'MUD_ANCHORS'],
    ['an odd number of anchors', { modelType: 'yolov5', anchors: [1, 2, 3] }, 'MUD_ANCHORS'],
    ['gray pictures for a detector', { inputType: 'gray', mean: [0], scale: [1] }, 'MUD_INPUT_TYPE'],
  ];
  for (const [what, change, code] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => writeMud({ ...base, ...change }),
        (thrown) => thrown instanceof AppError && thrown.code === code && thrown.hint !== '',
      );
    });
  }
});

describe('mud: float lists as std::stof reads them (mud.md 3.1)', () => {
  const accepted: [string, number[]][] = [
    ['0, 0, 0', [0, 0, 0]],
    ['1/255', [1]],
    ['0,00392', [0, 392]],
    ['0 0 0', [0]],
    ['127.5,127.5127.5', [127.5, Math.fround(127.5127)]],
    ['1e-3', [Math.fround(0.001)]],
    ['.5', [0.5]],
    ['5.', [5]],
    ['+1', [1]],
    ['-1', [-1]],
    ['0x10', [16]],
    ['0x1.8p1', [3]],
    ['inf', [Infinity]],
    ['nan', [NaN]],
    ['123.6f', [Math.fround(123.6)]],
    ['1_000', [1]],
    ['0,0,0 ; c', [0, 0, 0]],
  ];
  for (const [text, values] of accepted) it(JSON.stringify(text), () => assert.deepEqual(parseFloatList(text), values));
  for (const text of ['0,0,0,', '', ',', '0,,0', '[0,0,0]', '"0",0', '1e39', '1e-40', 'abc', '１']) {
    it(`${JSON.stringify(text)} is refused`, () => assert.equal(parseFloatList(fromText(text)), null));
  }
});
