import assert from 'node:assert/strict';
import { recipeCodes } from '../../../server/src/core/problems/codes';
import { readRecipe } from '../../../server/src/core/recipe/read';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { applyFix } from '../../support/text-edits';

const FILE = 'shapes.maixcam.yaml';
const GOOD = 'board: maixcam\ndataset: data.yaml\ntrain:\n  model: yolov8n\n';

/** Each code: a text that has it (the marked part `⟦…⟧` is its range), and what the preferred fix makes of it. */
const failing: readonly (readonly [code: string, text: string, fixed?: string])[] = [
  ['RECIPE001', 'board: "maixcam⟦⟧'],
  ['RECIPE001', 'board: maixcam\noutputs: [a⟦⟧'],
  ['RECIPE002', '⟦- maixcam\n⟧'],
  ['RECIPE002', `${GOOD}⟦⟧---\nboard: maixcam2\n`],
  ['RECIPE003', `${GOOD}⟦deplyo⟧:\n  user: root\n`, `${GOOD}deploy:\n  user: root\n`],
  ['RECIPE003', `${GOOD}  ⟦imgsz⟧: 320\n`, `${GOOD}  image-size: 320\n`],
  ['RECIPE003', `${GOOD}  ⟦train.epochs⟧: 320\n`],
  [
    'RECIPE003',
    `{ board: maixcam, onnx: a, dataset: b, ⟦lables⟧: auto }`,
    `{ board: maixcam, onnx: a, dataset: b, labels: auto }`,
  ],
  ['RECIPE001', `${GOOD}export:\n⟦\t⟧size: 320x224\n`, `${GOOD}export:\n  size: 320x224\n`],
  ['RECIPE004', `${GOOD}⟦board⟧: maixcam2\n`],
  ['RECIPE004', `${GOOD}  ⟦model⟧: yolov8n\nexport:\n`, `${GOOD}export:\n`],
  ['RECIPE005', '⟦d⟧ataset: data.yaml\ntrain: {}\n'],
  ['RECIPE006', `${GOOD}  epochs: ⟦"12"⟧\n`, `${GOOD}  epochs: 12\n`],
  ['RECIPE006', `${GOOD}  epochs: ⟦1.5⟧\n`],
  ['RECIPE006', `${GOOD}labels: ⟦{ a: b }⟧\n`],
  ['RECIPE006', `${GOOD}labels: [cat, ⟦1⟧]\n`, `${GOOD}labels: [cat, "1"]\n`],
  ['RECIPE006', `${GOOD}compare:\n  iou: ⟦"0,6"⟧\n`, `${GOOD}compare:\n  iou: 0.6\n`],
  ['RECIPE006', 'board: maixcam\ndataset: ⟦[a b.yaml]⟧\ntrain:\n', 'board: maixcam\ndataset: a b.yaml\ntrain:\n'],
  ['RECIPE009', `${GOOD}  device: ⟦cuda:0⟧\n`, `${GOOD}  device: 0\n`],
  ['RECIPE009', `${GOOD}outputs: ⟦Auto⟧\n`, `${GOOD}outputs: auto\n`],
  [
    'RECIPE007',
    'board: ⟦maxicam⟧\nonnx: a.onnx\ndataset: data.yaml\n',
    'board: maixcam\nonnx: a.onnx\ndataset: data.yaml\n',
  ],
  ['RECIPE008', `${GOOD}compare: { iou: ⟦1.5⟧ }\n`],
  ['RECIPE009', `${GOOD}export:\n  size: ⟦320 x 224⟧ # small\n`, `${GOOD}export:\n  size: 320x224 # small\n`],
  ['RECIPE009', `${GOOD}deploy:\n  host: ⟦root@board⟧\n`],
  ['RECIPE010', `${GOOD}convert:\n  tolerance: ⟦[0.9]⟧\n`],
  ['RECIPE011', `${GOOD}labels: &a [x]\noutputs: ⟦*a⟧\n`],
  ['RECIPE011', `${GOOD}labels: [&a x y]\noutputs: [b, ⟦*a⟧]\n`, `${GOOD}labels: [&a x y]\noutputs: [b, x y]\n`],
  ['RECIPE012', `${GOOD}export:\n  size: ⟦320x220⟧\n`, `${GOOD}export:\n  size: 320x224\n`],
  ['RECIPE012', `${GOOD}  image-size: ⟦330⟧\n`, `${GOOD}  image-size: 352\n`],
  ['RECIPE013', 'board: maixcam\n⟦dataset⟧: data.yaml\n'],
  ['RECIPE013', 'board: maixcam\n⟦train⟧:\n  epochs: 3\n'],
  ['RECIPE014', `onnx: best.onnx\nboard: maixcam\ndataset: data.yaml\n⟦train⟧: {}\n`],
  [
    'RECIPE015',
    'board: maixcam\ntask: pose\ndataset: d.yaml\ntrain:\n  model: ⟦yolo11s.pt⟧\n',
    'board: maixcam\ntask: pose\ndataset: d.yaml\ntrain:\n  model: yolo11s-pose.pt\n',
  ],
  ['RECIPE016', 'board: maixcam\n⟦onnx⟧: best.onnx\n'],
  [
    'RECIPE017',
    'board: maixcam2\nonnx: best.onnx\nconvert:\n  precision: ⟦bf16⟧\n',
    'board: maixcam2\nonnx: best.onnx\nconvert:\n  precision: int8\n',
  ],
  ['RECIPE018', `${GOOD}  args:\n    lr0: 0.01\n    ⟦imgsz⟧: 320\n`],
  ['RECIPE018', `${GOOD}  args: { lr0: 0.01, ⟦save_dir⟧: /elsewhere }\n`],
  ['RECIPE018', `${GOOD}  args: { ⟦cfg⟧: mine.yaml }\n`],
  ['RECIPE018', `${GOOD}  args: { ⟦save⟧: false }\n`],
  ['RECIPE019', 'board: maixcam\ndataset: d.yaml\ntrain: { model: yolov8n.pt, ⟦width⟧: 0.0625 }\n'],
  ['RECIPE020', `${GOOD}outputs: [a, b, ⟦a⟧]\n`],
  ['RECIPE020', `${GOOD}labels:\n  - cat\n  - ⟦cat⟧\n`],
  ['RECIPE021', `${GOOD}deploy:\n  folder: ⟦/root/models/../..⟧\n`],
  ['RECIPE022', `${GOOD}deploy:\n  host: ⟦10.0.0.1:70000⟧\n`],
  ['RECIPE023', `${GOOD}  device: ⟦"1,0"⟧\n`, `${GOOD}  device: 1\n`],
  ['RECIPE023', `${GOOD}  device: ⟦0,1⟧ # both\n`, `${GOOD}  device: 0 # both\n`],
  [
    'RECIPE033',
    `${GOOD}  args: { ⟦optimiser⟧: AdamW, lr0: 0.01 }\n`,
    `${GOOD}  args: { optimizer: AdamW, lr0: 0.01 }\n`,
  ],
  ['RECIPE033', `${GOOD}  args:\n    ⟦colour⟧: red\n`],
];

