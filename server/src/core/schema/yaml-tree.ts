import type { ASTNode, ObjectASTNode, PropertyASTNode, StringASTNode } from 'vscode-json-languageservice';
import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml';
import type { ValuePath } from './schema-node';

/** One value of a YAML text, with its place. */
export interface TreeValue {
  readonly path: ValuePath;
  readonly node: ASTNode;
  /** Offsets of the key in front of it; null for list items and the root. */
  readonly key: { readonly start: number; readonly end: number } | null;
}

/** A YAML document in the form that JSON tools read, with the offsets of the YAML text. */
export interface YamlTree {
  readonly root: ASTNode | null;
  /** Every value, parents first. */
  readonly values: readonly TreeValue[];
  /** Places where the text uses an anchor's alias; such values are left out of the tree. */
  readonly aliases: readonly { readonly start: number; readonly end: number }[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Turns a parsed YAML document into the node tree of `vscode-json-languageservice` (spec decisions.md 4), so that
 * validation, hover and completion from a JSON schema work on YAML with the exact places of the YAML text.
 */
export function yamlTree(document: Document): YamlTree {
  const values: TreeValue[] = [];
  const aliases: { start: number; end: number }[] = [];

  const convert = (source: Node | null, path: ValuePath, key: TreeValue['key'], at: number): ASTNode | null => {
    if (isAlias(source)) {
      aliases.push({ start: source.range?.[0] ?? at, end: source.range?.[1] ?? at });
      return null;
    }
    const start = source?.range?.[0] ?? at;
    const place = { offset: start, length: (source?.range?.[1] ?? at) - start };
    const slot = values.push({ path, key, node: { type: 'null', value: null, ...place } }) - 1;
    const node = convertValue(source, path, place);
    values[slot] = { path, key, node };
    return node;
  };

  const convertValue = (source: Node | null, path: ValuePath, place: { offset: number; length: number }): ASTNode => {
    if (isMap(source)) return convertMap(source.items as Pair<Node, Node | null>[], path, place);
    if (isSeq(source)) {
      const items: ASTNode[] = [];
      const array: ASTNode = { type: 'array', items, children: items, ...place };
      (source.items as Node[]).forEach((item, index) => {
        const child = convert(item, [...path, index], null, place.offset);
        if (child !== null) items.push(adopt(child, array));
      });
      return array;
    }
    const value: unknown = isScalar(source) ? source.value : null;
    switch (typeof value) {
      case 'string':
        return { type: 'string', value, ...place };
      case 'number':
        return { type: 'number', value, isInteger: Number.isInteger(value), ...place };
      case 'bigint':
        return { type: 'number', value: Number(value), isInteger: true, ...place };
      case 'boolean':
        return { type: 'boolean', value, ...place };
      default:
        return { type: 'null', value: null, ...place };
    }
  };

  const convertMap = (
    pairs: readonly Pair<Node, Node | null>[],
    path: ValuePath,
    place: { offset: number; length: number },
  ): ASTNode => {
    const properties: PropertyASTNode[] = [];
    const object: ObjectASTNode = { type: 'object', properties, children: properties, ...place };
    for (const pair of pairs) {
      const keySource: unknown = isScalar(pair.key) ? pair.key.value : null;
      const name = typeof keySource === 'string' ? keySource : String(keySource);
      const keyStart = pair.key.range?.[0] ?? place.offset;
      const keyEnd = pair.key.range?.[1] ?? keyStart;
      const keyNode: Mutable<StringASTNode> = {
        type: 'string',
        value: name,
        offset: keyStart,
        length: keyEnd - keyStart,
      };
      const child = convert(pair.value, [...path, name], { start: keyStart, end: keyEnd }, keyEnd);
      const children: ASTNode[] = child === null ? [keyNode] : [keyNode, child];
      const end = child === null ? keyEnd : Math.max(keyEnd, child.offset + child.length);
      const property: PropertyASTNode = {
        type: 'property',
        keyNode,
        ...(child === null ? {} : { valueNode: child }),
        children,
        offset: keyStart,
        length: end - keyStart,
        parent: object,
      };
      for (const part of children) adopt(part, property);
      properties.push(property);
    }
    return object;
  };

  const contents = document.contents;
  return { root: contents === null ? null : convert(contents, [], null, 0), values, aliases };
}

/** The plain value of a tree node. A key that occurs twice counts as it does for the YAML reader: the last one. */
export function plainValue(node: ASTNode): unknown {
  switch (node.type) {
    case 'object': {
      const entries = node.properties.map((property): [string, unknown] => [
        property.keyNode.value,
        property.valueNode === undefined ? null : plainValue(property.valueNode),
      ]);
      return Object.fromEntries(entries);
    }
    case 'array':
      return node.items.map(plainValue);
    case 'property':
      return null;
    default:
      return node.value;
  }
}

function adopt<T extends ASTNode>(child: T, parent: ASTNode): T {
  (child as Mutable<ASTNode>).parent = parent;
  return child;
}
