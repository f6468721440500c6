import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { CompletionItem, Hover } from 'vscode-languageserver-types';
import { editorText, mudFileRules, validateMudFile } from '../../../server/src/core/mud/file-problems';
import { parseMud } from '../../../server/src/core/mud/tree';
import { readMud } from '../../../server/src/core/mud/read';
import { mudRules } from '../../../server/src/core/mud/rules';
import { mudLanguage } from '../../../server/src/core/mud/service';
import type { Problem } from '../../../server/src/core/problems/problem';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { edited, mudDocument, type Beside } from './documents';
import { BESIDE, failing, GOOD, passing } from './examples';

/** The text without its mark `‸`, and where it stood. */
function marked(text: string): { text: string; at: { line: number; character: number } } {
  const offset = text.indexOf('‸');
  const plain = text.replace('‸', '');
  return { text: plain, at: new LineIndex(plain).positionAt(offset) };
}

function completions(text: string, beside: Beside = BESIDE): readonly CompletionItem[] {
  const { text: plain, at } = marked(text);
  return mudLanguage.complete(mudDocument(plain, beside), at);
}

/** What the text becomes with one of the completions. */
function completed(text: string, label: string, beside?: Beside): string {
  const item = completions(text, beside).find((each) => each.label === label);
  assert.ok(item?.textEdit && 'range' in item.textEdit, `${label} is offered`);
  return edited(text.replace('‸', ''), [item.textEdit]);
}

function hoverText(text: string, beside: Beside = BESIDE): string | null {
  const { text: plain, at } = marked(text);
  const hover: Hover | null = mudLanguage.hover(mudDocument(plain, beside), at);
  return hover === null ? null : (hover.contents as { value: string }).value;
}

describe('mud: completion', () => {
  it('offers the sections that are not there yet', () => {
    assert.deepEqual(
      completions('[basic]\ntype = cvimodel\n[‸').map(({ label }) => label),
      ['[extra]', '[post_config]'],
    );
    assert.equal(completed('[basic]\n[ex‸]\n', '[extra]'), '[basic]\n[extra]\n');
  });

  it('offers the keys that the class still lacks, required ones first', () => {
    const offered = completions('[basic]\ntype = cvimodel\n[extra]\nmodel_type = yolov5\nmean = 0\n‸');
    const sorted = [...offered]
      .filter(({ label }) => !label.startsWith('['))
      .sort((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
    assert.deepEqual(
      sorted.map(({ label }) => label),
      ['input_type', 'scale', 'labels', 'anchors', 'input_layout'],
    );
    assert.equal(
      completed('[extra]\nmodel_type = yolo11\n  inp‸\n', 'input_type'),
      '[extra]\nmodel_type = yolo11\n  input_type = \n',
    );
    assert.equal(completed('[extra]\nlab‸ = a\n', 'labels'), '[extra]\nlabels = a\n');
  });

  it('offers words, classes of the board, files of the folder and labels', () => {
    assert.equal(completed('[basic]\ntype =‸', 'axmodel'), '[basic]\ntype = axmodel');
    assert.equal(completed('[extra]\ninput_type = r‸ # order', 'bgr'), '[extra]\ninput_type = bgr # order');
    const classes = completions('[basic]\ntype = cvimodel\n[extra]\nmodel_type = ‸').map(({ label }) => label);
    assert.ok(classes.includes('yolo11') && !classes.includes('whisper'));
    assert.deepEqual(
      completions('[basic]\ntype = axmodel\nmodel_npu = ‸').map(({ label }) => label),
      ['n.axmodel', 'v.axmodel'],
    );
    assert.equal(
      completed('[extra]\nlabels = ‸', 'cat, dog', { 'labels.txt': 'cat\ndog\n', 'a b.txt': '' }),
      '[extra]\nlabels = cat, dog',
    );
    assert.deepEqual(
      completions('[extra]\nlabels = ‸', { 'l.txt': 'a#\nb' }).map(({ label }) => label),
      ['l.txt'],
    );
  });

  it('is silent in comments and where nothing can follow', () => {
    assert.deepEqual(completions('[extra]\n# inp‸'), []);
    assert.deepEqual(completions('[extra]\ntype = x # a ‸'), []);
    assert.deepEqual(completions('[extra]\nfoo bar ‸'), []);
    assert.deepEqual(completions('[extra]\nmine = ‸'), []);
  });
});

describe('mud: hover', () => {
  it('tells what sections and keys are for', () => {
    assert.match(hoverText('[ba‸sic]')!, /loader/);
    assert.match(hoverText('[extra]\nmodel_type = yolov5\nanc‸hors = 1,2')!, /maix\.nn\.YOLOv5 needs it/);
    assert.match(hoverText('[extra]\nmodel_type = yolo11\nanc‸hors = 1,2')!, /does not read it/);
    assert.match(hoverText('[basic]\ntype = axmodel\n[extra]\nmea‸n = 0')!, /No effect/);
  });

  it('decodes numbers, labels, words and files', () => {
    assert.match(hoverText('[extra]\nscale = 0.0039‸21568627, 0.0171248')!, /2 numbers: 0\.003921569 \(1\/255\)/);
    assert.match(hoverText('[extra]\nmean = 1/25‸5')!, /one number: 1$/m);
    assert.match(hoverText('[extra]\nlabels = cat, d‸og')!, /Class 1: dog\n\n2 labels/);
    assert.match(
      hoverText('[extra]\nlabels = l.t‸xt', { 'l.txt': 'a_b\n*c*' })!,
      /2 labels, read from the file.*0: a\\_b, 1: \\\*c\\\*/s,
    );
    assert.match(hoverText('[extra]\ninput_type = b‸gr')!, /OpenCV/);
    assert.match(hoverText('[extra]\nmodel_type = whis‸per')!, /MaixCAM2 only/);
    assert.match(hoverText('[basic]\nmodel = m.cvi‸model')!, /The file is there/);
    assert.match(hoverText('[basic]\nmodel = x.cvi‸model')!, /no such file/);
  });

  it('is silent about what nothing reads', () => {
    for (const text of ['# typ‸e', '[mi‸ne]', '[extra]\nmin‸e = 1', '‸', '[extra]\nmine = 1‸'])
      assert.equal(hoverText(text), null);
  });
});

describe('mud: outline and lens', () => {
  it('lists sections with their keys', () => {
    const symbols = mudLanguage.symbols(mudDocument(GOOD));
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children?.map((child) => child.name)]),
      [
        ['[basic]', ['type', 'model']].map((part, index) => (index === 0 ? 'basic' : part)),
        ['extra', ['model_type', 'input_type', 'mean', 'scale', 'labels']],
      ],
    );
  });

  it('offers to push a MUD that names a board', () => {
    assert.deepEqual(
      mudLanguage.lenses(mudDocument(GOOD)).map(({ command }) => command?.command),
      ['maixcam.pushToBoard'],
    );
    assert.deepEqual(mudLanguage.lenses(mudDocument('[basic]\n')), []);
  });
});

