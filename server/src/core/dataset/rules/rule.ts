import type { DatasetCode } from '../../problems/codes';
import type { Fix, Problem, Severity, TextEdit } from '../../problems/problem';
import type { LineIndex } from '../../text/line-index';
import type { DatasetPlaces, SplitKey, SplitPath } from '../places';
import type { DataValue, MapEntry, MapValue, ScalarValue } from '../yaml-value';

/** What a rule sees of a dataset whose YAML is sound. */
export interface DatasetContext {
  readonly text: string;
  readonly lines: LineIndex;
  /** The document's path, or its bare name. */
  readonly path: string;
  readonly top: MapValue;
  /** The entry that counts: the last of that key; undefined where it is absent. */
  entry(key: string): MapEntry | undefined;
  /** Its value; undefined where the key is absent, null or the word `None`, which the trainer reads as null. */
  value(key: string): DataValue | undefined;
  /** The class names as the trainer numbers them; null where it cannot. */
  readonly classes: readonly ClassName[] | null;
  /** Where the paths lead; null where nothing may be looked up, or `path` is no text. */
  readonly places: DatasetPlaces | null;
  /** Every path of the splits; empty where nothing may be looked up. */
  readonly splitPaths: readonly SplitPath[];
}

export interface ClassName {
  readonly index: number;
  /** As the trainer keeps it. */
  readonly name: string;
  readonly value: DataValue;
}

/** One semantic rule, one file (spec decisions.md 5). */
export interface DatasetRule {
  readonly code: DatasetCode;
  check(context: DatasetContext): Problem[];
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** A problem at a place of the file; without a place, at its first character. */
export function problemAt(
  context: DatasetContext,
  code: DatasetCode,
  severity: Severity,
  place: Place | null,
  message: string,
  fixes: readonly (Fix | null)[] = [],
): Problem {
  const known = fixes.filter((fix) => fix !== null);
  return {
    code,
    severity,
    message,
    range: context.lines.range(place?.start ?? 0, place?.end ?? 0),
    ...(known.length === 0 ? {} : { fixes: known }),
  };
}

/** A fix that replaces what stands at one place; null where the place holds nothing that can be replaced. */
export function replaceFix(
  context: DatasetContext,
  title: string,
  place: Place,
  newText: string,
  preferred = true,
): Fix {
  const edits: TextEdit[] = [{ range: context.lines.range(place.start, place.end), newText }];
  return { title, preferred, edits };
}

/** A text as YAML that both YAML 1.1 and 1.2 read as that text. */
export function yamlText(text: string): string {
  const plain =
    /^[A-Za-z_./\\][\w ./\\()+-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null|none)$/i.test(text);
  if (plain && !text.endsWith(' ') && !/^\.\d|^\.(?:inf|nan)$/i.test(text)) return text;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A fix that takes a whole entry of the file out, with its lines; null where others stand on them. */
export function removeEntryFix(context: DatasetContext, entry: MapEntry, title: string, preferred = true): Fix | null {
  const { text, lines } = context;
  if (context.top.flow || !entry.own) return null;
  // Without the one that is read, an earlier one of the same key would be.
  const same = context.top.entries.filter(({ key }) => key.text === entry.key.text);
  if (same.length > 1 && context.entry(entry.key.text) === entry) return null;
  const start = lineStart(text, entry.key.start);
  if (text.slice(start, entry.key.start).trim() !== '') return null;
  const end = lineEnd(text, Math.max(entry.key.end, entry.value.end));
  return { title, preferred, edits: [{ range: lines.range(start, end), newText: '' }] };
}

/** A fix that adds a line at the end of the top level; null for a file in braces. */
export function addLineFix(context: DatasetContext, title: string, line: string, preferred: boolean): Fix | null {
  if (context.top.flow) return null;
  const last = context.top.entries.filter((entry) => entry.own).at(-1);
  if (last === undefined) return null;
  const at = lineEnd(context.text, Math.max(last.key.end, last.value.end));
  const lead = /(?:^|[\n\r])$/.test(context.text.slice(0, at)) ? '' : '\n';
  return { title, preferred, edits: [{ range: context.lines.range(at, at), newText: `${lead}${line}\n` }] };
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** Behind the line end that follows. A value that ends with its own line end, as blocks do, ends there. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && /[\n\r]/.test(text.charAt(offset - 1))) return offset;
  const found = /\r\n|\r|\n/g;
  found.lastIndex = offset;
  return found.exec(text) === null ? text.length : found.lastIndex;
}

/** The trainer stops for a `train` or `val` that is not right; `test` and `minival` are read only when asked for. */
export function splitSeverity(split: SplitKey): Severity {
  return split === 'train' || split === 'val' ? 'error' : 'warning';
}

/** The items of a value that is a list, each a scalar; null otherwise. */
export function scalarItems(value: DataValue | undefined): readonly ScalarValue[] | null {
  if (value?.kind !== 'list') return null;
  return value.items.every((item) => item.kind === 'scalar') ? value.items : null;
}

/** `kpt_shape` where it is in order. */
export function keypointShape(context: DatasetContext): { readonly count: number; readonly values: number } | null {
  const items = scalarItems(context.value('kpt_shape'));
  const [count, values] = items ?? [];
  if (items?.length !== 2 || count?.type !== 'int' || values?.type !== 'int') return null;
  const [n, dim] = [Number(count.value), Number(values.value)];
  return n >= 1 && (dim === 2 || dim === 3) ? { count: n, values: dim } : null;
}

/** Shortens what a file gave for a message. */
export function quoted(text: string): string {
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}
