import type { Fix, TextEdit } from '../../problems/problem';
import type { MudContext } from '../context';
import { trimmed, type MudItem, type MudLine, type Span } from '../tree';

/** A fix that is applied without a question. */
export function preferred(title: string, ...edits: TextEdit[]): Fix {
  return { title, preferred: true, edits };
}

/** A fix that a person has to choose. */
export function offered(title: string, ...edits: TextEdit[]): Fix {
  return { title, preferred: false, edits };
}

export function replace(context: MudContext, at: Pick<Span, 'start' | 'end'>, newText: string): TextEdit {
  return { range: context.lines.range(at.start, at.end), newText };
}

/** Gives an item another value; an empty one gets a blank before it. */
export function setValue(context: MudContext, { equals, value }: MudItem, newText: string): TextEdit {
  if (value.text !== '') return replace(context, value, newText);
  return replace(context, { start: equals, end: value.end }, `= ${newText}`);
}

/** Removes lines with their line ends; at the end of the text the line end before them goes. */
export function removeLines(context: MudContext, first: MudLine, last: MudLine = first): TextEdit {
  const { text } = context.tree;
  if (last.end < text.length) return replace(context, { start: first.start, end: last.end + 1 }, '');
  const start = first.start === 0 ? 0 : endWithoutCr(context, first.start - 1);
  return replace(context, { start, end: last.end }, '');
}

/** Inserts lines behind the last key of a section; makes the section at the end of the text where there is none. */
export function insertLines(context: MudContext, section: string, lines: readonly string[]): TextEdit {
  const { tree, eol } = context;
  const part = tree.sections.find(({ name, header }) => name === section && header !== null);
  const after = part?.items.at(-1)?.line ?? part?.header?.line;
  if (after !== undefined) {
    const at = endWithoutCr(context, after.end);
    return replace(context, { start: at, end: at }, lines.map((line) => `${eol}${line}`).join(''));
  }
  const end = tree.text.length;
  const before = tree.text === '' ? '' : tree.text.endsWith('\n') ? eol : `${eol}${eol}`;
  return replace(context, { start: end, end }, `${before}[${section}]${eol}${lines.join(eol)}${eol}`);
}

/** An item as it should stand on a line of its own, its comment included. */
export function itemLine({ key, value, line }: MudItem): string {
  return `${key.text} = ${value.text}${line.comment === null ? '' : ` ${line.comment.text}`}`;
}

/** The parts of a value between commas, each without the white space around it. */
export function listParts(context: MudContext, value: Span): Span[] {
  const parts: Span[] = [];
  let start = value.start;
  for (const part of value.text.split(',')) {
    parts.push(trimmed(context.tree.text, start, start + part.length));
    start += part.length + 1;
  }
  return parts;
}

/** Offset of the end of the line that ends at `end`, before a CR. */
function endWithoutCr(context: MudContext, end: number): number {
  return context.tree.text[end - 1] === '\r' ? end - 1 : end;
}
