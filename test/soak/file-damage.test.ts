import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { checkAxmodel, readAxmodel } from '../../server/src/core/axmodel/read';
import { checkCvimodel } from '../../server/src/core/cvimodel/check';
import { readCvimodel } from '../../server/src/core/cvimodel/read';
import { bytesOf } from '../../server/src/core/mud/bytes';
import { resolveLabels } from '../../server/src/core/mud/labels';
import { parseFloatList } from '../../server/src/core/mud/numbers';
import { readMud } from '../../server/src/core/mud/read';
import { bytesSource } from '../../server/src/core/ports';
import { AppError } from '../../server/src/core/problems/app-error';
import { readRecipe } from '../../server/src/core/recipe/read';
import { editRecipe } from '../../server/src/core/recipe/write';
import { identify } from '../../server/src/node/identify';
import { campaign, type Random } from '../support/campaign';
import { damage } from '../support/damage';
import { onnxFixture } from '../support/onnx-fixtures';

const CVIMODELS = ['yolo11-classify', 'yolo26-detect-6out', 'yolo11-segment-2out'];

const RECIPES = [
  'board: maixcam\ndataset: data.yaml\ntrain: { model: yolov8n }\nexport: { size: 320x224 }\n',
  [
    '# A recipe with most keys.',
    'board: maixcam2',
    'task: pose',
    'dataset: "sets/hand é.yaml"',
    'train: { model: yolo11n-pose, width: 0.125, epochs: 3, batch: 4, image-size: 320, seed: 7, device: "0,1",',
    '  args: { lr0: 0.005, optimizer: AdamW, amp: false, classes: [0, 1], freeze: null } }',
    'export: { size: 640x480, opset: 16 }',
    'outputs: [one, two] # by hand',
    'convert:',
    '  precision: bf16',
    '  calibration: { pictures: 20, folder: ./pictures, seed: 3 }',
    '  tolerance: [0.8, 0.4]',
    'labels: [hand]',
    'compare:',
    '  minimum: 0.8',
    'deploy: { host: "127.0.0.1:2222", user: me, folder: /root/hand }',
  ].join('\r\n'),
  'board: &b maixcam\ntrain:\n  <<: *b\n  args: !!map { a: *b, ? [x] : |-\n    y\n }\n---\nonnx: a.onnx\n...\n',
];

/** YAML that asks much of a reader. */
const YAML_PIECES = ['&a', '*a', '<<: *a', '!!binary', '? ', '- ', '[', '{', ']', '}', ': ', '|', '>-', '---\n', '\t']
  .concat(['\u0000', '\ufeff', '😀', '__proto__: x\n', 'constructor: x\n', '0x1f', '.inf', '.nan', '1e999', '~', '"'])
  .concat(["'", '%YAML 9.9\n', 'board: maixcam\n', '[[[[[[[[[[[[[[[[[[[[', '&x [*x]', '1'.repeat(400)]);

/** Values that are wrong for most keys. */
const YAML_VALUES = [
  '',
  '0',
  '-1',
  '1e999',
  '0x20',
  'true',
  'null',
  'auto',
  'pose',
  'a b',
  '"é 图"',
  '[]',
  '[1, [2, {}]]',
].concat(['{}', '{ a: { b: c } }', '320x224', '1000000x7', '../..', '/', '!!str 7', '2026-11-23', '"\\u0000"', '~']);

function damagedText(random: Random): string {
  const encoded = RECIPES.map((recipe) => new TextEncoder().encode(recipe));
  const text = new TextDecoder().decode(damage(random.pick(encoded), random.pick(encoded), random));
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(YAML_PIECES) + text.slice(at);
}

/** Whole lines dropped, doubled, moved or given another value: what is left is mostly YAML. */
function damagedLines(random: Random): string {
  const lines = random.pick(RECIPES).split('\n');
  for (let times = 1 + random.below(4); times > 0 && lines.length > 1; times -= 1) {
    const at = random.below(lines.length);
    const line = lines[at] ?? '';
    const change = random.pick(['drop', 'double', 'move', 'value', 'value', 'value']);
    if (change === 'value') lines[at] = line.replace(/: .*$/, () => `: ${random.pick(YAML_VALUES)}`);
    else if (change === 'double') lines.splice(at, 0, line);
    else lines.splice(at, 1);
    if (change === 'move') lines.splice(random.below(lines.length + 1), 0, line);
  }
  return lines.join('\n');
}

