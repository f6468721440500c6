import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { recipeLanguage } from '../../../server/src/core/recipe/service';
import { DiskFiles } from '../../../server/src/node/language-files';
import { useTempFolder } from '../../support/temp-folder';
import { applyFix } from '../../support/text-edits';

const TRAIN = 'board: maixcam\ndataset: data.yaml\ntrain:\n';
const ONNX = 'board: maixcam\nonnx: best.onnx\nconvert:\n  calibration:\n    folder: pictures\n';

type Failing = readonly [
  code: string,
  text: string,
  fixes: readonly string[],
  /** Text after the preferred fix; null: none is preferred. */
  fixed: string | null,
];

const failing: readonly Failing[] = [
  ['RECIPE024', TRAIN.replace('data.yaml', 'dta.yaml'), ['data.yaml'], TRAIN],
  [
    'RECIPE024',
    TRAIN.replace('data.yaml', '"sets\\\\hand.yml"'),
    ['sets/hand.yml'],
    TRAIN.replace('data.yaml', '"sets/hand.yml"'),
  ],
  [
    'RECIPE024',
    TRAIN.replace('data.yaml', 'hand.yml # x'),
    ['sets/hand.yml'],
    TRAIN.replace('data.yaml', 'sets/hand.yml # x'),
  ],
  ['RECIPE024', TRAIN.replace('data.yaml', 'fruit.yaml'), ['data.yaml', 'ünï, co.yaml'], null],
  [
    'RECIPE024',
    TRAIN.replace('data.yaml', 'uni, co.yaml'),
    ['ünï, co.yaml'],
    TRAIN.replace('data.yaml', '"ünï, co.yaml"'),
  ],
  [
    'RECIPE024',
    `task: classify\n${TRAIN.replace('data.yaml', 'pictrues')}`,
    ['pictures'],
    `task: classify\n${TRAIN.replace('data.yaml', 'pictures')}`,
  ],
  ['RECIPE025', ONNX.replace('best.onnx', 'bset.onnx'), ['best.onnx'], ONNX],
  ['RECIPE025', 'board: maixcam\nonnx: "nothing/here.onnx"\ndataset: data.yaml\n', ['best.onnx'], null],
  ['RECIPE026', `${TRAIN}  model: yolov8n.yaml\n`, ['yolov8n'], `${TRAIN}  model: yolov8n\n`],
  ['RECIPE026', `${TRAIN}  model: yolo11s.pt\n`, ['yolo11s', 'sets/mine.pt'], null],
  ['RECIPE026', `${TRAIN}  model: sets/min.pt\n`, ['sets/mine.pt'], `${TRAIN}  model: sets/mine.pt\n`],
  ['RECIPE027', ONNX.replace('pictures', 'picture'), ['pictures'], ONNX],
  ['RECIPE028', TRAIN.replace('data.yaml', 'sets'), ['sets/hand.yml'], TRAIN.replace('data.yaml', 'sets/hand.yml')],
  ['RECIPE028', TRAIN.replace('data.yaml', 'best.onnx'), ['data.yaml'], null],
  ['RECIPE028', `task: classify\n${TRAIN}`, [], null],
  ['RECIPE028', ONNX.replace('best.onnx', 'sets'), ['best.onnx'], null],
  ['RECIPE028', ONNX.replace('pictures', 'pictures/1.jpg'), [], null],
  ['RECIPE016', ONNX.replace('pictures', 'empty'), [], null],
];

const passing: readonly string[] = [
  TRAIN,
  ONNX,
  `${TRAIN}  model: sets/mine.pt\n`,
  `${TRAIN}  model: yolo11n\n`,
  TRAIN.replace('data.yaml', './sets/../data.yaml'),
  `task: classify\n${TRAIN.replace('data.yaml', 'pictures')}`,
  // The folder has no pictures itself, but the folders in it are searched too.
  ONNX.replace('pictures', '.'),
];

describe('recipe paths', () => {
  const folder = useTempFolder();
  const document = (text: string): Parameters<typeof recipeLanguage.validate>[0] => {
    return { path: folder.file('shapes.maixcam.yaml'), text, files: new DiskFiles() };
  };
  beforeEach(() => {
    for (const name of [
      'data.yaml',
      'ünï, co.yaml',
      'best.onnx',
      'other.maixcam.yaml',
      'sets/hand.yml',
      'sets/mine.pt',
      'pictures/1.jpg',
      'empty/notes.txt',
    ]) {
      mkdirSync(path.dirname(folder.file(name)), { recursive: true });
      writeFileSync(folder.file(name), '');
    }
  });

  for (const [code, text, titles, fixed] of failing) {
    it(`${code}: ${JSON.stringify(text.slice(-60))}`, () => {
      const problems = recipeLanguage.validate(document(text));
      assert.deepEqual(
        problems.map((problem) => [problem.code, problem.severity]),
        [[code, 'error']],
        JSON.stringify(problems),
      );
      const fixes = problems[0]?.fixes ?? [];
      const written = fixes.map(({ title }) => title.replace(/^Write [\w.-]+: /, ''));
      assert.deepEqual(written.slice(0, titles.length), titles);
      if (titles.length === 0)
        assert.equal(
          fixes.some(({ preferred }) => preferred),
          false,
        );
      const preferred = fixes.filter((fix) => fix.preferred);
      if (fixed === null) assert.deepEqual(preferred, []);
      else {
        assert.ok(preferred[0]);
        assert.equal(applyFix(text, preferred[0]), fixed);
        assert.deepEqual(recipeLanguage.validate(document(fixed)), []);
      }
    });
  }

  for (const text of passing) {
    it(`accepts ${JSON.stringify(text.slice(-50))}`, () => {
      assert.deepEqual(recipeLanguage.validate(document(text)), []);
    });
  }

  it('says nothing about paths of a document that lies on no disk', () => {
    for (const [, text] of failing) {
      assert.deepEqual(recipeLanguage.validate({ path: 'a.maixcam.yaml', text, files: null }), []);
    }
  });
});
