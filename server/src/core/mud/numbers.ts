import type { ByteString } from './bytes';

/** Smallest normal float32: `std::stof` refuses what lies between it and zero as out of range. */
const FLOAT32_MIN_NORMAL = 2 ** -126;

const FLOAT =
  /^[ \t\n\v\f\r]*([+-]?)(0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?\d+)?|inf(?:inity)?|nan(?:\([0-9A-Za-z_]*\))?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/i;

export type FloatText =
  | {
      readonly ok: true;
      readonly value: number;
      /** How much of the text was read, leading white space included. */ readonly length: number;
    }
  | { readonly ok: false };

/**
 * One number as `std::stof` reads it (spec mud.md 3.1): leading white space, the longest prefix that is a number,
 * the rest ignored, so `1/255` is 1. The value is a float32.
 */
export function parseStof(text: ByteString): FloatText {
  const match = FLOAT.exec(text);
  if (match === null) return { ok: false };
  const { length } = match[0];
  const sign = match[1] === '-' ? -1 : 1;
  const body = (match[2] ?? '').toLowerCase();
  if (body.startsWith('inf')) return { ok: true, value: sign * Infinity, length };
  if (body.startsWith('nan')) return { ok: true, value: NaN, length };
  const exact = body.startsWith('0x') ? hexadecimal(body) : Number(body);
  const value = Math.fround(exact);
  if (!Number.isFinite(value)) return { ok: false };
  if (exact !== 0 && Math.abs(value) < FLOAT32_MIN_NORMAL) return { ok: false };
  return { ok: true, value: sign * value, length };
}

/** A list of numbers separated by commas, or null where one of them is none (`<key> value error, should float`). */
export function parseFloatList(value: ByteString): readonly number[] | null {
  const numbers: number[] = [];
  for (const token of value.split(',')) {
    const parsed = parseStof(token);
    if (!parsed.ok) return null;
    numbers.push(parsed.value);
  }
  return numbers;
}

/** `0x1.8p3` and the like. */
function hexadecimal(text: string): number {
  const [mantissa = '', exponent = '0'] = text.slice(2).split('p');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  let value = 0;
  for (const digit of digits) value = value * 16 + parseInt(digit, 16);
  return value * 2 ** (Number(exponent) - 4 * fraction.length);
}
