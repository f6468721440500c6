import type { MudContext } from './context';
import { parseStof } from './numbers';
import { trimmed, type MudItem, type Span } from './tree';

/** One number of a list: where it stands, and what the board reads there. */
export interface NumberPart extends Span {
  /** Null where the board finds no number. */
  readonly value: number | null;
  /** What follows the number and is ignored. */
  readonly rest: string;
}

/** A list of numbers as the board reads it: cut at commas, each part up to the first letter that fits no number. */
export function numberParts(text: string, value: Span): readonly NumberPart[] {
  const parts: NumberPart[] = [];
  let start = value.start;
  for (const piece of value.text.split(',')) {
    const span = trimmed(text, start, start + piece.length);
    const read = parseStof(span.text);
    parts.push({ ...span, value: read.ok ? read.value : null, rest: read.ok ? span.text.slice(read.length) : '' });
    start += piece.length + 1;
  }
  return parts;
}

/** The values of a list whose every part is a number and nothing else; null for any other list. */
export function soundNumbers(context: MudContext, item: MudItem | undefined): readonly number[] | null {
  if (item === undefined || context.schema(item)?.['x-kind'] !== 'numbers' || context.form(item) !== null) return null;
  const parts = numberParts(context.tree.text, item.value);
  const values = parts.map(({ value, rest }) => (rest === '' ? value : null));
  return values.every((value): value is number => value !== null) ? values : null;
}

/** The shortest decimal text that is the same float32 for the board. */
export function floatText(value: number): string {
  for (let digits = 6; digits < 10; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === Math.fround(value) && parseStof(text).ok) return text;
  }
  return String(value);
}

/** `1/255`, `1/58.395` and the like for the reciprocals that people mean; null for other numbers. */
export function reciprocalText(value: number): string | null {
  if (!(value > 0 && value < 0.5)) return null;
  const inverse = 1 / value;
  for (const digits of [0, 1, 2, 3]) {
    const rounded = Number(inverse.toFixed(digits));
    if (Math.abs(rounded * value - 1) < 2e-6) return `1/${rounded}`;
  }
  return null;
}
