import { type Document, isMap, isScalar, parseDocument, stringify, type Node, type Pair, type YAMLMap } from 'yaml';
import { AppError } from '../problems/app-error';
import { tooDeepAt } from '../schema/yaml-parse';

/** A value that a recipe can hold. */
export type RecipeValue =
  string | number | boolean | null | readonly RecipeValue[] | { readonly [key: string]: RecipeValue };

/**
 * Sets one value of a recipe's text (`['deploy', 'host']`), or removes its key where the value is undefined. Only the
 * lines of that value change: comments, order, quotes and line ends of everything else stay. Missing groups are
 * added. Throws an AppError where the text is no YAML mapping.
 */
export function editRecipe(text: string, path: readonly string[], value: RecipeValue | undefined): string {
  const document = parse(text);
  const wanted = expected(plain(document), path, value);
  const edited = value === undefined ? removeKey(text, document, path) : setValue(text, document, path, value);
  // An unusual way of writing (a brace on several lines, a tag) may defeat the small edit: then the library writes.
  if (edited !== null && means(edited, wanted)) return edited;
  try {
    return rewrite(document, path, value);
  } catch (thrown) {
    // A tag such as `!!set` makes a collection that takes no such values.
    throw thrown instanceof AppError ? thrown : unreadable(thrown);
  }
}

type MapPair = Pair<Node, Node | null>;

/** A key that is a group gets no warning of the library's on the terminal: reading the recipe reports it. */
const QUIET = { logLevel: 'error' } as const;

function parse(text: string): Document {
  if (tooDeepAt(text) !== null) throw unreadable();
  const document: Document = parseDocument(text, QUIET);
  const { contents } = document;
  if (document.errors.length > 0 || (contents !== null && !isMap(contents) && !isEmptyScalar(contents))) {
    throw unreadable();
  }
  return document;
}

/** The content as plain values; aliases of nothing or of themselves have none. */
function plain(document: Document): unknown {
  try {
    const content: unknown = document.toJS();
    JSON.stringify(content);
    return content;
  } catch (thrown) {
    throw unreadable(thrown);
  }
}

function unreadable(cause?: unknown): AppError {
  return new AppError({
    code: 'RECIPE_UNREADABLE',
    message: 'The recipe was not changed: its YAML cannot be read.',
    hint: 'Correct the problems that `maixcam check` or the editor shows, then try again.',
    cause,
  });
}

/** The content after the edit, as plain values. */
function expected(content: unknown, path: readonly string[], value: RecipeValue | undefined): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const group: Readonly<Record<string, unknown>> = isGroup(content) ? content : {};
  const present = Object.hasOwn(group, key);
  if (value === undefined && !(present && (rest.length === 0 || isGroup(group[key])))) return content;
  if (value === undefined && rest.length === 0) {
    return Object.fromEntries(Object.entries(group).filter(([name]) => name !== key));
  }
  return { ...group, [key]: expected(present ? group[key] : undefined, rest, value) };
}

