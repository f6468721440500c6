import type { Position } from '../problems/problem';
import { LineIndex } from './line-index';

/** How a text is stored, as far as its first bytes show. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

/**
 * What the bytes of a text file show and an editor hides (spec decisions.md 5): it removes a byte order mark, makes
 * all line ends one kind and replaces what is not text. Offsets are in bytes, from the start of the file.
 */
export interface FileForm {
  /** By the byte order mark; without one, UTF-16 where every other byte at the start is 0, else UTF-8. */
  readonly encoding: TextEncoding;
  /** Length of the byte order mark in bytes; 0: none. */
  readonly bom: number;
  /** NUL characters; the zero bytes of UTF-16 and UTF-32 letters do not count. Null: none. */
  readonly nul: Finding | null;
  /** Bytes that form no character of the encoding. Null: none. */
  readonly invalid: Finding | null;
  readonly lineEnds: LineEnds;
}

export interface Finding {
  readonly offset: number;
  readonly count: number;
}

/** How many line ends of each kind a text has. */
export interface LineEnds {
  readonly lf: number;
  readonly crlf: number;
  /** CR without LF: the line end of old Macintosh programs. */
  readonly cr: number;
  /** Byte offset of the first CR without LF; -1: none. */
  readonly firstCr: number;
}

/** How many bytes at the start decide about UTF-16 without a mark, as editors do it. */
const SAMPLE = 512;

/** One pass over the bytes; works for any bytes. */
export function fileForm(bytes: Uint8Array): FileForm {
  const { encoding, bom } = detect(bytes);
  if (encoding === 'utf-8')
    return { encoding, bom, ...scan(bytes, bom, 1, byteReader(bytes)), invalid: badUtf8(bytes) };
  const width = unitWidth(encoding);
  return {
    encoding,
    bom,
    ...scan(bytes, bom, width, unitReader(bytes, encoding)),
    invalid: badWide(bytes, encoding, bom),
  };
}

/** The text as an editor shows it, but for its line ends: without mark, with U+FFFD for what is no character. */
export function shownText(bytes: Uint8Array): string {
  const { encoding, bom } = detect(bytes);
  return decode(bytes.subarray(bom), encoding);
}

/** Where the character at a byte offset stands in the text as the editor shows it. */
export function shownPosition(bytes: Uint8Array, offset: number): Position {
  const { encoding, bom } = detect(bytes);
  const end = Math.max(bom, Math.min(offset, bytes.length));
  const before = decode(bytes.subarray(bom, end), encoding);
  return new LineIndex(before).positionAt(before.length);
}

/** Without byte order mark; the same bytes where there is none. */
export function withoutBom(bytes: Uint8Array): Uint8Array {
  return bytes.slice(detect(bytes).bom);
}

/** UTF-16 and UTF-32 become UTF-8 without mark. A text in UTF-8 loses its mark only: bad bytes are left. */
export function toUtf8(bytes: Uint8Array): Uint8Array {
  const { encoding, bom } = detect(bytes);
  return encoding === 'utf-8' ? bytes.slice(bom) : new TextEncoder().encode(decode(bytes.subarray(bom), encoding));
}

/** CR LF and lone CR become LF (a text in UTF-8). */
export function withLf(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === CR && bytes[at + 1] === LF) continue;
    result[length] = byte === CR ? LF : byte;
    length += 1;
  }
  return result.slice(0, length);
}

/** Without NUL bytes (a text in UTF-8). */
export function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte !== 0);
}

const LF = 10;
const CR = 13;

function detect(bytes: Uint8Array): { encoding: TextEncoding; bom: number } {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bom: 3 };
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return { encoding: 'utf-32le', bom: 4 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: 'utf-32be', bom: 4 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', bom: 2 };
  const length = Math.min(bytes.length, SAMPLE) & ~1;
  if (length < 4) return { encoding: 'utf-8', bom: 0 };
  const zeroAt = (parity: 0 | 1): boolean => {
    for (let at = 0; at < length; at += 1) if ((bytes[at] === 0) !== (at % 2 === parity)) return false;
    return true;
  };
  return { encoding: zeroAt(1) ? 'utf-16le' : zeroAt(0) ? 'utf-16be' : 'utf-8', bom: 0 };
}

