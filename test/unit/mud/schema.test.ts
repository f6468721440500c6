import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  classOf,
  keySchema,
  keysOf,
  MODEL_TYPES,
  programOf,
  RUNTIME_KEYS,
  sectionDescription,
  SECTIONS,
} from '../../../server/src/core/mud/knowledge/schema';

/** Kinds of values with the parts of the schema that each must have. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  choice: ['oneOf'],
  flag: ['oneOf'],
  class: [],
  numbers: [],
  number: [],
  integer: [],
  file: ['x-path'],
  labels: ['x-path', 'x-endings'],
  text: [],
  command: [],
};

describe('mud: the schema of keys', () => {
  it('describes each section and key as a sentence', () => {
    for (const section of SECTIONS) {
      assert.match(sectionDescription(section) ?? '', /^[A-Z].*\.$/);
      for (const key of keysOf(section)) assert.match(keySchema(section, key, null)?.description ?? '', /\.$/, key);
    }
    assert.deepEqual([...SECTIONS], ['basic', 'extra', 'post_config']);
  });

  it('gives each kind of value what its readers need', () => {
    for (const section of SECTIONS) {
      for (const key of keysOf(section)) {
        const schema = keySchema(section, key, null);
        const needed = KINDS[schema?.['x-kind'] ?? ''];
        assert.ok(schema && needed, `${key} has a known kind`);
        for (const part of needed) assert.ok(part in schema, `${key} has ${part}`);
        for (const choice of schema.oneOf ?? [])
          assert.ok(choice.const !== '' && choice.description.endsWith('.'), key);
        for (const board of schema['x-boards'] ?? []) assert.ok(['maixcam', 'maixcam2'].includes(board));
        if (schema['x-replaced-by'] !== undefined) assert.ok(keysOf(section).includes(schema['x-replaced-by']));
      }
    }
  });

  it('lets classes name known keys only, each in one role', () => {
    const known = new Set(keysOf('extra'));
    for (const type of MODEL_TYPES) {
      const found = classOf(type);
      assert.ok(found);
      const roles = [...found.required, ...(found.optional ?? []), ...Object.keys(found.ignored ?? {})];
      assert.deepEqual(
        roles.filter((key) => !known.has(key) || RUNTIME_KEYS.includes(key)),
        [],
        type,
      );
      assert.equal(new Set(roles).size, roles.length, type);
      for (const key of Object.keys(found.keys ?? {})) assert.ok(roles.includes(key), `${type} ${key}`);
    }
    assert.equal(MODEL_TYPES.length, 18);
  });

  it('knows what a class means by a key, and classes without a word', () => {
    assert.equal(keySchema('extra', 'anchors', classOf('hand_landmarks'))?.['x-kind'], 'file');
    assert.equal(keySchema('extra', 'anchors', classOf('yolov5'))?.['x-kind'], 'numbers');
    assert.equal(keySchema('extra', 'constructor', null), null);
    assert.equal(classOf('constructor'), null);
    assert.match(programOf((key) => key === 'tokens_embed')?.title ?? '', /Qwen/);
    assert.equal(
      programOf(() => false),
      null,
    );
  });

  it('is valid JSON schema in the parts that editors read', () => {
    const schema = JSON.parse(readFileSync('schemas/mud.schema.json', 'utf8')) as {
      $schema: string;
      required: string[];
      properties: Record<string, { required?: string[] }>;
    };
    assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.deepEqual([schema.required, schema.properties.basic?.required], [['basic'], ['type']]);
  });
});
