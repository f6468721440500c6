/**
 * The bytes of a UTF-8 file after its text was changed: the lines before and after the change keep their bytes, also
 * those that are not UTF-8. Null where a changed line holds such bytes: writing it would lose them.
 *
 * @param text the text of the bytes, without byte order mark
 */
export function rewriteLines(bytes: Uint8Array, text: string, changed: string): Uint8Array | null {
  const [before, after] = [linesOf(text), linesOf(changed)];
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const shorter = Math.min(before.length, after.length) - head;
  while (tail < shorter && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;

  const middle = after.slice(head, after.length - tail).join('');
  if (middle.includes('\ufffd')) return null;
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const starts = lineStarts(bytes, mark);
  const from = starts[head] ?? bytes.length;
  const to = starts[before.length - tail] ?? bytes.length;
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(middle, 'utf8'), bytes.subarray(to)]);
}

/** Lines with their ends; a last line without an end counts where it is not empty. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** Byte offsets at which the lines begin. CR and LF are never a part of another letter. */
function lineStarts(bytes: Uint8Array, mark: number): readonly number[] {
  const starts = mark < bytes.length ? [mark] : [];
  for (let at = mark; at < bytes.length; at += 1) {
    const byte = bytes[at];
    const ends = byte === 10 || (byte === 13 && bytes[at + 1] !== 10);
    if (ends && at + 1 < bytes.length) starts.push(at + 1);
  }
  return starts;
}
