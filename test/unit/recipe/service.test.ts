import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MarkupContent, TextEdit, type CompletionItem, type DocumentSymbol } from 'vscode-languageserver-types';
import type { LanguageDocument } from '../../../server/src/core/language/service';
import { recipeLanguage } from '../../../server/src/core/recipe/service';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { DiskFiles } from '../../../server/src/node/language-files';
import { caret } from '../../support/caret';
import { useTempFolder } from '../../support/temp-folder';

describe('recipe completion', () => {
  const folder = useTempFolder();
  beforeEach(() => {
    for (const name of [
      'data.yaml',
      'x.maixcam.yaml',
      'a b.onnx',
      'sets/hand.yml',
      'sets/w.pt',
      'sets/1.jpg',
      '.git/c.yaml',
    ]) {
      mkdirSync(path.dirname(folder.file(name)), { recursive: true });
      writeFileSync(folder.file(name), '');
    }
  });
  const document = (text: string): LanguageDocument => ({
    path: folder.file('a.maixcam.yaml'),
    text,
    files: new DiskFiles(),
  });
  const items = (marked: string): readonly CompletionItem[] => {
    const { text, line, character } = caret(marked);
    const found = recipeLanguage.complete(document(text), { line, character });
    return [...found].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
  };
  const labels = (marked: string): readonly string[] => items(marked).map(({ label }) => label);
  /** The text after choosing an item. */
  const chosen = (marked: string, label: string): string => {
    const { text } = caret(marked);
    const item = items(marked).find((each) => each.label === label);
    assert.ok(item?.textEdit !== undefined && TextEdit.is(item.textEdit), label);
    const lines = new LineIndex(text);
    const { range, newText } = item.textEdit;
    return text.slice(0, lines.offsetAt(range.start)) + newText + text.slice(lines.offsetAt(range.end));
  };

  it('offers the keys that are not there yet, required ones first, as the schema orders them', () => {
    assert.deepEqual(labels('|'), [
      'board',
      'task',
      'dataset',
      'onnx',
      'train',
      'export',
      'outputs',
      'convert',
      'labels',
      'compare',
      'deploy',
    ]);
    assert.deepEqual(labels('task: pose\n|\ntrain:\n'), [
      'board',
      'dataset',
      'export',
      'outputs',
      'convert',
      'labels',
      'compare',
      'deploy',
    ]);
    assert.deepEqual(labels('convert:\n  precision: int8\n  |'), ['calibration', 'tolerance', 'method']);
    assert.deepEqual(labels('convert:\n  calibration: { folder: x, | }'), ['pictures', 'seed']);
    assert.ok(labels('train:\n  args:\n    lr0: 1\n    |').includes('close_mosaic'));
    assert.equal(labels('train:\n  args:\n    |').includes('imgsz'), false);
    assert.deepEqual(labels('board: maixcam # |'), []);
    assert.deepEqual(labels('nothing:\n  |'), []);
  });

  it('writes keys with placeholders', () => {
    assert.equal(chosen('bo|', 'board'), 'board: ${1|maixcam,maixcam-pro,maixcam2|}');
    assert.equal(chosen('ta|', 'task'), 'task: ${1|detect,pose,segment,obb,classify|}');
    assert.equal(chosen('train:\n  ep|\n', 'epochs'), 'train:\n  epochs: ${1:100}\n');
    assert.equal(chosen('ex|', 'export'), 'export:\n  $0');
    assert.equal(chosen('train:\n    seed: 1\nex|', 'export'), 'train:\n    seed: 1\nexport:\n    $0');
    assert.equal(chosen('convert: { cal| }', 'calibration'), 'convert: { calibration: { $0 } }');
    assert.equal(chosen('da|', 'dataset'), 'dataset: $1');
    assert.equal(chosen('train:\n  epo|: 3\n', 'epochs'), 'train:\n  epochs: 3\n');
    assert.equal(chosen('train:\n  args:\n    am|\n', 'amp'), 'train:\n  args:\n    amp: ${1|true,false|}\n');
    assert.equal(chosen('convert:\n  tol|', 'tolerance'), 'convert:\n  tolerance: ${1:[0.9, 0.6]}');
  });

  it('describes each key', () => {
    for (const marked of [
      '|',
      'train:\n  |',
      'train:\n  args:\n    |',
      'convert:\n  calibration:\n    |',
      'compare:\n  |',
      'deploy:\n  |',
    ]) {
      const found = items(marked);
      assert.ok(found.length > 1, marked);
      for (const item of found) {
        assert.ok(MarkupContent.is(item.documentation) && item.documentation.value.length > 20, item.label);
        assert.doesNotMatch(item.documentation.value, /undefined|\[object/);
      }
    }
  });

  it('offers values: choices, defaults, booleans', () => {
    assert.deepEqual(labels('board: |'), ['maixcam', 'maixcam-pro', 'maixcam2']);
    assert.deepEqual(labels('task: |'), ['detect', 'pose', 'segment', 'obb', 'classify']);
    assert.deepEqual(labels('convert:\n  calibration:\n    pictures: |'), ['50', '200']);
    assert.deepEqual(labels('train:\n  args:\n    amp: |'), ['true', 'false']);
    assert.deepEqual(labels('outputs: |').slice(0, 1), ['auto']);
    assert.deepEqual(labels('outputs:\n  au|').slice(0, 1), ['auto']);
    assert.equal(chosen('board:|', 'maixcam2'), 'board: maixcam2');
    assert.equal(chosen('board: "mai|"', 'maixcam2'), 'board: "maixcam2"');
    assert.equal(chosen('convert: { tolerance: | }', '[0.9, 0.6]'), 'convert: { tolerance: [0.9, 0.6] }');
  });

  it('offers the models of the task', () => {
    const detect = labels('train:\n  model: |');
    assert.deepEqual(detect.slice(0, 4), ['yolov5n', 'yolov8n', 'yolo11n', 'yolo26n']);
    const pose = labels('task: pose\ntrain:\n  model: y|');
    assert.deepEqual(pose.slice(0, 3), ['yolov8n-pose', 'yolo11n-pose', 'yolo26n-pose']);
    assert.deepEqual(
      labels('train:\n  model: sets/|').filter((label) => !label.startsWith('yolo')),
      ['w.pt', 'hand.yml'].sort(),
    );
  });

  it('offers files and folders as the key takes them', () => {
    assert.deepEqual(labels('dataset: |'), ['data.yaml', 'sets/']);
    assert.deepEqual(labels('dataset: sets/|'), ['hand.yml']);
    assert.deepEqual(labels('task: classify\ndataset: |'), ['sets/']);
    assert.deepEqual(labels('onnx: |'), ['a b.onnx', 'sets/']);
    assert.deepEqual(labels('convert:\n  calibration:\n    folder: s|'), ['sets/', 'null']);
    assert.equal(chosen('dataset: s|\n', 'sets/'), 'dataset: sets/\n');
    assert.equal(chosen('dataset: sets/ha|nd.yaml # x\n', 'hand.yml'), 'dataset: sets/hand.yml # x\n');
    assert.equal(chosen("onnx: 'a|'\n", 'a b.onnx'), "onnx: 'a b.onnx'\n");
    const { text, line, character } = caret('dataset: |');
    assert.deepEqual(recipeLanguage.complete({ path: 'a', text, files: null }, { line, character }), []);
  });
});

describe('recipe hover', () => {
  const folder = useTempFolder();
  const shown = (marked: string): string | null => {
    const { text, line, character } = caret(marked);
    const document = { path: folder.file('a.maixcam.yaml'), text, files: new DiskFiles() };
    const hover = recipeLanguage.hover(document, { line, character });
    if (hover === null) return null;
    assert.ok(MarkupContent.is(hover.contents));
    return hover.contents.value;
  };

  it('tells meaning, form, unit and default of a key', () => {
    const text = shown('train:\n  epo|chs: 12') ?? '';
    assert.match(text, /^\*\*train\.epochs\*\*: a whole number from 1 to 100000 epochs\n/);
    assert.match(text, /over all pictures\./);
    assert.match(text, /Default: `100`/);
    assert.match(shown('train:\n  args:\n    lr0|: 1') ?? '', /Learning rate/);
  });

  it('tells what a value means', () => {
    assert.match(shown('board: maix|cam2') ?? '', /`maixcam2` here: .*axmodel/);
    assert.match(shown('outputs: au|to # x') ?? '', /`auto` here: The head of the model is recognised/);
  });

  it('tells what lies at a path', () => {
    writeFileSync(folder.file('data.yaml'), '');
    mkdirSync(folder.file('pictures'));
    writeFileSync(folder.file('pictures/a.png'), '');
    assert.match(shown('dataset: "da|ta.yaml"') ?? '', /File `.*data\.yaml`/);
    assert.match(shown('onnx: no|thing.onnx') ?? '', /Nothing lies at `.*nothing\.onnx`/);
    assert.match(
      shown('convert:\n  calibration:\n    fol|der: pictures') ?? '',
      /Folder `.*pictures`, 1 picture right in it/,
    );
    assert.doesNotMatch(shown('train:\n  model: yolo|v8n') ?? '', /lies|File/);
  });

  it('is silent where nothing is known', () => {
    for (const marked of ['|', '# boa|rd: x', 'nothi|ng: 1', 'board: x\n|\n', 'train:\n  args:\n    unknown|: 1']) {
      assert.equal(shown(marked), null, marked);
    }
  });
});

describe('recipe outline and lenses', () => {
  it('shows the groups and their keys, also in a text that cannot be parsed', () => {
    const text = 'board: maixcam\ntrain:\n  args: { lr0: 1 }\n  epochs: 3\noutputs:\n  - a\n  - b\nlabels: "x\n';
    const outline = (symbols: readonly DocumentSymbol[]): unknown =>
      symbols.map(({ name, children }) => (children?.length ? [name, outline(children)] : name));
    const symbols = recipeLanguage.symbols({ path: 'a', text, files: null });
    assert.deepEqual(outline(symbols), ['board', ['train', [['args', ['lr0']], 'epochs']], 'outputs', 'labels']);
    assert.equal(symbols[0]?.detail, 'maixcam');
    const [, train, outputs] = symbols;
    assert.deepEqual(train?.range.end, { line: 3, character: 11 });
    assert.deepEqual(outputs?.range.end, { line: 6, character: 5 });
  });

  it('runs and pushes from the first line, with commands of the manifest', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly contributes: { readonly commands: readonly { readonly command: string }[] };
    };
    const known = manifest.contributes.commands.map(({ command }) => command);
    const lenses = recipeLanguage.lenses({ path: 'a.maixcam.yaml', text: 'board: maixcam\n', files: null });
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['maixcam.runPipeline', 'maixcam.pushToBoard'],
    );
    for (const { command } of lenses) assert.ok(known.includes(command?.command ?? ''));
    assert.deepEqual(recipeLanguage.lenses({ path: 'a', text: ' \n', files: null }), []);
  });
});
