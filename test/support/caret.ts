/** A text with `|` where the cursor is: the text without it, and its offset. */
export function caret(marked: string): { text: string; offset: number; line: number; character: number } {
  const offset = marked.indexOf('|');
  if (offset < 0 || marked.includes('|', offset + 1)) throw new Error(`one | is needed in ${JSON.stringify(marked)}`);
  const before = marked.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return {
    text: before + marked.slice(offset + 1),
    offset,
    line: lines.length - 1,
    character: lines.at(-1)?.length ?? 0,
  };
}