/** Their examples: path-rules.test.ts and file-problems.test.ts. */
const NEED_THE_DISK = [24, 25, 26, 27, 28, 29, 30, 31, 32].map((code) => `RECIPE0${code}`);

/** Texts near the mistakes above that are right. */
const passing: readonly string[] = [
  GOOD,
  'board: maixcam\ndataset: data.yaml\ntrain:\n',
  'board: maixcam2\nonnx: best.onnx\nconvert:\n  calibration:\n    folder: pictures\n',
  'board: maixcam\nonnx: best.onnx\nconvert: { precision: bf16 }\n',
  'board: maixcam-pro\ntask: pose\ndataset: d.yaml\ntrain:\n  model: models/hand.pt\n',
  'board: maixcam\ndataset: d.yaml\ntrain: { model: custom.yaml, width: 0.0625, device: 0, args: { lr0: 0.005 } }\n',
  `${GOOD}export: { size: 640x480 }\noutputs: [a, b]\nlabels: [cat, dog]\n`,
  `${GOOD}deploy:\n  host: "[fe80::1]:2222"\n  folder: /root/models/my..model\n`,
  `${GOOD}compare: { confidence: 0, iou: 1, keypoint-distance: 0.05 }\n`,
];

describe('recipe rules', () => {
  for (const [code, marked, fixed] of failing) {
    it(`${code}: ${JSON.stringify(marked.slice(-40))}`, () => {
      const start = marked.indexOf('⟦');
      const end = marked.indexOf('⟧') - 1;
      const text = marked.replace(/[⟦⟧]/g, '');
      const lines = new LineIndex(text);
      const { problems } = readRecipe(text, FILE);
      const hit = problems.find((problem) => problem.code === code);
      assert.ok(hit, `found ${problems.map((problem) => `${problem.code} ${problem.message}`).join('; ')}`);
      assert.deepEqual(hit.range, lines.range(start, end), JSON.stringify(hit));
      assert.match(hit.message, /[.?]$/);
      assert.equal(problems.length, 1, JSON.stringify(problems));
      if (fixed === undefined) return;
      const fix = hit.fixes?.find((each) => each.preferred);
      assert.ok(fix);
      assert.equal(applyFix(text, fix), fixed);
      assert.deepEqual(
        readRecipe(fixed, FILE).problems.filter((problem) => problem.code === code),
        [],
      );
    });
  }

  it('every code of the catalogue has an example', () => {
    const covered = [...new Set([...failing.map(([code]) => code), ...NEED_THE_DISK])].sort();
    assert.deepEqual(covered, Object.keys(recipeCodes));
  });

  /** Fixes that need a choice: the title of one, and what it makes of the text. */
  const offered: readonly (readonly [code: string, text: string, title: string, after: string])[] = [
    ['RECIPE003', `${GOOD}task: detect\ntaks: pose\n`, 'Remove taks', `${GOOD}task: detect\n`],
    ['RECIPE005', 'onnx: a\ndataset: b\n', 'Add board: maixcam2', 'board: maixcam2\nonnx: a\ndataset: b\n'],
    ['RECIPE005', '{ onnx: a, dataset: b }', 'Add board: maixcam', '{ board: maixcam, onnx: a, dataset: b }'],
    ['RECIPE004', `${GOOD}board: maixcam2\n`, 'Remove this one', GOOD],
    ['RECIPE004', `${GOOD}train: {}\n`, 'Remove the one in line 3', 'board: maixcam\ndataset: data.yaml\ntrain: {}\n'],
    ['RECIPE006', `${GOOD}  epochs:\n`, 'Write 100', `${GOOD}  epochs: 100\n`],
    ['RECIPE007', `${GOOD}task: boxes\n`, 'Write detect', `${GOOD}task: detect\n`],
    ['RECIPE008', `${GOOD}  batch: 0\n`, 'Write 1', `${GOOD}  batch: 1\n`],
    ['RECIPE009', `${GOOD}labels: cat, dog\n`, 'Write [cat, dog]', `${GOOD}labels: [cat, dog]\n`],
    [
      'RECIPE009',
      `${GOOD}deploy: { host: ssh://root@10.0.0.1:22 }\n`,
      'Write 10.0.0.1:22',
      `${GOOD}deploy: { host: 10.0.0.1:22 }\n`,
    ],
    [
      'RECIPE009',
      `${GOOD}deploy: { folder: shapes }\n`,
      'Write /root/models/shapes',
      `${GOOD}deploy: { folder: /root/models/shapes }\n`,
    ],
    ['RECIPE010', `${GOOD}outputs: []\n`, 'Write auto', `${GOOD}outputs: auto\n`],
    [
      'RECIPE013',
      'board: maixcam\ndataset: d.yaml\n',
      'Add a training',
      'board: maixcam\ndataset: d.yaml\ntrain:\n  epochs: 100\n',
    ],
    [
      'RECIPE014',
      'onnx: a\nboard: maixcam\ndataset: d\ntrain:\n',
      'Remove train',
      'onnx: a\nboard: maixcam\ndataset: d\n',
    ],
    ['RECIPE018', `${GOOD}  args:\n    imgsz: 320\n    lr0: 0.1\n`, 'Remove imgsz', `${GOOD}  args:\n    lr0: 0.1\n`],
    [
      'RECIPE019',
      'board: maixcam\ndataset: d\ntrain: { model: a.pt, width: 1 }\n',
      'Start from nothing',
      'board: maixcam\ndataset: d\ntrain: { model: a, width: 1 }\n',
    ],
    [
      'RECIPE021',
      `${GOOD}deploy:\n  folder: /a/../b\n`,
      'Write deploy.folder: /root/models/b',
      `${GOOD}deploy:\n  folder: /root/models/b\n`,
    ],
  ];
  for (const [code, text, title, after] of offered) {
    it(`${code} offers ${title}`, () => {
      const { problems } = readRecipe(text, FILE);
      const fixes = problems.flatMap((problem) => (problem.code === code ? (problem.fixes ?? []) : []));
      const fix = fixes.find((each) => each.title === title);
      assert.ok(fix, fixes.map((each) => each.title).join('; '));
      assert.equal(fix.preferred, false);
      assert.equal(applyFix(text, fix), after);
      assert.deepEqual(readRecipe(after, FILE).problems, []);
    });
  }

  for (const text of passing) {
    it(`accepts ${JSON.stringify(text.slice(-50))}`, () => {
      const { recipe, problems } = readRecipe(text, FILE);
      assert.deepEqual(problems, []);
      assert.notEqual(recipe, null);
    });
  }
});
