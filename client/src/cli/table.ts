const WIDTH = 80;

/** Seconds for a person: `0.4 s`, `12 s`, `1 m 35 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
}

/** A tensor's shape for a person: `1×3×640×640`, `?` where a size is open. */
export function formatShape(shape: readonly (number | string | null)[] | null): string {
  return shape === null ? 'unknown shape' : shape.map((size) => size ?? '?').join('×');
}

/**
 * Columns of plain text in at most 80 characters: the widest column gives way and its text goes on below itself.
 */
export function formatTable(rows: readonly (readonly string[])[], flexible: number): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(0, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const fixed = widths.reduce((sum, width, index) => sum + (index === flexible ? 0 : width), 0) + 2 * (columns - 1);
  widths[flexible] = Math.min(widths[flexible] ?? 0, Math.max(16, WIDTH - fixed));
  const lines: string[] = [];
  for (const row of rows) {
    const wrapped = wrap(row[flexible] ?? '', widths[flexible] ?? WIDTH);
    wrapped.forEach((part, line) => {
      const cells = widths.map((width, index) => {
        const text = index === flexible ? part : line === 0 ? (row[index] ?? '') : '';
        return text.padEnd(width);
      });
      lines.push(cells.join('  ').trimEnd());
    });
  }
  return lines.join('\n');
}

/** Breaks at blanks; a word that is longer than the line keeps its own line. `width` in characters. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