/** `accepted`, or the code of the refusal; what is no message for a person is a defect. */
function endOf(action: () => void): string {
  try {
    action();
    return 'accepted';
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    assert.notEqual(thrown.message, '');
    assert.notEqual(thrown.hint, '');
    return thrown.code;
  }
}

describe('soak: damaged files of other kinds', () => {
  const unpack = (file: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(file)));
  let cvimodels: readonly Uint8Array[] = [];
  let axmodel: Uint8Array = new Uint8Array();
  let muds: readonly Uint8Array[] = [];
  before(() => {
    cvimodels = CVIMODELS.map((name) => unpack(`test/fixtures/cvimodel/${name}.cvimodel.gz`));
    // An axmodel is an ONNX container that names its producer in field 2 of the file; the last of a field counts.
    const producer = Buffer.from([0x12, 7, ...Buffer.from('Pulsar2')]);
    axmodel = new Uint8Array(Buffer.concat([onnxFixture('heads/u8.4-yolov8-classify').bytes, producer]));
    const text = Buffer.from(unpack('test/fixtures/mud/mud-conformance.json.gz')).toString('utf8');
    const { cases } = JSON.parse(text) as { cases: readonly { bytes_b64?: string }[] };
    muds = cases.flatMap(({ bytes_b64: bytes }) => (bytes ? [new Uint8Array(Buffer.from(bytes, 'base64'))] : []));
  });

  campaign('damaged cvimodel files', 10_000, ({ random }) => {
    const bytes = random.pick(cvimodels);
    // Header and description come first; weights and programs after them need no reader.
    const description = 48 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
    const place = (length: number): number => random.below(random.chance(0.9) ? Math.min(length, description) : length);
    const damaged = bytesSource(damage(bytes, random.pick(cvimodels), random, place));
    identify(damaged);
    return endOf(() => {
      for (const problem of checkCvimodel(readCvimodel(damaged))) assert.notEqual(problem.hint, '');
    });
  });

  campaign('damaged axmodel files', 4000, ({ random }) => {
    const damaged = bytesSource(damage(axmodel, cvimodels[0] ?? axmodel, random));
    identify(damaged);
    return endOf(() => {
      for (const problem of checkAxmodel(readAxmodel(damaged))) assert.notEqual(problem.hint, '');
    });
  });

  campaign('damaged MUD files', 100_000, ({ random }) => {
    const bytes = damage(random.pick(muds), random.pick(muds), random);
    const reading = readMud('/root/models/a.mud', { kind: 'file', bytes });
    assert.equal(reading.loads, reading.error === null);
    for (const values of reading.items.values()) {
      for (const value of values.values()) {
        const beside = { isFile: () => true, isFolder: () => true, read: () => bytesOf(value) };
        const labels = resolveLabels(value, '/root/models/a.mud', beside);
        assert.ok(labels.ok || labels.message !== '');
        parseFloatList(value);
      }
    }
    return reading.loads ? 'loads' : (reading.error?.code ?? '');
  });

  campaign('damaged recipes', 20_000, ({ random }) => {
    const text = random.chance(0.3) ? damagedText(random) : damagedLines(random);
    const { recipe, problems } = readRecipe(text, 'a.maixcam.yaml');
    const lines = text.split(/\r\n|\r|\n/).length;
    for (const { message, range } of problems) {
      assert.notEqual(message, '');
      assert.ok(range.start.line >= 0 && range.start.line < lines, `line ${range.start.line} of ${lines}`);
    }
    const errors = problems.filter((problem) => problem.severity === 'error');
    assert.ok(recipe !== null || errors.length > 0, 'no recipe and no reason');
    const edited = endOf(() => {
      const after = editRecipe(text, ['deploy', 'host'], '10.0.0.7');
      if (recipe !== null && errors.length === 0) {
        assert.equal(readRecipe(after, 'a.maixcam.yaml').recipe?.deploy.host, '10.0.0.7');
      }
    });
    return errors.length === 0 ? 'valid' : edited === 'accepted' ? 'invalid' : 'unreadable';
  });
});