/** The edit by the library, which may write other lines anew, with the same comments. */
function rewrite(document: Document, path: readonly string[], value: RecipeValue | undefined): string {
  if (value === undefined) document.deleteIn(path);
  else {
    if (!isMap(document.contents)) document.contents = document.createNode({});
    for (let depth = 1; depth < path.length; depth++) {
      const group = path.slice(0, depth);
      if (!isMap(document.getIn(group))) document.setIn(group, document.createNode({}));
    }
    document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function means(text: string, wanted: unknown): boolean {
  const document = parseDocument(text, QUIET);
  if (document.errors.length > 0) return false;
  return JSON.stringify(plain(document) ?? {}) === JSON.stringify(wanted ?? {});
}

function setValue(text: string, document: Document, path: readonly string[], value: RecipeValue): string | null {
  let map = isMap(document.contents) ? document.contents : null;
  if (map === null) return appendLines(text, block(path, value, 0));
  for (const [depth, key] of path.entries()) {
    const pair = findPair(map, key);
    const rest = path.slice(depth + 1);
    if (pair === null) return addToMap(text, map, path.slice(depth), value);
    if (rest.length === 0) return replaceValue(text, pair, inline(value));
    if (isMap(pair.value)) map = pair.value;
    else if (isEmptyScalar(pair.value)) return insertBelow(text, pair, rest, value);
    else return null;
  }
  return null;
}

/** Replaces the value of a pair by a text on one line. */
function replaceValue(text: string, pair: MapPair, replacement: string): string | null {
  const keyEnd = pair.key.range?.[1];
  const old = pair.value;
  const [start, end] = old?.range ?? [];
  if (keyEnd === undefined || start === undefined || end === undefined) return null;
  const colon = text.indexOf(':', keyEnd) + 1;
  if (start === end) return splice(text, colon, colon, ` ${replacement}`);
  if (isScalarOnLine(text, start, end) || isFlow(old)) return splice(text, start, end, replacement);
  // A list or group on lines of its own: the new value goes behind the colon, in front of any comment there.
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (lineStart <= colon) return null;
  const contentEnd = old === null ? end : endOf(text, old);
  const nextLine = text.indexOf('\n', contentEnd);
  const without = splice(text, lineStart, nextLine === -1 ? text.length : nextLine + 1, '');
  return splice(without, colon, colon, ` ${replacement}`);
}

function addToMap(text: string, map: YAMLMap, path: readonly string[], value: RecipeValue): string | null {
  if (isFlow(map)) {
    const brace = (map.range?.[1] ?? 0) - 1;
    if (text[brace] !== '}') return null;
    const [key = '', ...rest] = path;
    const inner = rest.reduceRight<RecipeValue>((content, name) => ({ [name]: content }), value);
    const separator = map.items.length === 0 ? '' : ', ';
    const before = text.slice(0, brace).trimEnd();
    return `${before}${separator}${inline(key)}: ${inline(inner)}${text.slice(before.length)}`;
  }
  const first = map.items[0] as MapPair | undefined;
  const start = first?.key.range?.[0];
  if (start === undefined) return null;
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1);
  return insertLines(text, endOf(text, map), block(path, value, indent));
}

/** Gives an empty group (`train:`) its first key. */
function insertBelow(text: string, pair: MapPair, path: readonly string[], value: RecipeValue): string | null {
  const start = pair.key.range?.[0];
  if (start === undefined) return null;
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1);
  return insertLines(text, pair.key.range?.[1] ?? start, block(path, value, indent + 2));
}

function removeKey(text: string, document: Document, path: readonly string[]): string | null {
  if (!document.hasIn(path)) return text;
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  const pair = isMap(parent) && !isFlow(parent) ? findPair(parent, path.at(-1) ?? '') : null;
  const start = pair?.key.range?.[0];
  if (pair === null || start === undefined) return null;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') return null;
  const end = pair.value === null ? (pair.key.range?.[1] ?? start) : endOf(text, pair.value);
  const nextLine = text.indexOf('\n', end);
  return splice(text, lineStart, nextLine === -1 ? text.length : nextLine + 1, '');
}

/** Lines `key:` … `key: value`, each deeper by two blanks. */
function block(path: readonly string[], value: RecipeValue, indent: number): string[] {
  return path.map((key, depth) => {
    const last = depth === path.length - 1;
    return `${' '.repeat(indent + 2 * depth)}${inline(key)}:${last ? ` ${inline(value)}` : ''}`;
  });
}

/** A value on one line, quoted where YAML needs it. */
function inline(value: RecipeValue): string {
  const options = { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false } as const;
  const written = stringify(value, options).trimEnd();
  return written.includes('\n') ? JSON.stringify(value) : written;
}

/** Inserts lines below the line that holds `offset`. */
function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const lineEnd = text.indexOf('\n', offset);
  if (lineEnd === -1) return appendLines(text, lines);
  return splice(text, lineEnd + 1, lineEnd + 1, lines.map((line) => line + lineBreak(text)).join(''));
}

function appendLines(text: string, lines: readonly string[]): string {
  const newline = lineBreak(text);
  const separator = text === '' || text.endsWith('\n') ? '' : newline;
  return `${text}${separator}${lines.map((line) => line + newline).join('')}`;
}

function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Where the last character of a value stands, without the comments and empty lines below it. */
function endOf(text: string, node: Node): number {
  const items = 'items' in node && !isFlow(node) ? (node.items as readonly unknown[]) : [];
  const last = items.at(-1);
  if (last !== undefined) {
    const pair = last as Partial<MapPair>;
    const inner = pair.key === undefined ? (last as Node) : (pair.value ?? pair.key);
    if (inner.range) return endOf(text, inner);
  }
  let end = node.range?.[1] ?? 0;
  while (end > 0 && /[\r\n]/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

function findPair(map: YAMLMap, key: string): MapPair | null {
  const pairs = map.items as MapPair[];
  return pairs.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) ?? null;
}

function isFlow(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'flow' in node && node.flow === true;
}

function isEmptyScalar(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function isScalarOnLine(text: string, start: number, end: number): boolean {
  return !text.slice(start, end).includes('\n') && !/^[-?](\s|$)/.test(text.slice(start, end));
}

function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
