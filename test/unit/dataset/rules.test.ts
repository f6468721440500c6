import assert from 'node:assert/strict';
import { checkDataset } from '../../../server/src/core/dataset/read';
import { datasetRules } from '../../../server/src/core/dataset/rules';
import type { TrainingPlace } from '../../../server/src/core/dataset/places';
import { datasetFileProblems } from '../../../server/src/core/dataset/file-problems';
import { datasetCodes } from '../../../server/src/core/problems/codes';
import type { Fix } from '../../../server/src/core/problems/problem';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { memoryFiles, usualFiles } from './memory-files';

const FOLDER = '/home/me/set';
const FILE = `${FOLDER}/data.yaml`;
const GOOD = 'train: images/train\nval: images/val\nnames: [cat, dog]\n';
const POSE = 'train: images/train\nval: images/val\nnames: [face]\nkpt_shape: [3, 3]\n';

interface Example {
  readonly code: string;
  /** The marked part `⟦…⟧` is the problem's range. */
  readonly text: string;
  /** What the preferred fix makes of it. */
  readonly fixed?: string;
  readonly path?: string;
  readonly files?: readonly string[];
  readonly folders?: readonly string[];
  readonly lists?: Readonly<Record<string, string>>;
  readonly place?: TrainingPlace;
  /** Other codes that the text has as well. */
  readonly also?: readonly string[];
}

