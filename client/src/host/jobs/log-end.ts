import { open } from 'node:fs/promises';

const LF = 0x0a;
const CR = 0x0d;

/**
 * The end of a log of any size, at most `maxBytes` bytes of it, from the start of a line where there is one and never
 * from the middle of a character. Bytes that are no UTF-8 become U+FFFD. Empty where there is no such file.
 */
export async function logEnd(file: string, maxBytes: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return '';
  try {
    const { size } = await handle.stat();
    // One byte more than asked for, which tells whether the window starts with a line.
    const from = Math.max(0, size - maxBytes - 1);
    const window = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(window, 0, window.length, from);
    const bytes = window.subarray(0, bytesRead);
    return new TextDecoder().decode(bytes.subarray(from === 0 ? Math.max(0, bytesRead - maxBytes) : startOf(bytes)));
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}

/** Where the first whole line starts; in a window inside one long line, where the first whole character does. */
function startOf(bytes: Uint8Array): number {
  const line = bytes.findIndex((byte) => byte === LF || byte === CR);
  if (line !== -1) {
    const next = bytes[line] === CR && bytes[line + 1] === LF ? line + 2 : line + 1;
    if (next < bytes.length) return next;
  }
  let start = 1;
  while (start < bytes.length && isContinuation(bytes[start])) start += 1;
  return start;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
