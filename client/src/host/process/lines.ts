import { stripVTControlCharacters } from 'node:util';

/** How a line of output ended; `cr` marks a line that a terminal would overwrite (a progress bar). */
export type LineEnd = 'lf' | 'crlf' | 'cr' | 'none';

/** One line of a program's output, without terminal control sequences. */
export interface OutputLine {
  readonly text: string;
  readonly end: LineEnd;
  readonly stream: 'stdout' | 'stderr';
}

/** A longer line is handed on in pieces: a program that writes no line ends must not fill the memory. */
const LONGEST_LINE = 1 << 20;

/**
 * Cuts a byte stream into lines. UTF-8 sequences and CR LF pairs may be split between chunks; bytes that are no UTF-8
 * become U+FFFD.
 */
export class LineSplitter {
  private readonly decoder = new TextDecoder('utf-8');
  private pending = '';

  constructor(private readonly emit: (text: string, end: LineEnd) => void) {}

  write(chunk: Uint8Array): void {
    this.take(this.decoder.decode(chunk, { stream: true }));
  }

  /** Hands on what is left. */
  end(): void {
    this.take(this.decoder.decode());
    if (this.pending.endsWith('\r')) this.send(this.pending.slice(0, -1), 'cr');
    else if (this.pending !== '') this.send(this.pending, 'none');
    this.pending = '';
  }

  private take(text: string): void {
    this.pending += text;
    let start = 0;
    // A CR at the very end waits: the LF of a CR LF pair may be in the next chunk.
    for (const match of this.pending.matchAll(/\r\n|\n|\r(?!$)/g)) {
      const end: LineEnd = match[0] === '\n' ? 'lf' : match[0] === '\r' ? 'cr' : 'crlf';
      this.send(this.pending.slice(start, match.index), end);
      start = match.index + match[0].length;
    }
    this.pending = this.pending.slice(start);
    if (this.pending.length > LONGEST_LINE) {
      this.send(this.pending, 'none');
      this.pending = '';
    }
  }

  private send(text: string, end: LineEnd): void {
    this.emit(stripVTControlCharacters(text), end);
  }
}

/** The last lines of an output as a terminal would show them: a line that ended in CR is replaced by its successor. */
export class Tail {
  private readonly lines: string[] = [];
  private size = 0;
  private overwrite = false;

  /** `limit`: bytes to keep, counted in UTF-16 units. */
  constructor(private readonly limit: number) {}

  add(text: string, end: LineEnd): void {
    if (this.overwrite && text !== '') this.drop(this.lines.pop());
    if (text !== '' || !this.overwrite) {
      const kept = text.slice(-this.limit);
      this.lines.push(kept);
      this.size += kept.length + 1;
    }
    while (this.size > this.limit && this.lines.length > 1) this.drop(this.lines.shift());
    this.overwrite = end === 'cr';
  }

  toString(): string {
    return this.lines.join('\n');
  }

  private drop(line: string | undefined): void {
    if (line !== undefined) this.size -= line.length + 1;
  }
}
