import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextEdit } from 'vscode-languageserver-types';
import { sampleRecipe } from '../../../client/src/domain/sample/recipe';
import type { LanguageDocument } from '../../../server/src/core/language/service';
import type { Problem, Range } from '../../../server/src/core/problems/problem';
import { recipeLanguage } from '../../../server/src/core/recipe/service';
import { cursorOffset } from '../../../server/src/core/schema/yaml-cursor';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { DiskFiles } from '../../../server/src/node/language-files';
import { applyFix } from '../../support/text-edits';
import { useTempFolder } from '../../support/temp-folder';

const SAMPLES = [
  sampleRecipe('detect', 'maixcam'),
  sampleRecipe('pose', 'maixcam2').replaceAll('\n', '\r\n'),
  '{ board: maixcam, onnx: a.onnx, dataset: "d.yaml", labels: [a, b], convert: { precision: bf16 } }',
  'board: maixcam\nonnx: best.onnx\nlabels: &l\n- a\n- b\noutputs: *l\ndeploy:\n  host: 10.0.0.1\n  host: 10.0.0.2\n',
];

const PIECES = [
  '\n',
  '\r\n',
  '\t',
  '  ',
  ':',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  ' #',
  '|',
  '&a ',
  '*a',
  '!!x ',
];
const WORDS = [
  'board: ',
  'epochs',
  'epcohs: ',
  'optimiser: x',
  'imgsz: 320',
  '320',
  'x',
  'ü😀',
  '\u0000',
  'null',
  '---\n',
  ',',
  '1.5',
];

/** The YAML itself is unsound: nothing else is looked at. */
const UNREADABLE: ReadonlySet<string> = new Set(['RECIPE001', 'RECIPE002', 'RECIPE004']);

/** What stands there is understood only once these are mended, and may then be wrong in itself. */
const REVEALING: ReadonlySet<string> = new Set(['RECIPE003', 'RECIPE006', 'RECIPE007', 'RECIPE009', 'RECIPE011']);

/** Lines with mistakes that have a fix. */
const FAULTY = [
  ...['epcohs: 3', 'bord: maixcam', 'task: detcet', 'batch: "16"', 'size: 320 x 224', 'image-size: 330', 'device: 0,1'],
  ...['device: cuda:1', 'optimiser: x', 'model: yolo11n-seg', 'outputs: Auto', 'labels: [1, a]', 'dataset: [a.yaml]'],
  ...['precision: bf16', 'precison: int8', 'iou: "0,5"', 'host: 5', '\tepochs: 3', 'board: maixcam', 'lr0: 0.005'],
];

/** A sample with some places or whole lines replaced. */
const edited = fc
  .tuple(
    fc.constantFrom(...SAMPLES),
    fc.array(fc.tuple(fc.nat(2000), fc.nat(6), fc.constantFrom('', ...PIECES, ...WORDS)), { maxLength: 2 }),
    fc.array(fc.tuple(fc.nat(60), fc.constantFrom(...FAULTY)), { maxLength: 4 }),
  )
  .map(([sample, edits, faulty]) => {
    const lines = sample.split('\n');
    for (const [place, fault] of faulty) {
      const at = place % lines.length;
      lines[at] = `${/^\s*/.exec(lines[at] ?? '')?.[0] ?? ''}${fault}`;
    }
    return edits.reduce((text, [place, length, piece]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + piece + text.slice(at + length);
    }, lines.join('\n'));
  });

describe('recipe language, any text', () => {
  const folder = useTempFolder();

  it('answers everything, with ranges inside the text', () => {
    fc.assert(
      fc.property(edited, fc.nat(2000), (text, place) => {
        const document: LanguageDocument = { path: folder.file('a.maixcam.yaml'), text, files: new DiskFiles() };
        const lines = new LineIndex(text);
        const inside = ({ start, end }: Range): void => {
          const [from, to] = [lines.offsetAt(start), lines.offsetAt(end)];
          assert.ok(from <= to && to <= text.length, `${from}…${to} of ${text.length}`);
          assert.deepEqual([lines.positionAt(from), lines.positionAt(to)], [start, end]);
        };
        for (const { range, fixes } of recipeLanguage.validate(document)) {
          inside(range);
          for (const { edits } of fixes ?? []) for (const edit of edits) inside(edit.range);
        }
        // No editor puts the cursor between CR and LF.
        const at = lines.positionAt(cursorOffset(text, lines.positionAt(Math.min(place, text.length))));
        for (const { textEdit } of recipeLanguage.complete(document, at)) {
          assert.ok(textEdit !== undefined && TextEdit.is(textEdit));
          inside(textEdit.range);
          assert.deepEqual([textEdit.range.start.line, textEdit.range.end.line], [at.line, at.line]);
          assert.ok(textEdit.range.start.character <= at.character && at.character <= textEdit.range.end.character);
        }
        const hover = recipeLanguage.hover(document, at);
        if (hover?.range !== undefined) inside(hover.range);
        const visit = (symbols: ReturnType<typeof recipeLanguage.symbols>, around: Range | null): void => {
          for (const { name, range, selectionRange, children } of symbols) {
            inside(range);
            assert.ok(name !== '' && holds(lines, range, selectionRange));
            if (around !== null) assert.ok(holds(lines, around, range));
            visit(children ?? [], range);
          }
        };
        visit(recipeLanguage.symbols(document), null);
        recipeLanguage.lenses(document);
      }),
      { numRuns: 300 },
    );
  });

  it('a preferred fix makes its problem vanish and brings no error of its own', () => {
    let applied = 0;
    fc.assert(
      fc.property(edited, (text) => {
        const before = check(text);
        for (const problem of before) {
          for (const fix of problem.fixes ?? []) {
            if (!fix.preferred) continue;
            applied += 1;
            const after = check(applyFix(text, fix));
            const count = (problems: readonly Problem[]): number =>
              problems.filter(({ code, message }) => code === problem.code && message === problem.message).length;
            const name = `${problem.code} ${fix.title} in ${JSON.stringify(text)}`;
            assert.ok(count(after) < count(before), `still there: ${name}`);
            const known = new Set(before.map(({ code }) => code));
            const fresh = after.filter(
              ({ code, severity }) =>
                severity === 'error' && !known.has(code) && (!REVEALING.has(problem.code) || UNREADABLE.has(code)),
            );
            if (UNREADABLE.has(problem.code)) continue;
            assert.deepEqual(fresh, [], name);
          }
        }
      }),
      { numRuns: 800 },
    );
    assert.ok(applied > 20, `${applied} fixes were tried`);
  });
});

function check(text: string): readonly Problem[] {
  return recipeLanguage.validate({ path: 'a.maixcam.yaml', text, files: null });
}

function holds(lines: LineIndex, around: Range, inner: Range): boolean {
  return (
    lines.offsetAt(around.start) <= lines.offsetAt(inner.start) &&
    lines.offsetAt(inner.end) <= lines.offsetAt(around.end)
  );
}