describe('mud: what only the bytes show', () => {
  const utf16 = Buffer.from(`\ufeff${GOOD}`, 'utf16le');
  const cases: readonly (readonly [name: string, bytes: Uint8Array, code: string, severity: string, line: number])[] = [
    ['a mark before a header', Buffer.from(`\ufeff${GOOD}`), 'MUD001', 'error', 0],
    ['a mark before a key', Buffer.from(`\ufeffa = b\n${GOOD}`), 'MUD001', 'warning', 0],
    ['UTF-16', utf16, 'MUD002', 'error', 0],
    ['CR alone', Buffer.from(GOOD.replace(/\n/g, '\r')), 'MUD003', 'error', 0],
    ['some CR alone', Buffer.from(GOOD.replace('rgb\n', 'rgb\r')), 'MUD003', 'warning', 6],
    ['NUL', Buffer.from(GOOD.replace('cat', 'c\0at')), 'MUD004', 'warning', 9],
    ['GBK', Buffer.from(`${GOOD}# \xc4\xe3\n`, 'latin1'), 'MUD005', 'warning', 10],
  ];
  for (const [name, bytes, code, severity, line] of cases) {
    it(`${code}: ${name}`, () => {
      const [found, ...others] = mudLanguage.validateFile(bytes, '/models/model.mud');
      assert.deepEqual(others, []);
      assert.deepEqual([found?.code, found?.severity, found?.range.start.line], [code, severity, line]);
      if (found?.fix === null) return;
      const mended = found!.fix.apply(bytes);
      assert.deepEqual(mudLanguage.validateFile(mended, '/models/model.mud'), []);
      assert.equal(readMud('model.mud', { kind: 'file', bytes: mended }).loads, true);
    });
  }

  it('has a case for each of its codes', () => {
    assert.deepEqual(
      [...new Set(cases.map(([, , code]) => code))],
      mudFileRules.map(({ code }) => code),
    );
  });

  it('lets pass what the board reads alike', () => {
    for (const text of [GOOD, GOOD.replace(/\n/g, '\r\n'), GOOD.trimEnd(), '', '# 标签\r\r\n']) {
      assert.deepEqual(validateMudFile(Buffer.from(text)), [], JSON.stringify(text));
    }
  });
});

