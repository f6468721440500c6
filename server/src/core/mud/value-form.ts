import type { KeySchema } from './knowledge/schema';
import type { MudItem } from './tree';

/** A value that carries something which the board takes for a part of it. */
export type ValueForm = 'quoted' | 'comment' | 'odd-characters' | 'full-width';

/** Invisible in an editor, and no white space for the board: blanks of other kinds, zero-width characters, marks. */
export const INVISIBLE = /[\u00a0\u00ad\u1680\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/;

/** Full-width forms of ASCII. */
const FULL_WIDTH = /[\uff01-\uff5e]/;

/** Ideographic blanks may stand inside a label, zero-width characters and marks may not. */
const INVISIBLE_IN_LABEL = /[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff]/;
const INVISIBLE_AT_END_OF_LABEL = /^[\u00a0\u2000-\u200a\u202f\u3000]|[\u00a0\u2000-\u200a\u202f\u3000]$/;

/** How the value of an item is disfigured; null for a plain one. What is unknown (`schema` null) is not judged. */
export function valueForm(item: MudItem, schema: KeySchema | null): ValueForm | null {
  if (schema === null) return null;
  const { text } = item.value;
  const kind = schema['x-kind'];
  if (/^"[^]*"$|^'[^]*'$/.test(text)) return text.length > 1 ? 'quoted' : null;
  if (kind === 'labels') {
    if (/^\[[^]*\]$/.test(text)) return 'quoted';
    if (commentStart(item, schema) !== -1) return 'comment';
    const odd = INVISIBLE_IN_LABEL.test(text) || text.split(',').some((part) => oddEnds(part));
    return odd ? 'odd-characters' : null;
  }
  if (commentStart(item, schema) !== -1) return 'comment';
  if (INVISIBLE.test(text)) return 'odd-characters';
  return FULL_WIDTH.test(text) && kind !== 'text' && kind !== 'file' ? 'full-width' : null;
}

/** Index in the value of a `;` that starts what was meant as a comment; -1: none. */
export function commentStart({ value }: MudItem, schema: KeySchema): number {
  const match = /(^|[ \t]);/.exec(value.text);
  if (match === null) return -1;
  // `cat ; dog` is a list with the wrong separator: another rule's.
  if (schema['x-kind'] === 'labels' && !value.text.slice(0, match.index).includes(',')) return -1;
  if (schema['x-kind'] === 'numbers' && /^[\d.\s;+-]+$/.test(value.text)) return -1;
  return match.index + (match[1] ?? '').length;
}

/** Invisible characters go or become blanks, full-width forms become ASCII. */
export function foldedText(text: string, isLabels: boolean): string {
  if (isLabels) {
    return text
      .replace(new RegExp(INVISIBLE_IN_LABEL, 'g'), '')
      .split(',')
      .map((part) => part.replace(/^[\s\u3000]+|[\s\u3000]+$/g, (ends) => ' '.repeat(ends.length)))
      .join(',')
      .trim();
  }
  return text
    .replace(/[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g, '')
    .replace(new RegExp(INVISIBLE, 'g'), ' ')
    .replace(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .trim();
}

function oddEnds(part: string): boolean {
  return INVISIBLE_AT_END_OF_LABEL.test(part.replace(/^[ \t]+|[ \t]+$/g, ''));
}