const failing: readonly Example[] = [
  { code: 'DATA001', text: `${GOOD}names: [cat⟦⟧` },
  { code: 'DATA001', text: `${GOOD}nc: 2 # ⟦\u0007⟧bell\n`, fixed: `${GOOD}nc: 2 # bell\n` },
  { code: 'DATA001', text: `${GOOD}⟦⟧---\nmore: 1\n` },
  { code: 'DATA002', text: '⟦- cat\n⟧' },
  { code: 'DATA002', text: '⟦⟧' },
  { code: 'DATA003', text: `⟦⟧${GOOD}`, path: `${FOLDER}/data.txt` },
  { code: 'DATA003', text: `⟦⟧${GOOD}`, path: `${FOLDER}/data.YAML` },
  {
    code: 'DATA004',
    text: '⟦⟧val: images/val\nnames: [cat]\n',
    fixed: 'val: images/val\nnames: [cat]\ntrain: images/train\n',
  },
  {
    code: 'DATA004',
    text: '⟦⟧train: images/train\nnames: [cat]',
    fixed: 'train: images/train\nnames: [cat]\nval: images/val\n',
  },
  {
    code: 'DATA005',
    text: 'train: images/train\n⟦valid⟧: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA006',
    text: 'train: images/train\n⟦validation⟧: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  { code: 'DATA006', text: `${GOOD}⟦validation⟧: images/val\n` },
  {
    code: 'DATA007',
    text: 'train: images/train\n⟦val⟧:\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA007',
    text: 'train: ⟦""⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA007',
    text: 'train: images/train\nval: ⟦None⟧\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA008',
    text: 'train: images/train\nval: ⟦images/vall⟧\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA008',
    text: 'train: ⟦Images/train⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  { code: 'DATA008', text: `${GOOD}test: ⟦nowhere⟧\n` },
  { code: 'DATA008', text: 'train: [images/train, ⟦elsewhere⟧]\nval: images/val\nnames: [cat]\n' },
  {
    code: 'DATA008',
    text: 'path: /home/me/moved\ntrain: ⟦images/train⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
    also: ['DATA008'],
  },
  {
    code: 'DATA009',
    text: `path: ⟦set⟧\n${GOOD}`,
    fixed: GOOD,
    place: { cwd: '/home/me', datasetsFolder: null },
  },
  { code: 'DATA009', text: `${GOOD}path: ⟦.⟧ # here\n`, fixed: GOOD },
  {
    code: 'DATA010',
    text: `path: ⟦set⟧\n${GOOD}`,
    place: { cwd: '/home/me', datasetsFolder: '/data' },
    folders: ['/data/set/images'],
    also: ['DATA009'],
  },
  {
    code: 'DATA011',
    text: 'train: ⟦images/train/*.jpg⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA012',
    text: 'train: ⟦images\\train⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  { code: 'DATA012', text: `path: ⟦D:/data/set⟧\n${GOOD}` },
  { code: 'DATA012', text: `path: ⟦~/set⟧\n${GOOD}` },
  {
    code: 'DATA013',
    text: 'train: images/train\nval: ⟦"images/val "⟧\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA013',
    text: `train: ⟦"'images/train'"⟧\nval: images/val\nnames: [cat]\n`,
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA014',
    text: 'train:\n  - ⟦../images/train⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train:\n  - images/train\nval: images/val\nnames: [cat]\n',
  },
  {
    code: 'DATA015',
    text: 'train: ⟦../images/train⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  { code: 'DATA016', text: 'train: ⟦yes⟧\nval: images/val\nnames: [cat]\n' },
  { code: 'DATA016', text: 'train: images/train\nval: [images/val, ⟦7⟧]\nnames: [cat]\n' },
  { code: 'DATA016', text: 'train: ⟦images/train/train-a.jpg⟧\nval: images/val\nnames: [cat]\n' },
  { code: 'DATA016', text: `path: ⟦2024⟧\n${GOOD}` },
  { code: 'DATA017', text: 'train: images/train\nval: ⟦images/train⟧\nnames: [cat]\n' },
  { code: 'DATA017', text: 'train: images\nval: ⟦images/val⟧\nnames: [cat]\n' },
  { code: 'DATA018', text: `${GOOD}test: ⟦empty⟧\n`, folders: [`${FOLDER}/empty`] },
  {
    code: 'DATA018',
    text: 'train: ⟦labels/train⟧\nval: images/val\nnames: [cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat]\n',
  },
  { code: 'DATA018', text: `${GOOD}test: ⟦empty.txt⟧\n`, lists: { 'empty.txt': '' } },
  { code: 'DATA019', text: `${GOOD}test: ⟦photos⟧\n`, files: [`${FOLDER}/photos/c.jpg`] },
  { code: 'DATA019', text: `${GOOD}test: ⟦photos⟧\n`, files: [`${FOLDER}/photos/c.jpg`, `${FOLDER}/photos/c.txt`] },
  { code: 'DATA020', text: '⟦⟧train: images/train\nval: images/val\n' },
  { code: 'DATA020', text: 'train: images/train\nval: images/val\n⟦names⟧:\n' },
  { code: 'DATA020', text: 'train: images/train\nval: images/val\nnames: ⟦[]⟧\n' },
  { code: 'DATA021', text: `${GOOD}nc: ⟦1⟧\n`, fixed: `${GOOD}nc: 2\n` },
  { code: 'DATA021', text: `${GOOD}nc: ⟦3⟧\n` },
  { code: 'DATA022', text: `${GOOD}nc: ⟦"2"⟧\n`, fixed: `${GOOD}nc: 2\n` },
  { code: 'DATA022', text: `${GOOD}nc: ⟦2.5⟧\n` },
  { code: 'DATA022', text: 'train: images/train\nval: images/val\nnc: ⟦0⟧\n' },
  { code: 'DATA023', text: 'train: images/train\nval: images/val\nnames:\n  1: cat\n  ⟦2⟧: dog\n' },
  { code: 'DATA023', text: 'train: images/train\nval: images/val\nnames:\n  ⟦a⟧: cat\n' },
  { code: 'DATA023', text: 'train: images/train\nval: images/val\nnames: { ⟦-1⟧: cat, 0: dog }\n' },
  { code: 'DATA024', text: `⟦train⟧: images/nowhere\n${GOOD}`, fixed: GOOD },
  { code: 'DATA024', text: 'train: images/train\nval: images/val\nnames:\n  ⟦0⟧: cat\n  0: dog\n' },
  { code: 'DATA025', text: 'train: images/train\nval: images/val\nnames: [cat, ⟦Cat⟧]\n' },
  {
    code: 'DATA026',
    text: 'train: images/train\nval: images/val\nnames: ⟦cat, dog⟧\n',
    fixed: 'train: images/train\nval: images/val\nnames: [cat, dog]\n',
  },
  { code: 'DATA026', text: 'train: images/train\nval: images/val\nnames: ⟦2⟧\n' },
  { code: 'DATA026', text: 'train: images/train\nval: images/val\nnames:\n  ⟦0:cat\n  1:dog⟧\n' },
  {
    code: 'DATA027',
    text: 'train: images/train\nval: images/val\nnames: [⟦no⟧, cat]\n',
    fixed: 'train: images/train\nval: images/val\nnames: ["no", cat]\n',
  },
  {
    code: 'DATA027',
    text: 'train: images/train\nval: images/val\nnames:\n  0: ⟦1.10⟧\n',
    fixed: 'train: images/train\nval: images/val\nnames:\n  0: "1.10"\n',
  },
  {
    code: 'DATA028',
    text: 'train: images/train\nval: images/val\nnames:\n  - ⟦red: car⟧\n',
    fixed: 'train: images/train\nval: images/val\nnames:\n  - "red: car"\n',
  },
  {
    code: 'DATA028',
    text: 'train: images/train\nval: images/val\nnames:\n  - ⟦0: cat⟧\n',
    fixed: 'train: images/train\nval: images/val\nnames:\n  - "cat"\n',
  },
  { code: 'DATA029', text: 'train: images/train\nval: images/val\nnames: [⟦n0de⟧]\n' },
  { code: 'DATA030', text: 'train: images/train\nval: images/val\nnames: [⟦café⟧]\n' },
  { code: 'DATA032', text: `${GOOD}⟦chanels⟧: 3\n`, fixed: `${GOOD}channels: 3\n` },
  { code: 'DATA032', text: `${GOOD}⟦num_classes⟧: 2\n` },
  { code: 'DATA032', text: `${GOOD}⟦train_label_dir⟧: labels\n` },
  { code: 'DATA032', text: `${GOOD}⟦valid⟧: images/val\n` },
  { code: 'DATA033', text: `${GOOD}⟦download⟧: https://example.invalid/set.zip\n` },
  { code: 'DATA033', text: `${GOOD}⟦download⟧: |\n  import os\n` },
  { code: 'DATA034', text: `${GOOD}channels: ⟦0⟧\n` },
  { code: 'DATA034', text: `${GOOD}channels: ⟦4⟧\n` },
  { code: 'DATA035', text: `${GOOD}⟦flip_idx⟧: [0, 2, 1]\n` },
  {
    code: 'DATA036',
    text: `${GOOD}kpt_shape: ⟦"[3, 3]"⟧\nflip_idx: [0, 2, 1]\n`,
    fixed: `${GOOD}kpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\n`,
  },
  { code: 'DATA036', text: `${GOOD}kpt_shape: ⟦[3, 1]⟧\nflip_idx: [0, 2, 1]\n` },
  { code: 'DATA037', text: `${POSE}flip_idx: ⟦[1, 0]⟧\n` },
  { code: 'DATA037', text: `${POSE}flip_idx: ⟦[1, 3, 2]⟧\n` },
  { code: 'DATA037', text: `${POSE}flip_idx: ⟦0 2 1⟧\n` },
  { code: 'DATA038', text: `${POSE}flip_idx: ⟦[1, 2, 0]⟧\n` },
  {
    code: 'DATA039',
    text: `${POSE}kpt_names: {0: [nose, left_eye, right_eye]}\nflip_idx: ⟦[0, 1, 2]⟧\n`,
    fixed: `${POSE}kpt_names: {0: [nose, left_eye, right_eye]}\nflip_idx: [0, 2, 1]\n`,
  },
  { code: 'DATA040', text: POSE.replace('kpt_shape', '⟦kpt_shape⟧') },
  {
    code: 'DATA040',
    text: `${POSE.replace('kpt_shape', '⟦kpt_shape⟧')}kpt_names:\n  0: [nose, eye.L, eye.R]\n`,
    fixed: `${POSE}kpt_names:\n  0: [nose, eye.L, eye.R]\nflip_idx: [0, 2, 1]\n`,
  },
  { code: 'DATA041', text: `${POSE}flip_idx: [0, 2, 1]\nkpt_names: { 0: ⟦[nose, eye]⟧ }\n` },
  { code: 'DATA041', text: `${POSE}flip_idx: [0, 2, 1]\nkpt_names: { ⟦1⟧: [a, b, c] }\n` },
  { code: 'DATA042', text: `${POSE}flip_idx: [0, 2, 1]\nkpt_oks_sigmas: ⟦[0.1, 0.2]⟧\n` },
  { code: 'DATA042', text: `${POSE}flip_idx: [0, 2, 1]\nkpt_oks_sigmas: ⟦[0.1, 0.2, -1]⟧\n` },
  { code: 'DATA046', text: `${GOOD}test: ⟦list.txt⟧\n`, lists: { 'list.txt': './images/val/gone.jpg\n' } },
  { code: 'DATA046', text: `${GOOD}test: ⟦list.txt⟧\n`, lists: { 'list.txt': 'val-a.jpg\n' } },
  { code: 'DATA046', text: `${GOOD}test: ⟦list.txt⟧\n`, lists: { 'list.txt': './images/val/val-a.jpg \n' } },
];

/** Texts near the mistakes above that are right. */
const passing: readonly Omit<Example, 'code'>[] = [
  { text: GOOD },
  { text: `%YAML 1.1\n---\n${GOOD}...\n` },
  { text: `path: ${FOLDER}\n${GOOD}` },
  { text: `path:\n${GOOD}` },
  { text: `${GOOD}nc: 2\ntest:\n` },
  { text: 'train: [images/train]\nval: ./images/val/\nnames: { 1: dog, 0: cat }\n' },
  { text: 'defaults: &d\n  val: images/val\n  names: [cat]\n<<: *d\ntrain: images/train\n' },
  { text: 'train: images/train\nval: images/val\nnc: 3\nchannels: 1\n' },
  { text: 'train: images/train\nval: images/val\nnames: ["no", "1.10", y, 1e3, n02123045]\n' },
  { text: `${GOOD}roboflow:\n  workspace: w\n  license: CC BY 4.0\nmask_dirs_of_mine: 1\n` },
  {
    text: `${POSE}flip_idx: [0, 2, 1]\nkpt_names: { 0: [nose, left_eye, right_eye] }\nkpt_oks_sigmas: [0.1, 0.2, 0.2]\n`,
  },
  { text: `${GOOD}test: list.txt\n`, lists: { 'list.txt': './images/val/val-a.jpg\r\nimages/val/val-b.jpg\n\n' } },
  { text: `${GOOD}test: more/images\n`, files: [`${FOLDER}/more/images/c.PNG`] },
  { text: GOOD, path: `${FOLDER}/my-set.yml` },
];

describe('dataset rules', () => {
  for (const example of failing) {
    it(`${example.code}: ${JSON.stringify(example.text.slice(-50))}`, () => {
      const { code, fixed, also = [] } = example;
      const start = example.text.indexOf('⟦');
      const end = example.text.indexOf('⟧') - 1;
      const { text, problems } = check(example);
      const lines = new LineIndex(text);
      const told = problems.map((problem) => `${problem.code} ${problem.message}`).join('\n');
      const hit = problems.find((problem) => problem.code === code);
      assert.ok(hit, told);
      assert.deepEqual(hit.range, lines.range(start, end), told);
      assert.match(hit.message, /[.?]$/);
      assert.deepEqual(
        [...new Set(problems.map((problem) => problem.code))].sort(),
        [...new Set([code, ...also])].sort(),
        told,
      );
      const fix = hit.fixes?.find((each) => each.preferred);
      if (fixed === undefined) {
        assert.equal(fix, undefined, JSON.stringify(fix));
        return;
      }
      assert.ok(fix, 'no preferred fix');
      assert.equal(apply(text, fix), fixed);
      const after = check({ ...example, text: fixed }).problems;
      assert.deepEqual(
        after.filter((problem) => problem.code === code),
        [],
      );
    });
  }

  for (const example of passing) {
    it(`accepts ${JSON.stringify(example.text.slice(-50))}`, () => {
      assert.deepEqual(check(example).problems, []);
    });
  }

  it('every code of the catalogue and every rule has an example', () => {
    const shown = new Set([...failing.map(({ code }) => code), 'DATA031']);
    assert.deepEqual([...shown].sort(), Object.keys(datasetCodes));
    for (const rule of datasetRules) assert.ok(shown.has(rule.code), rule.code);
  });

  it('DATA031: bytes that an editor hides', () => {
    const text = Buffer.from(GOOD);
    assert.deepEqual(datasetFileProblems(text), []);
    assert.deepEqual(
      datasetFileProblems(Buffer.from(GOOD.replaceAll('\n', '\r'))),
      [],
      'the trainer reads CR as a line end',
    );
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text]);
    const wide = Buffer.from(`\ufeff${GOOD}`, 'utf16le');
    const nul = Buffer.from(`${GOOD}# \u0000\n`);
    for (const [bytes, severity] of [
      [marked, 'information'],
      [wide, 'warning'],
      [nul, 'warning'],
    ] as const) {
      const [problem, ...more] = datasetFileProblems(bytes);
      assert.deepEqual([problem?.code, problem?.severity, more.length], ['DATA031', severity, 0]);
      const mended = problem?.fix?.apply(bytes);
      assert.ok(mended);
      assert.deepEqual(datasetFileProblems(mended), []);
      assert.ok(Buffer.from(mended).toString().startsWith(GOOD));
    }
    const latin = Buffer.from('train: a\nval: b\nnames: [caf\u00e9]\n', 'latin1');
    const [lost] = datasetFileProblems(latin);
    assert.deepEqual([lost?.fix, lost?.range.start], [null, { line: 2, character: 11 }]);
  });

  it('says without files only what the text shows', () => {
    const text = 'path: set\ntrain: a\nval: "b "\nnames: [cat]\n';
    const codes = checkDataset({ path: 'data.yaml', text, files: null }).problems.map(({ code }) => code);
    assert.deepEqual(codes, ['DATA009', 'DATA013']);
  });

  it('is not sure of a path that may lie in a datasets folder that it does not know', () => {
    const text = `path: coco8\n${GOOD}`;
    const severities = (place: TrainingPlace): string[] =>
      check({ text, place })
        .problems.filter(({ code }) => code === 'DATA008')
        .map(({ severity }) => severity);
    assert.deepEqual(severities({ cwd: '/home/me', datasetsFolder: null }), ['warning', 'warning']);
    assert.deepEqual(severities({ cwd: '/home/me', datasetsFolder: '/data' }), ['error', 'error']);
  });

  it('reads Windows paths as Windows does', () => {
    const text = 'path: D:/data\ntrain: images\\train\nval: images\\val\nnames: [cat]\n';
    assert.deepEqual(checkDataset({ path: 'C:\\set\\data.yaml', text, files: null }).problems, []);
  });
});

function check(example: Omit<Example, 'code'>): {
  text: string;
  problems: ReturnType<typeof checkDataset>['problems'];
} {
  const text = example.text.replace(/[⟦⟧]/g, '');
  const lists = Object.entries(example.lists ?? {});
  const files = memoryFiles(
    [...usualFiles(FOLDER), ...(example.files ?? []), ...lists.map(([name]) => `${FOLDER}/${name}`)],
    example.folders ?? [],
    new Map(lists.map(([name, content]) => [`${FOLDER}/${name}`, Buffer.from(content)])),
  );
  return { text, problems: checkDataset({ path: example.path ?? FILE, text, files }, example.place).problems };
}

function apply(text: string, fix: Fix): string {
  const lines = new LineIndex(text);
  return [...fix.edits]
    .map(({ range, newText }) => ({ from: lines.offsetAt(range.start), to: lines.offsetAt(range.end), newText }))
    .sort((a, b) => b.from - a.from)
    .reduce((now, { from, to, newText }) => now.slice(0, from) + newText + now.slice(to), text);
}
