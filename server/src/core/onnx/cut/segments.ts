import type { ByteRange } from '../wire';

/**
 * A piece of the file to write: bytes that were made here, or a stretch of a file that is copied without being looked
 * at. `file` is null for the model itself, else the location of external data as the model spells it.
 */
export type Segment =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'range'; readonly file: string | null; readonly offset: number; readonly length: number };

/** Collects segments and joins neighbouring ranges, so that a long run of kept fields is one copy. */
export class SegmentList {
  readonly segments: Segment[] = [];
  /** Bytes of all segments together. */
  length = 0;

  bytes(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.segments.push({ kind: 'bytes', bytes });
    this.length += bytes.length;
  }

  range(range: ByteRange, file: string | null = null): void {
    if (range.length === 0) return;
    this.length += range.length;
    const last = this.segments.at(-1);
    if (last?.kind === 'range' && last.file === file && last.offset + last.length === range.offset) {
      this.segments[this.segments.length - 1] = { ...last, length: last.length + range.length };
      return;
    }
    this.segments.push({ kind: 'range', file, ...range });
  }

  append(other: SegmentList): void {
    for (const segment of other.segments) {
      if (segment.kind === 'bytes') this.bytes(segment.bytes);
      else this.range({ offset: segment.offset, length: segment.length }, segment.file);
    }
  }
}
