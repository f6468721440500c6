import assert from 'node:assert/strict';
import type { MarkupContent } from 'vscode-languageserver-types';
import { datasetLanguage, datasetLanguageAt, looksLikeDataset } from '../../../server/src/core/dataset/service';
import { languageFor, languageIdFor } from '../../../server/src/core/language/registry';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { memoryFiles, usualFiles } from './memory-files';

const FOLDER = '/home/me/set';
const files = memoryFiles([...usualFiles(FOLDER), `${FOLDER}/list.txt`, `${FOLDER}/README.md`]);

/** The document with the place of `|`. */
function marked(text: string, path = `${FOLDER}/data.yaml`): Parameters<typeof datasetLanguage.hover> {
  const at = text.indexOf('|');
  const plain = text.replace('|', '');
  return [{ path, text: plain, files }, new LineIndex(plain).positionAt(at)];
}

function labels(text: string): string[] {
  return datasetLanguage.complete(...marked(text)).map(({ label }) => label);
}

function hover(text: string): string {
  const found = datasetLanguage.hover(...marked(text));
  return found === null ? '' : (found.contents as MarkupContent).value;
}

describe('dataset language: recognition', () => {
  for (const text of [
    'train: images/train\nval: images/val\nnames: [a]\n',
    'names:\n  0: a\ntrain: [a, b]\n',
    '"train": a\r\n"val": b\r\n',
    'train:\n  - a\nvalid: b\n',
    '\ufefftrain: x\nnc: 2\n',
    'path: x\ntrain: a\n\tval: b\nnames: [\n',
  ]) {
    it(`takes ${JSON.stringify(text)}`, () => assert.ok(looksLikeDataset(text, 'any.yaml')));
  }

  for (const [text, path] of [
    ['board: maixcam\ndataset: data.yaml\ntrain:\n  model: yolov8n\n', 'shapes.yaml'],
    ['train: a\nval: b\nnames: [a]\n', 'shapes.maixcam.yaml'],
    ['nc: 80\nscales: {}\nbackbone:\n  - [-1, 1, Conv, [64, 3, 2]]\n', 'yolov8.yaml'],
    ['task: detect\ndata: data.yaml\nepochs: 10\nval: true\nsplit: val\n', 'args.yaml'],
    ['train:\n  lr: 0.1\nval:\n  batch: 2\n', 'config.yaml'],
    ['services:\n  web:\n    image: x\n', 'docker-compose.yaml'],
    ['stages:\n  train: make\n', '.gitlab-ci.yml'],
    ['title: My page\nnames: 3\n', '_config.yml'],
    ['en:\n  hello: Hi\n', 'data.yaml'],
    ['', 'data.yaml'],
  ] as const) {
    it(`leaves ${path} alone: ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.ok(!looksLikeDataset(text, path));
    });
  }

  it('one registry gives each file its language', () => {
    const dataset = 'train: a\nval: b\nnames: [c]\n';
    assert.equal(languageIdFor('a/b.mud', ''), 'mud');
    assert.equal(languageIdFor('a/b.maixcam.yaml', dataset), 'recipe');
    assert.equal(languageFor('a/data.yaml', dataset)?.id, 'dataset');
    assert.equal(languageIdFor('a/data.txt', dataset), null);
  });
});

describe('dataset language: help while editing', () => {
  it('completes the keys that are not there yet', () => {
    const keys = labels('train: images/train\n|');
    assert.deepEqual(keys.slice(0, 2), ['path', 'val']);
    assert.ok(!keys.includes('train') && keys.includes('kpt_shape'));
    assert.deepEqual(labels('names:\n  0: cat\n  |'), []);
  });

  it('completes folders and lists from where the paths start', () => {
    assert.deepEqual(labels('train: |\n'), ['images', 'labels', 'list.txt']);
    assert.deepEqual(labels('train: images/|\nval: x\n'), ['train', 'val']);
    assert.deepEqual(labels('val:\n  - images/tr|\n'), ['train', 'val']);
    assert.deepEqual(labels('path: |\n'), ['images', 'labels']);
    assert.deepEqual(labels('nc: |\n'), []);
    const [item] = datasetLanguage.complete(...marked('train: images/t|\n'));
    assert.deepEqual(item?.textEdit, {
      range: { start: { line: 0, character: 7 }, end: { line: 0, character: 15 } },
      newText: 'images/train',
    });
  });

  it('tells where a path leads, what a key means and which number a class has', () => {
    assert.match(
      hover('train: ima|ges/train\nval: images/val\nnames: [a]\n'),
      /`\/home\/me\/set\/images\/train`.*\n\n2 pictures there/s,
    );
    assert.match(hover('train: ../imag|es/train\nval: b\nnames: [a]\n'), /takes the leading `\.\.\/` away/);
    assert.match(hover('train: nowh|ere\nval: b\nnames: [a]\n'), /Nothing lies there/);
    assert.match(hover('tra|in: a\n'), /Pictures to train with/);
    assert.match(hover('train: a\nnames: [cat, d|og]\n'), /Class \*\*1\*\*, one of 2 classes/);
    assert.match(hover('names:\n  0: cat\n  1: do|g\n'), /Class \*\*1\*\*/);
    assert.equal(hover('roboflow: |x\n'), '');
    const place = { cwd: '/work/here', datasetsFolder: '/home/me' };
    const found = datasetLanguageAt(place).hover(...marked('path: se|t\ntrain: images/train\n'));
    assert.match(
      (found?.contents as MarkupContent).value,
      /below Ultralytics' datasets folder\).*\/work\/here\/set.*\/home\/me\/set/s,
    );
  });

  it('does not let a path become markup', () => {
    assert.match(hover('train: "a`](x)`` |b"\n'), /``` \/home\/me\/set\/a`\]\(x\)`` b ```/);
  });

  it('outlines splits and classes', () => {
    const text = 'train: [a, b]\nval: c\nnames:\n  0: cat\n  1: dog\nother: 1\n';
    const symbols = datasetLanguage.symbols({ path: 'data.yaml', text, files: null });
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [
        ['train', 'a, b'],
        ['val', 'c'],
        ['names', '2 classes'],
      ],
    );
    assert.deepEqual(
      symbols[2]?.children?.map(({ name, detail }) => [name, detail]),
      [
        ['cat', 'class 0'],
        ['dog', 'class 1'],
      ],
    );
  });

  it('offers a new model above the first key', () => {
    const lenses = datasetLanguage.lenses({ path: 'data.yaml', text: '# set\ntrain: a\n', files: null });
    assert.deepEqual(
      lenses.map(({ command, range }) => [command?.command, range.start.line]),
      [['maixcam.newModel', 1]],
    );
    assert.deepEqual(datasetLanguage.lenses({ path: 'data.yaml', text: '- a\n', files: null }), []);
  });
});
