import type { Position } from '../problems/problem';
import { LineIndex } from '../text/line-index';
import type { ValuePath } from './schema-node';
import { yamlOutline, type OutlineEntry, type YamlOutline } from './yaml-outline';

/** Where the cursor stands in a YAML text, as completion and hover ask for it. */
export interface YamlCursor {
  /**
   * `key`: at a key, or where one may begin; `value`: at a value, or where one may begin; `comment`: in a comment or
   * in the lines of a block text (`|`), or where nothing can begin.
   */
  readonly kind: 'key' | 'value' | 'comment';
  /** `key`: path of the group in which the key stands; `value`: path of the value (list items with their index). */
  readonly path: ValuePath;
  /** Name of the key under the cursor; empty where none is written, and for values. */
  readonly key: string;
  /** Offsets of what is written there, quotes included; equal where nothing is. */
  readonly start: number;
  readonly end: number;
  /** What is written from `start` to the cursor, without the opening quote. */
  readonly prefix: string;
  /** The quote in which it stands. */
  readonly quote: '' | '"' | "'";
  /** Keys that the group around already has, without the one under the cursor; empty for values. */
  readonly siblings: readonly string[];
  /** Column of the key, or of the key of the value. */
  readonly column: number;
  /** Within braces or brackets. */
  readonly flow: boolean;
  /** `key`: a colon follows. `value`: a blank stands between the colon (or dash) and the value. */
  readonly separated: boolean;
}

/** What stands at a place of a text that is being typed: any text and any offset give an answer. */
export function yamlCursor(text: string, offset: number): YamlCursor {
  const outline = yamlOutline(text, offset);
  const inside = ([start, end]: readonly [number, number]): boolean => start < offset && offset <= end;
  if (outline.comments.some(inside)) return loose('comment', [], offset, false);
  if (outline.blocks.some(([start, end]) => start <= offset && offset <= end))
    return loose('comment', [], offset, false);

  // The innermost and last one counts: entries stand in the order of the text, parents first.
  const entry = outline.entries.findLast((each) => touches(each, offset, text));
  const flow = outline.flows.findLast(
    ({ start, end, closed }) => start < offset && (closed ? offset < end : offset <= end),
  );
  if (flow !== undefined && (entry === undefined || entry.start < flow.start)) {
    if (flow.kind === 'list') return loose('value', [...flow.path, flow.items], offset, true);
    return { ...loose('key', flow.path, offset, true), siblings: keysOf(outline, flow.path, null) };
  }
  if (entry === undefined) return loose('comment', [], offset, false);
  if (entry.kind === 'word') return keyCursor(outline, entry, entry.path, '', text, offset);
  if (entry.kind === 'key' && offset <= entry.end) {
    const name = String(entry.path.at(-1));
    return keyCursor(outline, entry, entry.path.slice(0, -1), name, text, offset);
  }
  const empty = entry.valueStart === entry.valueEnd;
  const start = empty ? offset : Math.min(entry.valueStart, offset);
  // Within or behind brackets that began on an earlier line.
  if (/[\r\n]/.test(text.slice(start, offset))) return loose('comment', [], offset, false);
  return {
    kind: 'value',
    path: entry.path,
    key: '',
    start,
    // An editor replaces within one line only.
    end: empty ? offset : onLine(text, offset, entry.valueEnd),
    ...prefixOf(text, start, offset),
    siblings: [],
    column: entry.column,
    flow: entry.flow,
    separated: start > entry.valueFrom || entry.flow,
  };
}

/** Offset of a position; a column past the end of its line gives the end of that line, as LSP says. */
export function cursorOffset(text: string, at: Position): number {
  const lines = new LineIndex(text);
  const start = lines.offsetAt({ line: at.line, character: 0 });
  const [line = ''] = /^[^\r\n]*/.exec(text.slice(start)) ?? [];
  return start + Math.max(0, Math.min(at.character, line.length));
}

/** Number of blanks by which the text indents its groups; 2 where it has none. */
export function indentStep(text: string): number {
  const { entries } = yamlOutline(text);
  const deeper = entries.find(
    ({ kind, flow, column, path }) => kind === 'key' && !flow && column > 0 && path.length === 2,
  );
  return deeper?.column ?? 2;
}

/** An offset behind the cursor, but not behind the end of its line. */
function onLine(text: string, offset: number, end: number): number {
  const lineBreak = /[\r\n]/.exec(text.slice(offset, end));
  return lineBreak === null ? end : offset + lineBreak.index;
}

function touches(entry: OutlineEntry, offset: number, text: string): boolean {
  if (entry.start <= offset && offset <= entry.end) return true;
  if (offset < entry.valueFrom) return false;
  if (offset <= entry.valueEnd) return true;
  // Behind an empty value, on its line.
  const gap = text.slice(entry.valueEnd, offset);
  return entry.valueStart === entry.valueEnd && entry.kind !== 'word' && /^[ \t]*$/.test(gap);
}

function keyCursor(
  outline: YamlOutline,
  entry: OutlineEntry,
  path: ValuePath,
  key: string,
  text: string,
  offset: number,
): YamlCursor {
  const { start, end, column, flow } = entry;
  const siblings = keysOf(outline, path, entry);
  const separated = entry.kind === 'key';
  return { kind: 'key', path, key, start, end, ...prefixOf(text, start, offset), siblings, column, flow, separated };
}

function keysOf(outline: YamlOutline, path: ValuePath, own: OutlineEntry | null): string[] {
  const around = JSON.stringify(path);
  return outline.entries.flatMap((entry) =>
    entry.kind === 'key' &&
    entry !== own &&
    entry.path.length === path.length + 1 &&
    JSON.stringify(entry.path.slice(0, -1)) === around
      ? [String(entry.path.at(-1))]
      : [],
  );
}

function prefixOf(text: string, start: number, offset: number): Pick<YamlCursor, 'prefix' | 'quote'> {
  const written = text.slice(start, offset);
  const first = text[start];
  const quote = first === '"' || first === "'" ? first : '';
  return { quote, prefix: quote === '' ? written : written.slice(1) };
}

function loose(kind: YamlCursor['kind'], path: ValuePath, offset: number, flow: boolean): YamlCursor {
  const nothing = { key: '', start: offset, end: offset, prefix: '', quote: '' } as const;
  return { kind, path, ...nothing, siblings: [], column: 0, flow, separated: true };
}
