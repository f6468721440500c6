import assert from 'node:assert/strict';
import { readRecipe } from '../../../server/src/core/recipe/read';
import { parseYaml, repeatedKeys } from '../../../server/src/core/schema/yaml-parse';

describe('parseYaml', () => {
  it('reads a text of ordinary depth, however long its lines are', () => {
    const names = Array.from({ length: 2000 }, (_, index) => `${index}: class-${index}`).join(', ');
    const read = parseYaml(`names: { ${names} }\nurl: "a:b:c" # [[[\nlist:\n${'  - [1, 2]\n'.repeat(500)}`);
    assert.equal(read.tooDeep, null);
    assert.deepEqual(
      read.documents.map(({ errors }) => errors.length),
      [0],
    );
  });

  it('refuses what would use up the stack of its reader', () => {
    for (const sign of ['[', '{a: ', '- ', '? ', 'a: ', '[{']) {
      const read = parseYaml(`x: 1\n${sign.repeat(20_000)}`);
      assert.ok(read.tooDeep !== null && read.tooDeep < 1000, sign);
    }
    const steps = Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('');
    assert.notEqual(parseYaml(steps).tooDeep, null);
  });

  it('makes a recipe of endless brackets one problem', () => {
    const { problems } = readRecipe('['.repeat(50_000), 'a.maixcam.yaml');
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['RECIPE001'],
    );
    assert.equal(problems[0]?.range.start.character, 199);
  });
});

describe('repeatedKeys', () => {
  it('finds the keys that stood in the same group before, in the order of the text', () => {
    const text = 'a: 1\nb: { c: 1, d: 2, c: 3 }\n"a": 2\nlist:\n  - a: 1\n    a: 2\n  - a: 1\na: 3\n';
    const read = parseYaml(text);
    assert.ok(read.tooDeep === null);
    const places = read.documents.flatMap(repeatedKeys).map((at) => [at, text.slice(at, at + 3)]);
    assert.deepEqual(places, [
      [text.indexOf('c: 3'), 'c: '],
      [text.indexOf('"a"'), '"a"'],
      [text.indexOf('a: 2\n  -'), 'a: '],
      [text.lastIndexOf('a: 3'), 'a: '],
    ]);
  });

  it('takes keys of different types for different ones', () => {
    const read = parseYaml('1: a\n"1": b\n? [1]\n: c\n? [1]\n: d\n');
    assert.ok(read.tooDeep === null);
    assert.deepEqual(read.documents.flatMap(repeatedKeys), []);
  });
});
