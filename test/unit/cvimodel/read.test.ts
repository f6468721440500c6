import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { checkCvimodel } from '../../../server/src/core/cvimodel/check';
import type { CviTensor, Cvimodel } from '../../../server/src/core/cvimodel/model';
import { readCvimodel } from '../../../server/src/core/cvimodel/read';
import { bytesSource } from '../../../server/src/core/ports';
import { AppError } from '../../../server/src/core/problems/app-error';

const FOLDER = 'test/fixtures/cvimodel';
const NAMES = [
  'yolo11-classify',
  'yolo11-obb-2out',
  'yolo11-segment-2out',
  'yolo26-detect-6out',
  'yolov8-detect-2out',
  'yolov8-pose-2out',
];

const model = (name: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(`${FOLDER}/${name}.cvimodel.gz`)));
const read = (bytes: Uint8Array): Cvimodel => readCvimodel(bytesSource(bytes));
const codes = (bytes: Uint8Array): string[] => checkCvimodel(read(bytes)).map((problem) => problem.code);

/** What `model_tool --info` of the converter prints about the same file. */
function secondOpinion(name: string): {
  memory: string;
  inputs: string[];
  outputs: string[];
  tensors: Map<string, { type: string; shape: number[]; scale: string; memory: string }>;
  sections: { type: string; name: string; size: number; offset: number }[];
} {
  const text = gunzipSync(readFileSync(`${FOLDER}/${name}.info.txt.gz`)).toString('utf8');
  const names = (key: string): string[] => new RegExp(`^ {4}${key} +: (.*)$`, 'm').exec(text)![1]!.split(',');
  const tensors = new Map<string, { type: string; shape: number[]; scale: string; memory: string }>();
  const map = text.slice(text.indexOf('tensor_map'));
  for (const match of map.matchAll(/^ +\d{3} +\d+ +(\S+) +(\d+) +(\d+) +(\d+) +(\d+) +(\S+) +(\S+) +(\S+)$/gm)) {
    const [, type, n, c, h, w, scale, memory, tensor] = match;
    tensors.set(tensor!, { type: type!, shape: [n, c, h, w].map(Number), scale: scale!, memory: memory! });
  }
  const sections = text.slice(text.indexOf('Sections:'), text.indexOf('WeightMap:'));
  return {
    memory: /Memory Size: \((\S+) MB\)/.exec(text)![1]!,
    inputs: names('inputs'),
    outputs: names('outputs'),
    tensors,
    sections: [...sections.matchAll(/^\d{3} +(\S+) +(\S+) +(\d+) +(\d+) +[0-9a-f]{32}$/gm)].map((match) => ({
      type: match[1]!,
      name: match[2]!,
      size: Number(match[3]),
      offset: Number(match[4]),
    })),
  };
}

const SHORT_TYPES: Readonly<Record<string, string>> = { fp32: 'float32', int8: 'int8' };

describe('cvimodel: agrees with the converter’s own tool', () => {
  for (const name of NAMES) {
    it(name, () => {
      const ours = read(model(name));
      const theirs = secondOpinion(name);
      const compare = (tensors: readonly CviTensor[], names: string[]): void => {
        assert.deepEqual(
          tensors.map((tensor) => tensor.name),
          names,
        );
        for (const tensor of tensors) {
          const other = theirs.tensors.get(tensor.name)!;
          assert.equal(tensor.type, SHORT_TYPES[other.type]);
          assert.deepEqual(tensor.shape, other.shape);
          assert.equal(tensor.scale.toFixed(6), other.scale);
          assert.equal(tensor.ioMemory, other.memory === 'io_mem');
        }
      };
      compare(ours.inputs, theirs.inputs);
      compare(ours.outputs, theirs.outputs);
      assert.equal((ours.memory.total / 1024 / 1024).toFixed(2), theirs.memory);
      assert.deepEqual(
        ours.sections.map(({ type, name: section, size, offset }) => ({ type, name: section, size, offset })),
        theirs.sections,
      );
      assert.equal(ours.chip, 'cv181x');
      assert.equal(ours.checksum, 'matches');
      assert.deepEqual(checkCvimodel(ours), []);
    });
  }
});

