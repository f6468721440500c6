import { IniError, type IniErrorCode } from './ini';

/** `[start, end)` in UTF-16 units, with the text that lies there. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A `key = value` line. Key and value are trimmed as the device trims them; either may be empty. */
export interface MudItem {
  readonly key: Span;
  readonly value: Span;
  /** Offset of the `=`. */
  readonly equals: number;
  readonly line: MudLine;
  readonly section: MudSection;
}

/** A section as it stands in the file. A name that comes again (which the device refuses) is a node of its own. */
export interface MudSection {
  /** Empty for the keys before the first header. */
  readonly name: string;
  /** Null for the keys before the first header. */
  readonly header: MudHeader | null;
  readonly items: readonly MudItem[];
}

export interface MudHeader {
  /** From `[` to `]`, or to the end of the content where the bracket is missing. */
  readonly span: Span;
  readonly name: Span;
  /** What follows the `]` and is no comment: the device drops it. */
  readonly trailing: Span | null;
  readonly line: MudLine;
}

/** One line as the device cuts them, at LF only. */
export interface MudLine {
  readonly kind: 'blank' | 'comment' | 'section' | 'item' | 'broken';
  /** Line number of the device, from 0. */
  readonly index: number;
  readonly start: number;
  /** Without the LF; a CR before it is inside. */
  readonly end: number;
  /** What is left of white space and comment. */
  readonly content: Span;
  /** From the `#` to the end, trimmed. */
  readonly comment: Span | null;
}

/** A line for which the device rejects the whole file. */
export interface MudSyntaxError {
  readonly code: IniErrorCode;
  readonly line: MudLine;
  readonly span: Span;
}

/** A MUD text, without loss: the lines and the LFs between them are the whole text. */
export interface MudTree {
  readonly text: string;
  readonly lines: readonly MudLine[];
  /** In the order of the file; the first is the unnamed one. */
  readonly sections: readonly MudSection[];
  /** In the order of the file; the device stops at the first. */
  readonly errors: readonly MudSyntaxError[];
}

interface OpenSection extends MudSection {
  readonly items: MudItem[];
}

/**
 * Reads a MUD text as the device does (spec mud.md 1.1, see `parseIni`), but goes on after what the device rejects: a
 * repeated header continues its section, a header without `]` is read to its end, other broken lines are skipped.
 * Any text gives a tree. As long as there is no error, sections, keys and values are those of the device.
 */
export function parseMud(text: string): MudTree {
  const lines: MudLine[] = [];
  const errors: MudSyntaxError[] = [];
  let current: OpenSection = { name: '', header: null, items: [] };
  const sections: OpenSection[] = [current];
  const names = new Set(['']);

  for (let start = 0, index = 0; start <= text.length; index++) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = cutLine(text, start, end, index);
    lines.push(line);
    start = end + 1;

    if (line.kind === 'section') {
      const { header, error } = readHeader(text, line);
      const code = error ?? (names.has(header.name.text) ? IniError.DuplicateSection : null);
      if (code !== null) errors.push({ code, line, span: header.span });
      names.add(header.name.text);
      current = { name: header.name.text, header, items: [] };
      sections.push(current);
    } else if (line.kind === 'item') {
      const equals = line.content.start + line.content.text.indexOf('=');
      const key = trimmed(text, line.content.start, equals);
      const value = trimmed(text, equals + 1, line.content.end);
      current.items.push({ key, value, equals, line, section: current });
    } else if (line.kind === 'broken') {
      errors.push({ code: IniError.NotKeyValue, line, span: line.content });
    }
  }
  return { text, lines, sections, errors };
}

/** The item that the device reads: the first of its name in the section, which may stand in several parts. */
export function itemOf(tree: MudTree, section: string, key: string): MudItem | undefined {
  for (const part of tree.sections) {
    if (part.name !== section) continue;
    const item = part.items.find((each) => each.key.text === key);
    if (item !== undefined) return item;
  }
  return undefined;
}

/** All items of a section, wherever its parts stand. */
export function itemsOf(tree: MudTree, section: string): readonly MudItem[] {
  return tree.sections.filter(({ name }) => name === section).flatMap(({ items }) => items);
}

/** The text between two offsets without the white space of C's `isspace` at its ends. */
export function trimmed(text: string, from: number, to: number): Span {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return { start, end, text: text.slice(start, end) };
}

function cutLine(text: string, start: number, end: number, index: number): MudLine {
  const whole = trimmed(text, start, end);
  const hash = whole.text.indexOf('#');
  const comment = hash === -1 ? null : spanOf(text, whole.start + hash, whole.end);
  const content = comment === null ? whole : trimmed(text, whole.start, comment.start);
  const line = { index, start, end, content, comment };
  // A line that is a comment alone starts with `#`, so nothing else leaves an empty content.
  if (content.text === '') return { ...line, kind: comment === null ? 'blank' : 'comment' };
  if (content.text.startsWith('[')) return { ...line, kind: 'section' };
  return { ...line, kind: content.text.includes('=') ? 'item' : 'broken' };
}

function readHeader(text: string, line: MudLine): { header: MudHeader; error: IniErrorCode | null } {
  const { content } = line;
  const close = content.text.indexOf(']');
  if (close === -1) {
    const name = trimmed(text, content.start + 1, content.end);
    return { header: { span: content, name, trailing: null, line }, error: IniError.NoClosingBracket };
  }
  const span = spanOf(text, content.start, content.start + close + 1);
  const name = trimmed(text, span.start + 1, span.end - 1);
  const rest = trimmed(text, span.end, content.end);
  const header = { span, name, trailing: rest.text === '' ? null : rest, line };
  return { header, error: close === 1 ? IniError.EmptySectionName : null };
}

function spanOf(text: string, start: number, end: number): Span {
  return { start, end, text: text.slice(start, end) };
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
