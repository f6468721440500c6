/**
 * Positioned access to the bytes of a file. Implementations read only what is asked for, so that a reader can walk a
 * file of several gigabytes without loading it.
 */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Bytes `[offset, offset + length)`. Shorter than `length` only where the file ends. The result may be a view into a
   * cache: callers that keep it copy it.
   */
  read(offset: number, length: number): Uint8Array;
}

/** A source over bytes that are already in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
  };
}
