import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { editRecipe, type RecipeValue } from '../../../server/src/core/recipe/write';

const TEXT = `# My model
board: maixcam   # the small one
task: detect

dataset: data.yaml
train:
  model: yolov8n
  args: { lr0: 0.005 }   # tuned
  # last words on training

# where to cut
outputs: auto # found
labels:
  - circle   # red
  - square
deploy:
`;

describe('editRecipe', () => {
  const cases: readonly (readonly [string, readonly string[], RecipeValue | undefined, string, string])[] = [
    ['a plain value', ['board'], 'maixcam2', 'board: maixcam   #', 'board: maixcam2   #'],
    ['a value by a list', ['outputs'], ['/a/b', 'c'], 'outputs: auto # found', 'outputs: [/a/b, c] # found'],
    ['a key of an empty group', ['deploy', 'host'], '127.0.0.1:22', 'deploy:\n', 'deploy:\n  host: 127.0.0.1:22\n'],
    [
      'a new key behind the last one',
      ['train', 'epochs'],
      12,
      'args: { lr0: 0.005 }   # tuned\n',
      'args: { lr0: 0.005 }   # tuned\n  epochs: 12\n',
    ],
    ['a key in braces', ['train', 'args', 'seed'], 3, '{ lr0: 0.005 }', '{ lr0: 0.005, seed: 3 }'],
    ['a block list', ['labels'], 'auto', 'labels:\n  - circle   # red\n  - square\n', 'labels: auto\n'],
    ['removes a key', ['task'], undefined, 'task: detect\n', ''],
    ['removes a group', ['labels'], undefined, 'labels:\n  - circle   # red\n  - square\n', ''],
    ['a new group', ['export', 'size'], '640x480', 'deploy:\n', 'deploy:\nexport:\n  size: 640x480\n'],
  ];
  for (const [name, path, value, before, after] of cases) {
    it(`sets ${name} and leaves every other character`, () => {
      assert.equal(editRecipe(TEXT, path, value), TEXT.replace(before, after));
      const windows = TEXT.replaceAll('\n', '\r\n');
      const expected = TEXT.replace(before, after).replaceAll('\n', '\r\n');
      assert.equal(editRecipe(windows, path, value), expected);
    });
  }

  it('starts an empty file', () => {
    assert.equal(editRecipe('', ['board'], 'maixcam'), 'board: maixcam\n');
    assert.equal(editRecipe('# only words', ['a', 'b'], 1), '# only words\na:\n  b: 1\n');
  });

  it('quotes what YAML would read as something else', () => {
    for (const value of ['null', '12', 'a: b', '# x', '', ' x ', 'a\nb', 'ünï', '[x', "it's", '*a', '- a']) {
      const edited = parse(editRecipe(TEXT, ['dataset'], value)) as Record<string, unknown>;
      assert.equal(edited.dataset, value);
    }
  });

  it('does not touch a text that it cannot read', () => {
    assert.throws(() => editRecipe('a: [', ['board'], 'maixcam'), { code: 'RECIPE_UNREADABLE' });
    assert.throws(() => editRecipe('- a', ['board'], 'maixcam'), { code: 'RECIPE_UNREADABLE' });
    assert.throws(() => editRecipe('!!set {}', ['board'], 'maixcam'), { code: 'RECIPE_UNREADABLE' });
    assert.throws(() => editRecipe('['.repeat(50_000), ['board'], 'maixcam'), { code: 'RECIPE_UNREADABLE' });
    for (const alias of ['a: *b', 'a: &b [*b]']) {
      assert.throws(() => editRecipe(alias, ['board'], 'maixcam'), { code: 'RECIPE_UNREADABLE' });
    }
  });

  it('sets the value, keeps every comment and every other value, whatever the recipe looks like', () => {
    const key = fc.constantFrom('board', 'train', 'outputs', 'deploy', 'x y', 'ü');
    const scalar = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('a', 'b c', '', '1', 'auto'),
    );
    const group = fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
      maxKeys: 3,
      noNullPrototype: true,
    });
    const content = fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), group), {
      maxKeys: 5,
      noNullPrototype: true,
    });
    const path = fc.array(key, { minLength: 1, maxLength: 2 });
    const fresh = fc.oneof(scalar, fc.array(fc.string(), { maxLength: 3 }), fc.string());
    fc.assert(
      fc.property(
        content,
        path,
        fc.option(fresh, { nil: undefined }),
        fc.boolean(),
        fc.boolean(),
        (all, at, value, flow, crlf) => {
          const text = written(all, flow).replaceAll('\n', crlf ? '\r\n' : '\n');
          const [first = '', second] = at;
          const parent = all[first];
          // A plain value cannot have keys below it: such an edit replaces it by a group.
          const result = (parse(editRecipe(text, at, value)) ?? {}) as Record<string, unknown>;
          const expected = new Map<string, unknown>(Object.entries(all));
          if (second === undefined) {
            if (value === undefined) expected.delete(first);
            else expected.set(first, value);
          } else if (value !== undefined || isGroup(parent)) {
            const inner = new Map<string, unknown>(Object.entries(isGroup(parent) ? parent : {}));
            if (value === undefined) inner.delete(second);
            else inner.set(second, value);
            expected.set(first, Object.fromEntries(inner));
          }
          assert.deepEqual(result, Object.fromEntries(expected));
          const kept = editRecipe(text, at, value);
          for (const name of Object.keys(all)) {
            if (name !== first) assert.ok(kept.includes(`# above ${name} #`), kept);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A recipe text with a comment above every key, lists and groups in blocks or in brackets. */
function written(all: Readonly<Record<string, unknown>>, flow: boolean): string {
  return Object.entries(all)
    .map(([key, value]) => {
      const head = `# above ${key} #\n${JSON.stringify(key)}:`;
      if (flow || typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
        return `${head} ${JSON.stringify(value)} # beside\n`;
      }
      const items = Array.isArray(value)
        ? value.map((item) => `  - ${JSON.stringify(item)}\n`)
        : Object.entries(value).map(([name, item]) => `  ${JSON.stringify(name)}: ${JSON.stringify(item)}\n`);
      return `${head} # beside\n${items.join('')}`;
    })
    .join('\n');
}