describe('cvimodel: damaged and unsuitable files', () => {
  const good = model('yolo11-classify');
  const changed = (change: (bytes: Uint8Array, view: DataView) => void): Uint8Array => {
    const bytes = good.slice();
    change(bytes, new DataView(bytes.buffer));
    return bytes;
  };
  /** As if the file had been made so: the checksum is left out. */
  const rebuilt = (change: (bytes: Uint8Array) => void): Uint8Array =>
    changed((bytes) => {
      bytes.fill(0, 14, 30);
      change(bytes);
    });

  const throws = (bytes: Uint8Array, code: string): void => {
    assert.throws(
      () => read(bytes),
      (thrown) => thrown instanceof AppError && thrown.code === code && thrown.hint !== '',
    );
  };

  it('another magic', () =>
    throws(
      changed((bytes) => bytes.set([0x62, 0x6d], 0)),
      'CVIMODEL_MAGIC',
    ));
  it('an empty file', () => throws(new Uint8Array(0), 'CVIMODEL_MAGIC'));
  it('only a header', () => throws(good.slice(0, 40), 'CVIMODEL_TRUNCATED'));
  it('cut in the description', () => throws(good.slice(0, 1000), 'CVIMODEL_TRUNCATED'));
  it('cut in the weights', () => assert.deepEqual(codes(good.slice(0, good.length - 1)), ['CVIMODEL_TRUNCATED']));
  it('bytes after the end', () => {
    const longer = new Uint8Array(good.length + 3);
    longer.set(good);
    assert.deepEqual(codes(longer), ['CVIMODEL_TRAILING_BYTES']);
  });
  it('one changed bit in the weights', () => {
    const bytes = changed((all) => all.set([all[good.length - 5]! ^ 1], good.length - 5));
    assert.deepEqual(codes(bytes), ['CVIMODEL_CHECKSUM']);
  });
  it('a root offset outside the description', () => {
    throws(
      changed((_, view) => view.setUint32(48, 0xffff_fff0, true)),
      'CVIMODEL_INVALID',
    );
  });
  it('another chip', () => assert.deepEqual(codes(changed((bytes) => bytes.set([0x33], 34))), ['CVIMODEL_CHIP']));
  it('no checksum', () => {
    const bytes = rebuilt(() => undefined);
    assert.equal(read(bytes).checksum, 'absent');
    assert.deepEqual(codes(bytes), []);
  });
  it('a file that cvimodel_tool rewrote has no checksum', () => {
    assert.equal(read(changed((bytes) => bytes.set([0x41, 0x41], 46))).checksum, 'absent');
  });

  it('an input of bytes, as fused preprocessing makes it, and quantised outputs', () => {
    const { inputs, outputs, ...rest } = read(good);
    const fused = { ...inputs[0]!, name: 'images_raw', type: 'uint8' as const, pixelFormat: 'RGB_PACKED' };
    const quantised = { ...outputs[0]!, type: 'int8' as const };
    const problems = checkCvimodel({ ...rest, inputs: [fused], outputs: [quantised] });
    assert.deepEqual(
      problems.map((problem) => problem.code),
      ['CVIMODEL_INPUT_TYPE', 'CVIMODEL_OUTPUT_TYPE'],
    );
    assert.match(problems[0]!.message, /images_raw.*uint8.*RGB_PACKED/);
  });

  it('more memory than the board has', () => {
    const cvimodel = read(good);
    const problems = checkCvimodel({ ...cvimodel, memory: { ...cvimodel.memory, total: 200 * 1024 * 1024 } });
    assert.deepEqual(
      problems.map((problem) => problem.code),
      ['CVIMODEL_MEMORY'],
    );
  });

  it('any damage gives a value or an AppError, and changed content is noticed', () => {
    const view = new DataView(good.buffer, good.byteOffset, good.length);
    const describedEnd = 48 + view.getUint32(8, true);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 48, max: describedEnd - 1 }), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (damage) => {
          const bytes = good.slice();
          for (const [at, mask] of damage) bytes[at] = bytes[at]! ^ mask;
          if (damage.every(([at]) => bytes[at] === good[at])) return;
          try {
            assert.notDeepEqual(codes(bytes), []);
          } catch (thrown) {
            assert.ok(thrown instanceof AppError, String(thrown));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
