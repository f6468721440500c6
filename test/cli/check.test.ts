import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { applyPatch } from 'diff';
import { maixcam, type CliEnd } from '../support/cli';
import { assertShape, flag, list, number, object, oneOf, text } from '../support/json-shape';
import { canSwitchUser, OTHER_USER, runAsOtherUser } from '../support/other-user';
import { useTempFolder } from '../support/temp-folder';

const position = object({ line: number, character: number });
const problem = object({
  code: text,
  severity: oneOf('error', 'warning', 'information', 'hint'),
  message: text,
  range: object({ start: position, end: position }),
  fixes: list(object({ title: text, preferred: flag }), 0),
});
const checked = object({
  files: list(
    object({
      path: text,
      kind: oneOf('mud', 'dataset', 'recipe', 'label', 'image', 'onnx', 'other'),
      problems: list(problem, 0),
    }),
  ),
  summary: object({ errors: number, warnings: number }),
});
const fixed = object({ changed: list(object({ path: text, fixes: list(object({ code: text, title: text })) })) });

interface Checked {
  readonly files: readonly {
    readonly path: string;
    readonly kind: string;
    readonly problems: readonly {
      readonly code: string;
      readonly range: { start: { line: number; character: number } };
    }[];
  }[];
  readonly summary: { readonly errors: number; readonly warnings: number };
}
interface Fixed {
  readonly changed: readonly {
    readonly path: string;
    readonly fixes: readonly { code: string }[];
    readonly diff?: string;
  }[];
  readonly failed: readonly { readonly path: string; readonly code: string }[];
}

/** The problem matcher `maixcam` of the manifest: what editors find in the output. */
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  contributes: { problemMatchers: readonly { name: string; pattern: { regexp: string } }[] };
};
const matcher = new RegExp(
  manifest.contributes.problemMatchers.find(({ name }) => name === 'maixcam')?.pattern.regexp ?? '(?!)',
  'gm',
);

const GOOD = 'train: images/train\nval: images/val\nnames: [cat, dog]\n';
const RECIPE = 'board: maixcam\ndataset: data/data.yaml\ntrain:\n  model: yolov8n\n';
const MUD = '[basic]\ntype = cvimodel\nmodel = shapes.cvimodel\n\n[extra]\nmodel_type = yolov8\n';

