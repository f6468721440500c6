import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cursorOffset, indentStep, yamlCursor } from '../../../server/src/core/schema/yaml-cursor';
import { caret } from '../../support/caret';

type Expected = readonly [marked: string, kind: string, path: string, written: string, siblings?: string];

const cases: readonly Expected[] = [
  ['|', 'key', '', ''],
  ['bo|', 'key', '', 'bo'],
  ['bo|ard: x', 'key', '', 'board'],
  ['board|: x', 'key', '', 'board'],
  ['board:|', 'value', 'board', ''],
  ['board: |', 'value', 'board', ''],
  ['board: |  # why', 'value', 'board', ''],
  ['board: # w|hy', 'comment', '', ''],
  ['# w|hy', 'comment', '', ''],
  ['board: mai|x # why', 'value', 'board', 'maix'],
  ['board: "mai|x y" # why', 'value', 'board', '"maix y"'],
  ["board: 'mai|", 'value', 'board', "'mai"],
  ['train:\n  |', 'key', 'train', ''],
  ['train:\n|', 'key', '', '', 'train'],
  ['train:\n  model: a\n  |\n  epochs: 3\nexport:\n', 'key', 'train', '', 'model,epochs'],
  ['train:\n  model: a\n  ep|\nexport:\n', 'key', 'train', 'ep', 'model'],
  ['train:\n  model: a\n\n|\nexport:\n', 'key', '', '', 'train,export'],
  ['convert:\n  calibration:\n    pic|tures: 3\n    seed: 1', 'key', 'convert.calibration', 'pictures', 'seed'],
  ['convert:\n  calibration:\n    seed: 1\n  |', 'key', 'convert', '', 'calibration'],
  ['outputs:\n  - a\n  - b|c', 'value', 'outputs.1', 'bc'],
  ['outputs:\n- a\n- |\nlabels: auto', 'value', 'outputs.1', ''],
  ['outputs:\n- a\nla|bels: auto', 'key', '', 'labels', 'outputs'],
  ['train: { |', 'key', 'train', ''],
  ['train: { mo|, epochs: 3 }', 'key', 'train', 'mo', 'epochs'],
  ['train: { model: |, epochs: 3 }', 'value', 'train.model', ''],
  ['train: { model: yo|lo, epochs: 3 }', 'value', 'train.model', 'yolo'],
  ['train: { args: { lr0: 1, | }, epochs: 3 }', 'key', 'train.args', '', 'lr0'],
  ['train: { args: { lr0: 1 }, | }\nexport:', 'key', 'train', '', 'args'],
  ['outputs: [a, b|]', 'value', 'outputs.1', 'b'],
  ['outputs: [a, |]', 'value', 'outputs.1', ''],
  ['outputs: [|\nlabels: auto', 'value', 'outputs.0', ''],
  ['outputs: [a\nla|bels: auto', 'key', '', 'labels', 'outputs'],
  ['list:\n  - name: x\n    si|ze: 2', 'key', 'list.0', 'size', 'name'],
  ['list:\n  - name: x\n  - na|', 'value', 'list.1', 'na'],
  ['a: |-\n  te|xt\nb: 1'.replace('|-', '>-'), 'comment', '', ''],
  ['a: >\n  text\nb|: 1', 'key', '', 'b', 'a'],
  ['"a b": x|', 'value', 'a b', 'x'],
  ['a: 1\n---\nb|: 1', 'key', '', 'b', 'a'],
  ['a:\r\n  b: 1\r\n  |', 'key', 'a', '', 'b'],
  ['a:\n  b: &x te|xt', 'value', 'a.b', 'text'],
  ['{ board: mai|', 'value', 'board', 'mai'],
  ['path: C:/a|b', 'value', 'path', 'C:/ab'],
];

describe('yaml cursor', () => {
  for (const [marked, kind, path, written, siblings] of cases) {
    it(`${JSON.stringify(marked)} is ${kind} of ${path === '' ? 'the file' : path}`, () => {
      const { text, offset } = caret(marked);
      const at = yamlCursor(text, offset);
      assert.deepEqual([at.kind, at.path.join('.'), text.slice(at.start, at.end)], [kind, path, written]);
      if (siblings !== undefined) assert.equal(at.siblings.join(), siblings);
      assert.ok(at.start <= offset && offset <= at.end);
      assert.ok(text.slice(at.start, offset).endsWith(at.prefix));
    });
  }

  it('tells quote, prefix, column and what separates', () => {
    const quoted = caret('train:\n   model: "we|ights"');
    const at = yamlCursor(quoted.text, quoted.offset);
    assert.deepEqual([at.quote, at.prefix, at.column, at.separated], ['"', 'we', 3, true]);
    assert.equal(yamlCursor('board:', 6).separated, false);
    assert.equal(yamlCursor('board', 5).separated, false);
    assert.equal(yamlCursor('board: x', 5).separated, true);
    assert.equal(indentStep('a:\n    b: 1\nc:\n  d: 1'), 4);
    assert.equal(indentStep('a: { b: 1 }'), 2);
  });

  it('a column past the end of its line is the end of that line', () => {
    assert.equal(cursorOffset('ab\ncd', { line: 0, character: 9 }), 2);
    assert.equal(cursorOffset('ab\r\ncd', { line: 0, character: 3 }), 2);
    assert.equal(cursorOffset('ab\ncd', { line: 7, character: 0 }), 5);
  });

  it('survives brackets and dashes without end', () => {
    for (const sign of ['[', '{', '- ', '{a: ', '[{']) {
      const text = sign.repeat(5000);
      assert.ok(yamlCursor(text, text.length).end <= text.length);
    }
  });

  it('gives an answer for any text and offset, with a range around the cursor', () => {
    const piece = fc.constantFrom('a', 'b: ', ':', '\n', '\r\n', '\r', '  ', '- ', '-', '{', '}', '[', ']', ',', '"');
    const more = fc.constantFrom("'", '#', ' # ', '|', '>', '&x ', '!t ', '---\n', '\t', '\\', 'é😀', '\u0000', '? ');
    const texts = fc.array(fc.oneof(piece, more), { maxLength: 40 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), fc.nat(80), (text, wanted) => {
        const offset = Math.min(wanted, text.length);
        const at = yamlCursor(text, offset);
        assert.ok(at.start <= offset && offset <= at.end && at.end <= text.length, JSON.stringify(at));
        assert.doesNotMatch(text.slice(at.start, at.end), /[\r\n]/);
      }),
      { numRuns: 3000 },
    );
  });
});