describe('mud: agreement with the loader’s recorded answers', () => {
  interface Recorded {
    readonly id: string;
    readonly file_name: string;
    readonly file?: string;
    readonly bytes_b64?: string;
    readonly expect: { readonly error: string };
  }
  const { cases } = JSON.parse(
    gunzipSync(readFileSync('test/fixtures/mud/mud-conformance.json.gz')).toString('utf8'),
  ) as { cases: readonly Recorded[] };
  /** Codes whose errors mean that the loader itself refuses the file. */
  const loader = new Set<string>([
    ...mudRules.filter(({ stage }) => stage === 'loader').map(({ code }) => code),
    ...mudFileRules.map(({ code }) => code),
  ]);
  const files = cases.filter(({ file }) => file === undefined);

  const refused = (item: Recorded): boolean => item.expect.error !== 'ERR_NONE';
  const findings = (item: Recorded): readonly { readonly code: string; readonly severity: string }[] => {
    const bytes = Buffer.from(item.bytes_b64 ?? '', 'base64');
    const document = { path: `/models/${item.file_name}`, text: editorText(bytes), files: null };
    return [...mudLanguage.validate(document), ...mudLanguage.validateFile(bytes, document.path)];
  };
  const stops = (item: Recorded): boolean =>
    findings(item).some(({ code, severity }) => severity === 'error' && loader.has(code));
  /** A lone CR is a line end for editors only, and they hide a mark: there the two see different texts. */
  const [alike, different] = [false, true].map((wanted) =>
    files.filter(
      ({ bytes_b64 }) =>
        /^\xef\xbb\xbf|\r(?!\n)/.test(Buffer.from(bytes_b64 ?? '', 'base64').toString('latin1')) === wanted,
    ),
  );

  it('gives an error that stops loading exactly for the files that the loader refuses', () => {
    assert.deepEqual(
      alike!.filter((item) => stops(item) !== refused(item)).map(({ id }) => id),
      [],
    );
    assert.deepEqual([alike!.length, alike!.filter(refused).length], [467, 205]);
  });

  it('gives an error for every refused file with a mark or lone CR, and a warning where editors show another text', () => {
    for (const item of different!) {
      if (refused(item)) assert.ok(stops(item), item.id);
      else if (stops(item))
        assert.ok(
          findings(item).some(({ code }) => code === 'MUD001' || code === 'MUD003'),
          item.id,
        );
    }
    assert.deepEqual([different!.length, different!.filter((item) => stops(item) !== refused(item)).length], [33, 10]);
  });
});

describe('mud: any text', () => {
  const words = [...failing.map((example) => example.marked.replace(/[⟦⟧]/g, '')), ...passing].flatMap((text) =>
    text.split(/(?<=\n)/),
  );
  const text = fc.oneof(
    fc
      .array(fc.constantFrom(...words, '[', ']', '=', '#', ';', '"', '\r', '\0', ',', '1/255'), { maxLength: 30 })
      .map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );

  const ofCode = (code: string, plain: string): readonly Problem[] =>
    mudLanguage.validate(mudDocument(plain, BESIDE)).filter((each) => each.code === code);

  /** A mended line may show the same mistake behind it: mending goes on, but it comes to an end. */
  const vanishes = (code: string, before: string, mended: string): boolean => {
    const count = ofCode(code, before).length;
    let text = mended;
    for (let step = 0; step < 40; step++) {
      const left = ofCode(code, text);
      if (left.length < count) return true;
      const next = left.flatMap(({ fixes }) => fixes ?? []).find(({ preferred }) => preferred);
      if (next === undefined) return false;
      text = edited(text, next.edits);
    }
    return false;
  };

  it('gets an answer, with ranges inside it, and every preferred fix lessens its problem', () => {
    fc.assert(
      fc.property(text, (plain) => {
        const document = mudDocument(plain, BESIDE);
        const lines = new LineIndex(plain);
        const inside = ({
          start,
          end,
        }: {
          start: { line: number; character: number };
          end: { line: number; character: number };
        }): void => {
          for (const at of [start, end]) assert.deepEqual(lines.positionAt(lines.offsetAt(at)), at);
          assert.ok(lines.offsetAt(start) <= lines.offsetAt(end));
        };
        const problems = mudLanguage.validate(document);
        for (const problem of problems) {
          inside(problem.range);
          for (const fix of problem.fixes ?? []) {
            for (const edit of fix.edits) inside(edit.range);
            const mended = edited(plain, fix.edits);
            if (fix.preferred)
              assert.ok(
                vanishes(problem.code, plain, mended),
                `${problem.code}: ${JSON.stringify(plain)} → ${JSON.stringify(mended)}`,
              );
          }
        }
        for (const symbol of mudLanguage.symbols(document)) inside(symbol.range);
        mudLanguage.lenses(document);
        const at = lines.positionAt(Math.floor(plain.length / 2));
        const hover = mudLanguage.hover(document, at);
        if (hover?.range) inside(hover.range);
        for (const item of mudLanguage.complete(document, at))
          if (item.textEdit && 'range' in item.textEdit) inside(item.textEdit.range);
      }),
      { seed: 11, numRuns: 600 },
    );
  });

  it('gets an answer for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        for (const { fix } of validateMudFile(bytes)) fix?.apply(bytes);
        parseMud(editorText(bytes));
      }),
      { seed: 12, numRuns: 1000 },
    );
  });
});