describe('check and fix', () => {
  const temp = useTempFolder();
  const write = (name: string, content: string | Uint8Array): string => {
    mkdirSync(path.dirname(temp.file(name)), { recursive: true });
    writeFileSync(temp.file(name), content);
    return name;
  };
  const pictures = (folder: string): void => {
    for (const split of ['train', 'val']) write(`${folder}/images/${split}/${split}.jpg`, 'x');
  };
  const call = (...args: string[]): Promise<CliEnd> => maixcam(args, { cwd: temp.path });
  const codes = (end: CliEnd, file: string): readonly string[] =>
    (end.json as unknown as Checked).files.find((each) => each.path === file)?.problems.map(({ code }) => code) ?? [
      'no entry',
    ];

  it('checks a folder: the three languages, nothing else', async () => {
    pictures('data');
    write('data/data.yaml', GOOD);
    write('shapes.maixcam.yaml', RECIPE.replace('maixcam', 'maxicam'));
    write('models/shapes.mud', MUD.replace('cvimodel', 'cvi'));
    write('.github/workflows/ci.yml', 'jobs:\n  build:\n    steps: []\n');
    write('env/pyvenv.cfg', '');
    write('env/share/data.yaml', 'train: nowhere\nval: nowhere\nnames: []\n');
    write('node_modules/p/data.yaml', 'train: nowhere\nval: nowhere\nnames: []\n');
    write('.maixcam/shapes/mud/x.mud', 'nonsense');
    const end = await call('check', '.', '--json');
    assert.equal(end.status, 1, end.stderr);
    assertShape(end.json, checked);
    const { files, summary } = end.json as unknown as Checked;
    assert.deepEqual(
      files.map(({ path: file, kind }) => [file, kind]),
      [
        ['shapes.maixcam.yaml', 'recipe'],
        ['data/data.yaml', 'dataset'],
        ['models/shapes.mud', 'mud'],
      ],
    );
    assert.deepEqual(codes(end, 'data/data.yaml'), []);
    assert.ok(codes(end, 'shapes.maixcam.yaml').includes('RECIPE007'));
    assert.ok(codes(end, 'models/shapes.mud').some((code) => code.startsWith('MUD')));
    assert.ok(summary.errors >= 2);
  });

  it('exits with 0 without errors, also where there are warnings, and with 2 where nothing is', async () => {
    pictures('data');
    write('data/data.yaml', GOOD);
    assert.equal((await call('check', 'data')).status, 0);
    write('data/data.yaml', GOOD.replace('cat', 'no'));
    const warned = await call('check', 'data', '--json');
    assert.deepEqual([warned.status, (warned.json as unknown as Checked).summary], [0, { errors: 0, warnings: 1 }]);
    const nothing = await call('check', 'nowhere', 'data', '--json');
    assert.equal(nothing.status, 2);
    assert.deepEqual(codes(nothing, 'nowhere'), ['FILE001']);
    assert.deepEqual(codes(nothing, 'data/data.yaml'), ['DATA027'], 'the other path is checked all the same');
    mkdirSync(temp.file('empty'));
    assert.match((await call('check', 'empty')).stdout, /No MUD file, dataset or recipe was found/);
  });

  it('prints five hundred problems of a file and how many more there are; the document has all', async () => {
    write('junk.mud', 'junk\n'.repeat(700));
    const end = await call('check', 'junk.mud');
    const found = [...end.stdout.matchAll(matcher)];
    assert.equal(found.length, 501);
    assert.match(found.at(-1)?.[0] ?? '', /^junk\.mud:\d+:1: \w+: \d+ more .* \[FILE004\]$/);
    const { files } = (await call('check', 'junk.mud', '--json')).json as unknown as Checked;
    assert.ok((files[0]?.problems.length ?? 0) >= 700);
    assert.ok(files[0]?.problems.every(({ code }) => code !== 'FILE004'));
  });

  it('prints lines that the problem matcher finds, positions from 1', async () => {
    write('data.yaml', 'train: nowhere\nval: images/val\nnames: [cat]\nnc: 2\n');
    const end = await call('check', 'data.yaml');
    const found = [...end.stdout.matchAll(matcher)].map(([, file, line, column, severity, , code]) => [
      file,
      line,
      column,
      severity,
      code,
    ]);
    assert.deepEqual(found, [
      ['data.yaml', '1', '8', 'error', 'DATA008'],
      ['data.yaml', '2', '6', 'error', 'DATA008'],
      ['data.yaml', '4', '5', 'error', 'DATA021'],
    ]);
    assert.match(end.stdout, /^1 file checked: 3 errors, 0 warnings\.$/m);
  });

  it('resolves a relative `path` where the training would start', async () => {
    pictures('store/set');
    write('set.yaml', `path: set\n${GOOD}`);
    assert.ok(codes(await call('check', 'set.yaml', '--json'), 'set.yaml').includes('DATA008'));
    assert.deepEqual(codes(await call('check', 'set.yaml', '--json', '--cwd', 'store'), 'set.yaml'), ['DATA009']);
    const wrong = await call('check', 'set.yaml', '--cwd', 'nowhere', '--json');
    assert.equal(wrong.status, 2);
  });

  it('looks at a model that is named, and whether its board is the one that is meant', async () => {
    write('page.onnx', '<!DOCTYPE html><html></html>');
    write('shapes.mud', MUD);
    write('shapes.maixcam.yaml', RECIPE);
    const end = await call('check', 'page.onnx', 'shapes.mud', 'shapes.maixcam.yaml', '--board', 'maixcam2', '--json');
    assert.deepEqual(codes(end, 'page.onnx'), ['ONNX001']);
    assert.ok(codes(end, 'shapes.mud').includes('BOARD001'));
    assert.ok(codes(end, 'shapes.maixcam.yaml').includes('BOARD001'));
    const fitting = await call('check', 'shapes.mud', 'shapes.maixcam.yaml', '--board', 'maixcam', '--json');
    assert.ok(!codes(fitting, 'shapes.mud').includes('BOARD001'));
    assert.ok(!codes(fitting, 'shapes.maixcam.yaml').includes('BOARD001'));
    assert.equal((await call('check', '.', '--board', 'toaster')).status, 2);
  });

  it('comes to an end where links lead in a circle', async () => {
    write('a/data.yaml', GOOD);
    symlinkSync('..', temp.file('a/up'));
    symlinkSync('loop', temp.file('loop'));
    const end = await call('check', '.', '--json');
    assert.deepEqual(
      (end.json as unknown as Checked).files.map(({ path: file }) => file),
      ['a/data.yaml'],
    );
  });

  it('fixes what needs no decision, and keeps the rest of the bytes', async () => {
    pictures('data');
    const before = '# Größe\r\ntrain: ../images/train # here\r\nval: images/val\r\nnames: [no, dog]\r\nnc: "2"';
    write('data/data.yaml', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(before)]));
    chmodSync(temp.file('data/data.yaml'), 0o640);
    const end = await call('fix', 'data', '--json');
    assert.equal(end.status, 0, end.stderr);
    assertShape(end.json, fixed);
    const { changed } = end.json as unknown as Fixed;
    assert.deepEqual(
      changed.map(({ path: file, fixes }) => [file, fixes.map(({ code }) => code)]),
      [['data/data.yaml', ['DATA031', 'DATA015', 'DATA027', 'DATA022']]],
    );
    assert.equal(
      readFileSync(temp.file('data/data.yaml'), 'utf8'),
      '# Größe\r\ntrain: images/train # here\r\nval: images/val\r\nnames: ["no", dog]\r\nnc: 2',
    );
    assert.equal(statSync(temp.file('data/data.yaml')).mode & 0o777, 0o640);
    assert.deepEqual((await call('fix', 'data', '--json')).json?.changed, []);
    assert.equal((await call('check', 'data')).status, 0);
  });

  it('leaves letters of another encoding as they are', async () => {
    pictures('data');
    const latin = Buffer.from(`${GOOD.replace('dog', 'caf\u00e9')}# \u00e9\nchanels: 3\n`, 'latin1');
    write('data/data.yaml', latin);
    await call('fix', 'data');
    assert.equal(
      readFileSync(temp.file('data/data.yaml'), 'latin1'),
      latin.toString('latin1').replace('chanels', 'channels'),
    );
  });

  it('writes through a link', async () => {
    pictures('data');
    write('data/real.yaml', GOOD.replace('cat', 'no'));
    symlinkSync('real.yaml', temp.file('data/data.yaml'));
    await call('fix', 'data/data.yaml');
    assert.ok(lstatSync(temp.file('data/data.yaml')).isSymbolicLink());
    assert.match(readFileSync(temp.file('data/real.yaml'), 'utf8'), /\["no", dog\]/);
  });

  it('mends a recipe and a MUD as well', async () => {
    write('shapes.maixcam.yaml', `${RECIPE.replace('maixcam', 'maxicam')}  imgsz: 320\n`);
    write('m/shapes.mud', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(MUD)]));
    const { changed } = (await call('fix', '.', '--json')).json as unknown as Fixed;
    assert.deepEqual(changed.map(({ path: file }) => file).sort(), ['m/shapes.mud', 'shapes.maixcam.yaml']);
    assert.equal(readFileSync(temp.file('shapes.maixcam.yaml'), 'utf8'), `${RECIPE}  image-size: 320\n`);
    assert.ok(readFileSync(temp.file('m/shapes.mud'), 'utf8').startsWith('[basic]'));
  });

  it('prints a diff that can be applied of a file of which every line changes', async () => {
    pictures('.');
    const names = '  - yes\n'.repeat(3000).trimEnd();
    write('data.yaml', `train: images/train\nval: images/val\nnames:\n${names}`);
    const { json } = await call('fix', 'data.yaml', '--dry-run', '--json');
    const [changed] = (json as unknown as { changed: readonly { diff: string }[] }).changed;
    await call('fix', 'data.yaml');
    assert.equal(
      applyPatch(`train: images/train\nval: images/val\nnames:\n${names}`, changed?.diff ?? ''),
      readFileSync(temp.file('data.yaml'), 'utf8'),
    );
  });

  it('prints a unified diff on a dry run and changes nothing', async () => {
    pictures('data');
    const before = GOOD.replace('cat', 'no');
    write('data/data.yaml', before);
    const end = await call('fix', 'data', '--dry-run');
    assert.match(end.stdout, /^--- a\/data\/data\.yaml\n\+\+\+ b\/data\/data\.yaml\n@@ .* @@$/m);
    assert.match(end.stdout, /^-names: \[no, dog\]\n\+names: \["no", dog\]$/m);
    assert.equal(readFileSync(temp.file('data/data.yaml'), 'utf8'), before);
    const { changed } = (await call('fix', 'data', '--dry-run', '--json')).json as unknown as Fixed;
    assert.match(changed[0]?.diff ?? '', /^\+names: \["no", dog\]$/m);
  });

  it('tells which files it may not read or write, and does the others', async function () {
    if (!canSwitchUser()) this.skip();
    pictures('data');
    write('data/data.yaml', GOOD);
    write('secret.yaml', GOOD);
    write('closed/data.yaml', GOOD);
    chmodSync(temp.file('secret.yaml'), 0o600);
    chmodSync(temp.file('closed'), 0o700);
    write('data/locked.yaml', GOOD.replace('cat', 'no'));
    mkdirSync(temp.file('own'));
    chownSync(temp.file('own'), OTHER_USER, OTHER_USER);
    write('own/x.maixcam.yaml', RECIPE.replace('maixcam', 'maxicam'));
    chmodSync(temp.file('own/x.maixcam.yaml'), 0o666);
    const check = await runAsOtherUser(temp.path, ['check', 'data', 'secret.yaml', 'closed', '--json']);
    const end = { ...check, json: JSON.parse(check.stdout) as CliEnd['json'] };
    assert.equal(end.status, 1);
    assert.deepEqual([codes(end, 'secret.yaml'), codes(end, 'closed')], [['FILE002'], ['FILE002']]);
    assert.deepEqual(codes(end, 'data/data.yaml'), []);
    const fix = await runAsOtherUser(temp.path, ['fix', 'data', 'own', '--json']);
    const { changed, failed } = JSON.parse(fix.stdout) as Fixed;
    assert.equal(fix.status, 1);
    assert.deepEqual(
      changed.map(({ path: file }) => file),
      ['own/x.maixcam.yaml'],
    );
    assert.deepEqual(
      failed.map(({ path: file, code }) => [file, code]),
      [['data/locked.yaml', 'FOLDER_NOT_WRITABLE']],
    );
  });

  it('takes any bytes for what they are', async () => {
    write('a.yaml', Buffer.from([0, 1, 2, 255, 254, 0]));
    write('b.mud', Buffer.alloc(4096, 0xff));
    write('c.maixcam.yaml', Buffer.alloc(300, 0));
    write('e/labels/x.txt', '0 0.5 0.5 0.1 0.1\n');
    const end = await call('check', 'a.yaml', 'b.mud', 'c.maixcam.yaml', 'e/labels/x.txt', '--json');
    assertShape(end.json, checked);
    assert.deepEqual(
      (end.json as unknown as Checked).files.map(({ kind }) => kind),
      ['other', 'mud', 'recipe', 'label'],
    );
    assert.ok([0, 1].includes((await call('fix', '.')).status ?? -1));
  });
});
