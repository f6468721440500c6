import assert from 'node:assert/strict';
import fc from 'fast-check';
import { datasetLanguage, looksLikeDataset } from '../../../server/src/core/dataset/service';
import type { Fix, Range } from '../../../server/src/core/problems/problem';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { memoryFiles, usualFiles } from './memory-files';

const PATH = '/home/me/set/data.yaml';
const files = memoryFiles(usualFiles('/home/me/set'));

/** Pieces of datasets, right and wrong, and what breaks YAML. */
const piece = fc.constantFrom(
  'train: images/train\n',
  'val: images/val\n',
  'val: images/vall\n',
  'valid: images/val\n',
  'validation: images/val\n',
  'train: "images\\\\train"\n',
  'train: ../images/train\n',
  'train: [../images/train, images/val]\n',
  'val:\n',
  'val: [images/*.jpg]\n',
  'names: [cat, no, 1.10]\n',
  'names: cat, dog\n',
  'names:\n  0: cat\n  1: dog\n',
  'names:\n  - red: car\n  - 0: x\n',
  'names: {1: a, 1: b}\n',
  'nc: "2"\n',
  'nc: 3\n',
  'path: .\n',
  'path: /nowhere\n',
  'kpt_shapes: [3, 3]\n',
  'kpt_shape: "[3, 3]"\n',
  'kpt_shape: [3, 3]\n',
  'flip_idx: [0, 1, 2]\n',
  'kpt_names: {0: [nose, left_eye, right_eye]}\n',
  'channels: 0\n',
  'a: &x [*x, *x]\n',
  'b: &y {<<: [*x, *y]}\n',
  '<<: *y\n',
  '\ttrain: a\n',
  'names: [\n',
  '- x\n',
  '--- \n',
  '"\u0007": "\ud800"\n',
  '? [a, b]\n: c\n',
  '!!binary x: !!set {a}\n',
  '{train: a, val: b}\n',
  '\r',
);
const text = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);

describe('dataset language: any text', () => {
  it('gets an answer, with every range inside', () => {
    fc.assert(
      fc.property(text, fc.nat(300), (given, offset) => {
        const document = { path: PATH, text: given, files };
        const lines = new LineIndex(given);
        const inside = ({ start, end }: Range): void => {
          assert.deepEqual(lines.positionAt(lines.offsetAt(start)), start);
          assert.deepEqual(lines.positionAt(lines.offsetAt(end)), end);
          assert.ok(lines.offsetAt(start) <= lines.offsetAt(end));
        };
        looksLikeDataset(given, PATH);
        let last = 0;
        for (const problem of datasetLanguage.validate(document)) {
          inside(problem.range);
          for (const edit of (problem.fixes ?? []).flatMap((fix) => fix.edits)) inside(edit.range);
          assert.ok(lines.offsetAt(problem.range.start) >= last, 'in the order of the text');
          last = lines.offsetAt(problem.range.start);
        }
        const at = lines.positionAt(offset);
        datasetLanguage.complete(document, at);
        datasetLanguage.hover(document, at);
        datasetLanguage.lenses(document);
        for (const symbol of datasetLanguage.symbols(document)) inside(symbol.range);
        datasetLanguage.validateFile(new TextEncoder().encode(given), PATH);
      }),
      { seed: 6, numRuns: 1500 },
    );
  });

  it('loses a problem with its preferred fix', () => {
    let applied = 0;
    fc.assert(
      fc.property(text, (given) => {
        const problems = datasetLanguage.validate({ path: PATH, text: given, files });
        for (const problem of problems) {
          const fix = problem.fixes?.find(({ preferred }) => preferred);
          if (fix === undefined) continue;
          applied += 1;
          const fixed = apply(given, fix);
          const after = datasetLanguage.validate({ path: PATH, text: fixed, files });
          const same = (list: typeof problems): number =>
            list.filter(({ code, message }) => code === problem.code && message === problem.message).length;
          assert.ok(same(after) < same(problems), `${problem.code} ${problem.message}\n${fixed}`);
        }
      }),
      { seed: 6, numRuns: 1000 },
    );
    assert.ok(applied > 500, String(applied));
  });

  it('is read in time that does not explode with its aliases', () => {
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 40 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`),
    ];
    const merges = [
      'm0: &m0 {k: 1}',
      ...Array.from({ length: 40 }, (_, level) => `m${level + 1}: &m${level + 1} {<<: [*m${level}, *m${level}]}`),
    ];
    const given = [...bomb, ...merges, 'names: *a40', '<<: *m40', 'train: a', 'val: b'].join('\n');
    const codes = datasetLanguage.validate({ path: PATH, text: given, files }).map(({ code }) => code);
    assert.ok(codes.includes('DATA028'), codes.join());
  });
});

function apply(given: string, fix: Fix): string {
  const lines = new LineIndex(given);
  return [...fix.edits]
    .map(({ range, newText }) => ({ from: lines.offsetAt(range.start), to: lines.offsetAt(range.end), newText }))
    .sort((a, b) => b.from - a.from)
    .reduce((now, { from, to, newText }) => now.slice(0, from) + newText + now.slice(to), given);
}
