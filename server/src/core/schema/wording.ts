import type { ASTNode } from 'vscode-json-languageservice';
import { pathText, typesOf, type SchemaNode } from './schema-node';
import type { Violation } from './validate';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a group of keys',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

/** What is wrong with a value and what to write instead, for the violations that concern a value. */
export function valueMessage(violation: Violation): string {
  const { kind, schema, node, path } = violation;
  const name = path.length === 0 ? 'The file' : `\`${pathText(path)}\``;
  switch (kind) {
    case 'type': {
      const given = node.type === 'null' ? 'has no value' : `is ${givenText(node)}`;
      return `${name} ${given}; it must be ${expectation(schema)}.${exampleText(schema)}`;
    }
    case 'choice':
      return `${name} cannot be ${givenText(node)}. Choose ${orList((schema.enum ?? []).map(String))}.`;
    case 'range':
      return `${name} is ${givenText(node)}; it must be ${expectation(schema)}.`;
    case 'count': {
      const count = node.type === 'array' ? node.items.length : 0;
      return `${name} has ${count === 1 ? '1 value' : `${count} values`}; it needs ${countText(schema)}.${exampleText(schema)}`;
    }
    case 'form':
      return node.value === ''
        ? `${name} is an empty text.${exampleText(schema)}`
        : `${name} is not understood: ${givenText(node)}.${exampleText(schema)}`;
    case 'unknown-key':
    case 'missing-key':
      return `${name} is not expected here.`;
  }
}

/** `maixcam, maixcam-pro or maixcam2`. */
function orList(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

/** What a value must be: `a whole number from 1 to 4096 pictures`. */
export function expectation(schema: SchemaNode): string {
  if (schema.enum !== undefined) return orList(schema.enum.map(String));
  const words = typesOf(schema)
    .filter((type) => type !== 'null' || typesOf(schema).length === 1)
    .map((type) => (type === 'string' && schema.pattern === '^auto$' ? 'auto' : (TYPE_WORDS[type] ?? type)));
  return `${orList(words)}${rangeText(schema)}`;
}

function rangeText(schema: SchemaNode): string {
  const unit = schema['x-unit'] === undefined ? '' : ` ${schema['x-unit']}`;
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    return ` from ${schema.minimum} to ${schema.maximum}${unit}`;
  }
  if (schema.minimum !== undefined) return ` of at least ${schema.minimum}${unit}`;
  return schema.maximum === undefined ? '' : ` of at most ${schema.maximum}${unit}`;
}

function countText(schema: SchemaNode): string {
  if (schema.minItems === schema.maxItems) return `exactly ${schema.minItems ?? 0}`;
  return schema.maxItems === undefined ? `at least ${schema.minItems ?? 0}` : `at most ${schema.maxItems}`;
}

function exampleText(schema: SchemaNode): string {
  const example = schema.examples?.[0] ?? schema.default;
  if (example === undefined || example === null) return '';
  return ` Write for example ${typeof example === 'string' ? example : JSON.stringify(example)}.`;
}

/** The value as it stands in the file, short enough for a message. */
function givenText(node: ASTNode): string {
  if (node.type === 'object' || node.type === 'array' || node.type === 'property') {
    return TYPE_WORDS[node.type] ?? 'something else';
  }
  if (node.type === 'null') return 'empty';
  const text = String(node.value);
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return node.type === 'string' ? `the text \`${short}\`` : `\`${short}\``;
}
