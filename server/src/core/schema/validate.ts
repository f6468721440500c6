import {
  getLanguageService,
  type ASTNode,
  type Diagnostic,
  type JSONDocument,
  type JSONSchema,
} from 'vscode-json-languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { schemaAt, typesOf, type SchemaNode, type ValuePath } from './schema-node';
import type { YamlTree } from './yaml-tree';

export type ViolationKind = 'unknown-key' | 'missing-key' | 'type' | 'choice' | 'range' | 'form' | 'count';

/** One way in which a value breaks its schema. */
export interface Violation {
  readonly kind: ViolationKind;
  /** Path of the value; for an unknown or missing key, of that key. */
  readonly path: ValuePath;
  /** Schema of the value; for an unknown or missing key, of the mapping around it. */
  readonly schema: SchemaNode;
  readonly node: ASTNode;
  readonly start: number;
  readonly end: number;
}

/** The document class of the library validates at once; its public `doValidation` only adds a promise around this. */
interface Validating {
  validate(text: TextDocument, schema: JSONSchema): Diagnostic[] | undefined;
}

const service = getLanguageService({});

/**
 * Validates a tree against a schema without `$ref`. The library judges; this names what it found, in the order of the
 * text, so that a language can word it for people.
 */
export function schemaViolations(text: string, tree: YamlTree, schema: SchemaNode): Violation[] {
  if (tree.root === null) return [];
  const document = service.newJSONDocument(tree.root) as JSONDocument & Validating;
  const positions = TextDocument.create('memory:recipe', 'yaml', 0, text);
  const places = new Set(
    (document.validate(positions, schema as JSONSchema) ?? []).map(({ range }) =>
      placeKey(positions.offsetAt(range.start), positions.offsetAt(range.end)),
    ),
  );
  if (places.size === 0) return [];
  return candidates(tree, schema).filter(({ node, start, end }) => {
    // The library reports a missing key at the key of the mapping, or at the first character of the root.
    return places.has(placeKey(start, end)) || places.has(placeKey(node.offset, node.offset + node.length));
  });
}

/** Everything that may be wrong by the keywords that the project's schemas use. */
function candidates(tree: YamlTree, schema: SchemaNode): Violation[] {
  const found: Violation[] = [];
  for (const value of tree.values) {
    const { path, node, key } = value;
    const own = schemaAt(schema, path);
    const place = { node, start: node.offset, end: node.offset + node.length };
    if (own === null) {
      const around = schemaAt(schema, path.slice(0, -1));
      if (around?.additionalProperties === false && key !== null) {
        found.push({ kind: 'unknown-key', path, schema: around, node, ...key });
      }
      continue;
    }
    const kind = valueViolation(node, own);
    if (kind !== null) found.push({ kind, path, schema: own, ...place });
    if (node.type !== 'object') continue;
    for (const name of own.required ?? []) {
      if (node.properties.some((property) => property.keyNode.value === name)) continue;
      const at = key ?? { start: node.offset, end: node.offset + 1 };
      found.push({ kind: 'missing-key', path: [...path, name], schema: own, node, ...at });
    }
  }
  return found;
}

function valueViolation(node: ASTNode, schema: SchemaNode): ViolationKind | null {
  const types = typesOf(schema);
  if (!types.includes(node.type) && !(node.type === 'number' && node.isInteger && types.includes('integer'))) {
    return 'type';
  }
  if (schema.enum !== undefined && !schema.enum.includes(node.value)) return 'choice';
  if (node.type === 'number') {
    if (node.value < (schema.minimum ?? -Infinity) || node.value > (schema.maximum ?? Infinity)) return 'range';
  }
  if (node.type === 'string') {
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(node.value)) return 'form';
    if (node.value.length < (schema.minLength ?? 0)) return 'form';
  }
  if (node.type === 'array') {
    if (node.items.length < (schema.minItems ?? 0) || node.items.length > (schema.maxItems ?? Infinity)) return 'count';
  }
  return null;
}

function placeKey(start: number, end: number): string {
  return `${start}:${end}`;
}
