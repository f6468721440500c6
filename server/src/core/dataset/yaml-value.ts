import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLError } from 'yaml';
import { parseYaml } from '../schema/yaml-parse';
import { plainScalar, textScalar, type PyScalar } from './py-scalar';

interface Span {
  /** Offsets in the text, `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

export interface ScalarValue extends PyScalar, Span {
  readonly kind: 'scalar';
  /** Written without quotes, so that YAML may have read something else than was meant. */
  readonly plain: boolean;
}

export interface ListValue extends Span {
  readonly kind: 'list';
  readonly items: readonly DataValue[];
}

export interface MapEntry {
  /** Null where the key is a list or a mapping. */
  readonly key: ScalarValue;
  readonly value: DataValue;
  /** False where it comes from a merge (`<<`). */
  readonly own: boolean;
}

export interface MapValue extends Span {
  readonly kind: 'map';
  /** In the order in which they count: the last of equal keys wins. */
  readonly entries: readonly MapEntry[];
  /** Written with braces. */
  readonly flow: boolean;
}

/** A value as the trainer's YAML reader makes it, with its place; aliases and merges are resolved. */
export type DataValue = ScalarValue | ListValue | MapValue;

export interface YamlReading {
  /** Null where the text is empty. */
  readonly root: DataValue | null;
  readonly errors: readonly YAMLError[];
  /** Start of a second document, which the trainer refuses. */
  readonly second: number | null;
  /** Offset where it nests deeper than can be read; null otherwise. */
  readonly tooDeep: number | null;
}

/** Reads a text as the trainer does (spec dataset-and-training.md 1.1). Any text gives an answer. */
export function readYaml(text: string): YamlReading {
  // The trainer takes unreadable characters out and tries again, so they are no error; blanks keep the offsets.
  const readable = text.replace(UNREADABLE, (found) => ' '.repeat(found.length));
  const parsed = parseYaml(readable);
  if (parsed.tooDeep !== null) return { root: null, errors: [], second: null, tooDeep: parsed.tooDeep };
  const [first, second] = parsed.documents;
  // Equal keys are no error for the trainer; a rule tells of them.
  const errors = parsed.documents.flatMap((each) => each.errors);
  const contents = first?.contents ?? null;
  const root = contents === null ? null : convert(contents, new Map(), 0, 0);
  return { root, errors, second: second === undefined ? null : second.range[0], tooDeep: null };
}

/** What PyYAML refuses and the trainer strips: control characters and lone surrogates. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;
const DEEPEST = 100;

function convert(node: Node | null, anchors: Map<string, DataValue>, at: number, depth: number): DataValue {
  const span = { start: node?.range?.[0] ?? at, end: node?.range?.[1] ?? at };
  const nothing: ScalarValue = { kind: 'scalar', ...plainScalar(''), plain: true, ...span };
  if (node === null || depth > DEEPEST) return nothing;
  if (isAlias(node)) {
    const target = anchors.get(node.source);
    return target === undefined ? nothing : { ...target, ...span };
  }
  const value = convertOwn(node, anchors, span, depth) ?? nothing;
  const { anchor } = node as { anchor?: string };
  if (anchor !== undefined) anchors.set(anchor, value);
  return value;
}

function convertOwn(node: Node, anchors: Map<string, DataValue>, span: Span, depth: number): DataValue | null {
  if (isScalar(node)) {
    const source = node.source ?? '';
    const plain = (node.type === undefined || node.type === 'PLAIN') && node.tag !== 'tag:yaml.org,2002:str';
    return { kind: 'scalar', ...(plain ? plainScalar(source) : textScalar(source)), plain, ...span };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(item as Node | null, anchors, span.start, depth + 1));
    return { kind: 'list', items, ...(node.flow === true ? span : upTo(span, items)) };
  }
  if (!isMap(node)) return null;
  const merged: MapEntry[] = [];
  const own: MapEntry[] = [];
  for (const pair of node.items) {
    const key = convert(pair.key as Node | null, anchors, span.start, depth + 1);
    const value = convert(pair.value as Node | null, anchors, key.end, depth + 1);
    if (key.kind === 'scalar' && key.plain && key.value === '<<') merged.push(...mergedEntries(value, depth));
    else own.push({ key: key.kind === 'scalar' ? key : { ...key, ...KEY_OF_NO_TEXT }, value, own: true });
  }
  const flow = node.flow === true;
  const parts = own.flatMap(({ key, value }) => [key, value]);
  return { kind: 'map', entries: [...merged, ...own], flow, ...(flow ? span : upTo(span, parts)) };
}

/** A block ends with its last part; the library counts the line end behind it too. */
function upTo(span: Span, parts: readonly Span[]): Span {
  return parts.length === 0 ? span : { start: span.start, end: Math.max(...parts.slice(-2).map(({ end }) => end)) };
}

const KEY_OF_NO_TEXT = { kind: 'scalar', plain: false, ...textScalar('') } as const;

/** Merges of merges can double each time. */
const MOST_MERGED = 1000;

/** Of several merged mappings the first counts most, so it comes last. */
function mergedEntries(value: DataValue, depth: number): MapEntry[] {
  if (value.kind === 'map') {
    const place = { start: value.start, end: value.end };
    return value.entries.slice(-MOST_MERGED).map((entry) => ({
      key: { ...entry.key, ...place },
      value: { ...entry.value, ...place },
      own: false,
    }));
  }
  if (value.kind !== 'list' || depth > DEEPEST) return [];
  const parts = value.items.slice(0, MOST_MERGED).reverse();
  return parts.flatMap((part) => mergedEntries(part, depth + 1)).slice(-MOST_MERGED);
}

/** Name of a value's type, for a sentence: `must be a path, not …`. */
export function typeWord(value: DataValue): string {
  if (value.kind === 'list') return 'a list';
  if (value.kind === 'map') return 'a group of keys';
  switch (value.type) {
    case 'null':
      return 'empty';
    case 'bool':
      return `the truth value ${value.text}`;
    case 'int':
    case 'float':
      return `the number ${value.text}`;
    case 'date':
      return 'a date';
    case 'str':
      return 'a text';
  }
}
