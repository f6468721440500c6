import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recipeName, safeModelName } from '../../../server/src/core/recipe/model';
import { readRecipe } from '../../../server/src/core/recipe/read';
import { recipeSchema } from '../../../server/src/core/recipe/schema';
import type { SchemaNode } from '../../../server/src/core/schema/schema-node';
import { LineIndex } from '../../../server/src/core/text/line-index';

describe('readRecipe', () => {
  it('fills in every default of the schema', () => {
    const { recipe } = readRecipe('board: maixcam\ndataset: data.yaml\ntrain:\n', '/a b/Formes é.maixcam.yaml');
    assert.deepEqual(recipe, {
      name: 'Formes é',
      board: 'maixcam',
      task: 'detect',
      dataset: 'data.yaml',
      onnx: null,
      train: {
        model: 'yolov8n',
        width: null,
        epochs: 100,
        batch: 16,
        imageSize: 640,
        seed: 0,
        device: 'auto',
        args: {},
      },
      export: { size: { width: 320, height: 224 }, opset: 17 },
      outputs: 'auto',
      convert: {
        precision: 'int8',
        calibration: { pictures: 50, folder: null, seed: 0 },
        tolerance: [0.9, 0.6],
        method: 'auto',
      },
      labels: 'auto',
      compare: { pictures: 40, confidence: 0.35, iou: 0.5, keypointDistance: 0.1, minimum: 0.9 },
      deploy: { host: null, port: 22, user: 'root', folder: '/root/models/Formes_' },
    });
  });

  it('reads what is written', () => {
    const text = [
      'board: maixcam2',
      'task: pose',
      'dataset: sets/hand.yaml',
      'train: { model: yolo11n-pose, width: 0.125, epochs: 3, batch: 4, image-size: 320, seed: 7, device: "1",',
      '  args: { lr0: 0.005, optimizer: AdamW, amp: false, classes: [0, 1], freeze: null } }',
      'export: { size: 640x480, opset: 16 }',
      'outputs: [one, two]',
      'labels: [hand]',
      'deploy: { host: "127.0.0.1:2222", user: me, folder: /root/hand }',
    ].join('\r\n');
    const { recipe, problems } = readRecipe(text, 'hand.maixcam.yaml');
    assert.deepEqual(problems, []);
    assert.deepEqual(recipe?.train, {
      model: 'yolo11n-pose',
      width: 0.125,
      epochs: 3,
      batch: 4,
      imageSize: 320,
      seed: 7,
      device: '1',
      args: { lr0: 0.005, optimizer: 'AdamW', amp: false, classes: [0, 1], freeze: null },
    });
    assert.deepEqual(recipe.export, { size: { width: 640, height: 480 }, opset: 16 });
    assert.deepEqual([recipe.outputs, recipe.labels], [['one', 'two'], ['hand']]);
    assert.deepEqual(recipe.deploy, { host: '127.0.0.1', port: 2222, user: 'me', folder: '/root/hand' });
  });

  it('names the model by the file', () => {
    assert.equal(recipeName('C:\\x\\a b.maixcam.yaml'), 'a b');
    assert.equal(recipeName('x/a.yml'), 'a');
    assert.deepEqual(['a b', '手势', '..', 'v1.2-x'].map(safeModelName), ['a_b', 'model', 'model', 'v1.2-x']);
  });

  it('gives a result for any text, with ranges inside it', () => {
    const piece = fc.constantFrom(
      'board: ',
      'maixcam',
      '\n',
      '\r\n',
      '  ',
      'train:',
      'epochs: ',
      '12',
      '- ',
      '[',
      '{',
      '}',
      ']',
      ':',
      '"',
      "'",
      '#',
      '|',
      '>',
      '&a ',
      '*a',
      '!!set ',
      '? ',
      '---',
      '...',
      '%YAML 9',
      '\t',
      '\u0000',
      '\ufeff',
      'é',
      '😀',
      'size: 1x1',
      '<<: ',
      'null',
      '0x1',
      '1e999',
      '__proto__: ',
      'constructor: ',
      'toString',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { recipe, problems } = readRecipe(text, 'a.maixcam.yaml');
        assert.equal(
          recipe === null,
          problems.some(({ severity }) => severity === 'error'),
        );
        const lines = new LineIndex(text);
        for (const { range, message } of problems) {
          const [start, end] = [lines.offsetAt(range.start), lines.offsetAt(range.end)];
          assert.ok(start >= 0 && start <= end && end <= text.length, `${start}…${end} of ${text.length}`);
          assert.ok(message.length > 10 && message.length < 400, message);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every value that breaks the schema, and no other', () => {
    const keys = leaves(recipeSchema, []);
    const value = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.string(),
      fc.constantFrom('auto', 'maixcam', '320x224', 'int8', [0.5, 0.5], ['a'], [], {}, 32, 0, 1, 64, '/x'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...keys), value, (path, written) => {
        const recipe: Record<string, unknown> = { board: 'maixcam', dataset: 'd.yaml', train: {} };
        const [first = '', second, third] = path;
        if (second === undefined) recipe[first] = written;
        else recipe[first] = { [second]: third === undefined ? written : { [third]: written } };
        const { problems } = readRecipe(JSON.stringify(recipe), 'a.maixcam.yaml');
        const schemaCodes = problems.filter(({ code }) => code >= 'RECIPE003' && code <= 'RECIPE010');
        assert.equal(
          schemaCodes.length === 0,
          allows(schemaOf(path), written),
          JSON.stringify([path, written, problems]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('documents every key', () => {
    const visit = (schema: SchemaNode, name: string): void => {
      assert.ok((schema.description ?? '').length > 10, `${name} has no description`);
      if (schema.properties !== undefined) assert.equal(schema.additionalProperties, false, name);
      for (const [key, child] of Object.entries(schema.properties ?? {})) visit(child, `${name}.${key}`);
    };
    visit(recipeSchema, 'recipe');
  });
});

function leaves(schema: SchemaNode, path: readonly string[]): (readonly string[])[] {
  if (schema.properties === undefined) return path[0] === 'train' && path[1] === 'args' ? [] : [path];
  return Object.entries(schema.properties).flatMap(([key, child]) => leaves(child, [...path, key]));
}

function schemaOf(path: readonly string[]): SchemaNode {
  return path.reduce((schema, key) => schema.properties?.[key] ?? {}, recipeSchema);
}

/** A second opinion on validity, by the keywords of the schema as the standard words them. */
function allows(schema: SchemaNode, value: unknown): boolean {
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const isType = (type: string): boolean => {
    if (type === 'integer') return Number.isInteger(value);
    if (type === 'null') return value === null;
    if (type === 'array') return Array.isArray(value);
    return type !== 'object' && typeof value === type;
  };
  if (!types.some(isType)) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (typeof value === 'number') return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  if (typeof value === 'string') {
    return value.length >= (schema.minLength ?? 0) && new RegExp(schema.pattern ?? '', 'u').test(value);
  }
  if (!Array.isArray(value)) return true;
  return (
    value.length >= (schema.minItems ?? 0) &&
    value.length <= (schema.maxItems ?? Infinity) &&
    value.every((item) => allows(schema.items ?? {}, item))
  );
}

describe('a foreign file as a recipe', () => {
  const keys = Array.from({ length: 3000 }, (_, index) => `foreign_${index}: ${index}\n`).join('');

  it('tells of every unknown key, with a removal at the first ones', () => {
    const { problems } = readRecipe(`board: maixcam\nonnx: a.onnx\n${keys}`, 'a.maixcam.yaml');
    const unknown = problems.filter(({ code }) => code === 'RECIPE003');
    assert.equal(unknown.length, 3000);
    assert.deepEqual(
      unknown[0]?.fixes?.map(({ title }) => title),
      ['Remove foreign_0'],
    );
    assert.deepEqual(unknown.at(-1)?.fixes, []);
  });

  it('names the first hundred of keys that stand twice, in a text of many keys', () => {
    const { problems } = readRecipe(`${keys}${keys}`, 'a.maixcam.yaml');
    assert.deepEqual([...new Set(problems.map(({ code }) => code))], ['RECIPE004']);
    assert.equal(problems[0]?.range.start.line, 3000);
    assert.equal(problems[0].fixes?.[0]?.preferred, true);
    assert.equal(problems.length, 100);
  });
});