function unitWidth(encoding: TextEncoding): 1 | 2 | 4 {
  return encoding === 'utf-8' ? 1 : encoding.startsWith('utf-16') ? 2 : 4;
}

type UnitReader = (at: number) => number;

function byteReader(bytes: Uint8Array): UnitReader {
  return (at) => bytes[at] ?? -1;
}

/** The code unit at a byte offset; -1 where it is cut off. */
function unitReader(bytes: Uint8Array, encoding: TextEncoding): UnitReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = unitWidth(encoding);
  const little = encoding.endsWith('le');
  return (at) => {
    if (at + width > bytes.length) return -1;
    return width === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
  };
}

/** NUL characters and line ends. */
function scan(bytes: Uint8Array, start: number, width: number, unit: UnitReader): Pick<FileForm, 'nul' | 'lineEnds'> {
  let [lf, crlf, cr, firstCr, nulOffset, nulCount] = [0, 0, 0, -1, -1, 0];
  for (let at = start; at < bytes.length; at += width) {
    const value = unit(at);
    if (value === 0) {
      nulCount += 1;
      if (nulOffset < 0) nulOffset = at;
    } else if (value === LF) {
      lf += 1;
    } else if (value === CR) {
      if (unit(at + width) === LF) {
        crlf += 1;
        at += width;
      } else {
        cr += 1;
        if (firstCr < 0) firstCr = at;
      }
    }
  }
  return { nul: finding(nulOffset, nulCount), lineEnds: { lf, crlf, cr, firstCr } };
}

function finding(offset: number, count: number): Finding | null {
  return count === 0 ? null : { offset, count };
}

/** Sequences that are not UTF-8 by the Unicode standard, table 3-7 (no overlong forms, no surrogates). */
function badUtf8(bytes: Uint8Array): Finding | null {
  let [offset, count] = [-1, 0];
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const length = sequenceLength(lead, bytes[at + 1] ?? 0);
    let good = 1;
    while (good < length && ((bytes[at + good] ?? 0) & 0xc0) === 0x80) good += 1;
    if (length < 2 || good < length) {
      count += 1;
      if (offset < 0) offset = at;
    }
    at += good;
  }
  return finding(offset, count);
}

/** Length of the sequence that two bytes start; 0 where they can start none. */
function sequenceLength(lead: number, second: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (lead === 0xe0 && second < 0xa0) return 0;
    return lead === 0xed && second > 0x9f ? 0 : 3;
  }
  if (lead < 0xf0 || lead > 0xf4) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  return lead === 0xf4 && second > 0x8f ? 0 : 4;
}

/** Halves of surrogate pairs that stand alone, numbers that are no character, and a cut-off end. */
function badWide(bytes: Uint8Array, encoding: TextEncoding, start: number): Finding | null {
  const width = unitWidth(encoding);
  const unit = unitReader(bytes, encoding);
  let [offset, count] = [-1, 0];
  for (let at = start; at < bytes.length; at += width) {
    const value = unit(at);
    const high = value >= 0xd800 && value <= 0xdbff;
    if (width === 2 && high && isLow(unit(at + 2))) {
      at += 2;
      continue;
    }
    if (value >= 0 && !high && !isLow(value) && value <= 0x10ffff) continue;
    count += 1;
    if (offset < 0) offset = at;
  }
  return finding(offset, count);
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function decode(bytes: Uint8Array, encoding: TextEncoding): string {
  if (!encoding.startsWith('utf-32')) return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  const unit = unitReader(bytes, encoding);
  const letters: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const value = unit(at);
    const isCharacter = value >= 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
    letters.push(isCharacter ? String.fromCodePoint(value) : '\ufffd');
  }
  return letters.join('');
}
