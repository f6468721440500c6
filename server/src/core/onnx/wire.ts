import type { ByteSource } from '../ports';
import { AppError } from '../problems/app-error';

/** A half-open stretch of the file, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Protobuf wire types that ONNX uses. Groups (3, 4) do not occur. */
export const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, Fixed32: 5 } as const;

/**
 * Read-ahead window. Field headers lie close together except across weights, which are skipped, never read: after each
 * of them a new window is read, so a large one would cost more than it saves.
 */
const WINDOW_BYTES = 16 * 1024;

/** Largest text that is read as a value: names, metadata and documentation are far smaller; weights are not text. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

const decoder = new TextDecoder('utf-8');

/** A window over a source, shared by all readers of one file, so that neighbouring fields cost one read. */
class WireBuffer {
  private window: Uint8Array = new Uint8Array(0);
  private start = 0;

  constructor(readonly source: ByteSource) {}

  /** The byte at `offset`. */
  byteAt(offset: number): number {
    let index = offset - this.start;
    if (index < 0 || index >= this.window.length) {
      this.window = this.source.read(offset, WINDOW_BYTES);
      this.start = offset;
      index = 0;
    }
    const value = this.window[index];
    if (value === undefined) throw truncated(offset);
    return value;
  }

  /** A view of the range; from the window where it holds it, else read. */
  bytes(range: ByteRange): Uint8Array {
    const index = range.offset - this.start;
    if (index >= 0 && index + range.length <= this.window.length) {
      return this.window.subarray(index, index + range.length);
    }
    if (range.length <= WINDOW_BYTES) {
      this.window = this.source.read(range.offset, WINDOW_BYTES);
      this.start = range.offset;
      if (this.window.length < range.length) throw truncated(range.offset + this.window.length);
      return this.window.subarray(0, range.length);
    }
    const bytes = this.source.read(range.offset, range.length);
    if (bytes.length < range.length) throw truncated(range.offset + bytes.length);
    return bytes;
  }
}

/**
 * Walks the fields of one protobuf message without loading the values that nobody asks for.
 *
 * Use: `while (reader.next()) switch (reader.field) …`; a value that is not read is skipped.
 * Errors: `ONNX_TRUNCATED` where the file ends inside a field, `ONNX_INVALID` where the bytes are not protobuf.
 */
export class WireReader {
  /** Number of the current field. */
  field = 0;
  /** Wire type of the current field. */
  wire: number = WireType.Varint;
  private position: number;
  private readonly end: number;
  private value = 0;
  private start: number;
  private valueRange: ByteRange = { offset: 0, length: 0 };

  constructor(
    readonly buffer: WireBuffer,
    range: ByteRange,
  ) {
    this.position = range.offset;
    this.start = range.offset;
    this.end = range.offset + range.length;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position >= this.end) return false;
    const start = this.position;
    this.start = start;
    const key = this.readVarint();
    this.field = Math.floor(key / 8);
    const wire = key % 8;
    if (this.field < 1 || this.field > 0x1fffffff) throw invalid(start);
    switch (wire) {
      case WireType.Varint:
        this.value = this.readVarint();
        break;
      case WireType.Fixed64:
        this.take(8);
        break;
      case WireType.Fixed32:
        this.take(4);
        break;
      case WireType.Bytes: {
        const length = this.readVarint();
        if (length < 0 || !Number.isSafeInteger(length)) throw invalid(start);
        this.take(length);
        break;
      }
      default:
        throw invalid(start);
    }
    this.wire = wire;
    return true;
  }

  /** The current varint, as a signed 64-bit number (exact up to ±2^53). */
  int(): number {
    this.expect(WireType.Varint);
    return this.value;
  }

  /** The range of the current length-delimited field's content. */
  range(): ByteRange {
    this.expect(WireType.Bytes);
    return this.valueRange;
  }

  /** The range of the whole current field, key and length included: what a copy of the field takes over. */
  whole(): ByteRange {
    return { offset: this.start, length: this.position - this.start };
  }

  /** The current length-delimited field as UTF-8 text (invalid bytes become U+FFFD). */
  text(): string {
    return decoder.decode(this.bytes());
  }

  /** A copy-free view of the current length-delimited field; small fields only. */
  bytes(): Uint8Array {
    const range = this.range();
    if (range.length > MAX_TEXT_BYTES) throw invalid(range.offset);
    return this.buffer.bytes(range);
  }

  /** The current 32-bit field as a float. */
  float(): number {
    this.expect(WireType.Fixed32);
    const bytes = this.buffer.bytes(this.valueRange);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
  }

  /** A reader over the current field's content. */
  message(): WireReader {
    return new WireReader(this.buffer, this.range());
  }

  /** Appends the current integer(s), packed or not, to `into`. */
  intsInto(into: number[]): void {
    if (this.wire === WireType.Varint) {
      into.push(this.value);
      return;
    }
    const range = this.range();
    const packed = new WireReader(this.buffer, range);
    while (packed.position < packed.end) into.push(packed.readVarint());
  }

  /** Appends the current float(s), packed or not, to `into`. */
  floatsInto(into: number[]): void {
    if (this.wire === WireType.Fixed32) {
      into.push(this.float());
      return;
    }
    const bytes = this.bytes();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at + 4 <= bytes.length; at += 4) into.push(view.getFloat32(at, true));
  }

  private take(length: number): void {
    if (this.position + length > this.end) throw truncated(this.position);
    this.valueRange = { offset: this.position, length };
    this.position += length;
  }

  private expect(wire: number): void {
    if (this.wire !== wire) throw invalid(this.valueRange.offset);
  }

  private readVarint(): number {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index += 1) {
      if (this.position >= this.end) throw truncated(this.position);
      const byte = this.buffer.byteAt(this.position);
      this.position += 1;
      const bits = byte & 0x7f;
      // 64 bits in two halves: bytes 0-3 fill 28 bits of `low`, byte 4 straddles, the rest fill `high`.
      if (index < 4) low |= bits << (7 * index);
      else if (index === 4) {
        low |= (bits & 0x0f) << 28;
        high |= bits >> 4;
      } else high |= bits << (7 * index - 32);
      if (byte < 0x80) return (high | 0) * 0x1_0000_0000 + (low >>> 0);
    }
    throw invalid(this.position);
  }
}

/** A reader over the whole file. */
export function wireReader(source: ByteSource): WireReader {
  return new WireReader(new WireBuffer(source), { offset: 0, length: source.size });
}

function truncated(offset: number): AppError {
  return new AppError({
    code: 'ONNX_TRUNCATED',
    message: `The ONNX file ends in the middle of a field (byte ${offset}): it is incomplete.`,
    hint: 'Copy or export the model again and compare the file sizes.',
  });
}

function invalid(offset: number): AppError {
  return new AppError({
    code: 'ONNX_INVALID',
    message: `The file is not a readable ONNX model: byte ${offset} is not a protobuf field that ONNX uses.`,
    hint: 'Export the model to ONNX again; if the file came from the web, download it again.',
  });
}
