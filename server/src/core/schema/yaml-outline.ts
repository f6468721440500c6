import type { ValuePath } from './schema-node';

/** One key, list item or loose word of a YAML text. Offsets in UTF-16 units. */
export interface OutlineEntry {
  /**
   * `key`: a key and its value; `item`: a list item; `word`: a word where a key or a value may be meant, such as a key
   * before its colon is typed.
   */
  readonly kind: 'key' | 'item' | 'word';
  /** Path of the value; of a word: of the collection in which it stands. */
  readonly path: ValuePath;
  /** The key with its quotes, the dash, or the word. */
  readonly start: number;
  readonly end: number;
  /** Behind the colon or the dash; of a word: its start. */
  readonly valueFrom: number;
  /** The value on its line with its quotes, or an opening bracket to its closing one; equal where it is empty. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Column of the key, item or word. */
  readonly column: number;
  readonly flow: boolean;
}

/** `{ … }` or `[ … ]`. */
export interface FlowSpan {
  readonly kind: 'map' | 'list';
  readonly path: ValuePath;
  readonly start: number;
  /** Behind the closing bracket, or where an unclosed one stops to count. */
  readonly end: number;
  readonly closed: boolean;
  readonly items: number;
}

export interface YamlOutline {
  readonly entries: readonly OutlineEntry[];
  readonly flows: readonly FlowSpan[];
  /** `[start, end)` of comments and of the lines of block texts (`|`, `>`). */
  readonly comments: readonly (readonly [start: number, end: number])[];
  readonly blocks: readonly (readonly [start: number, end: number])[];
}

interface Frame {
  readonly kind: 'map' | 'list';
  readonly column: number;
  readonly path: ValuePath;
  /** Path of the last key or item in it: what deeper lines belong to. */
  last: ValuePath;
  count: number;
}

/** Brackets nested deeper are left alone: nobody writes them, and reading them must not use up the stack. */
const MAX_DEPTH = 100;

/** A key in front of its colon: quoted, or plain without the signs that YAML keeps for itself. */
const KEY = /(?:"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\n\r]|'')*'|[^\s#,[\]{}"'&*!|>%@`][^\n\r]*?)(?=[ \t]*:(?:[ \t\r\n]|$))/uy;
const SPACE = /[ \t]*/y;
const LINE = /[^\r\n]*/y;
const PROPERTIES = /(?:[&!][^\s,[\]{}]*[ \t]+)+/y;

/**
 * The structure of a YAML text by its indentation and brackets, for texts that are being typed and cannot be parsed
 * yet: it never fails, one broken line does not hide the others. `cursor`: an offset on an empty line, or behind an
 * empty dash, that counts as a word, so that its place in the structure is known.
 */
export function yamlOutline(text: string, cursor = -1): YamlOutline {
  return new OutlineScanner(text, cursor).scan();
}

class OutlineScanner {
  private readonly entries: OutlineEntry[] = [];
  private readonly flows: FlowSpan[] = [];
  private readonly comments: [number, number][] = [];
  private readonly blocks: [number, number][] = [];
  private frames: Frame[] = [];
  private lineStart = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly cursor: number,
  ) {}

  scan(): YamlOutline {
    const { text } = this;
    let at = 0;
    while (at <= text.length) {
      this.lineStart = at;
      const end = this.line(at);
      at = nextLine(text, end);
    }
    const { entries, flows, comments, blocks } = this;
    return { entries, flows, comments, blocks };
  }

  /** Reads the line that starts at `from`; the end of its content, on that line or a later one. */
  private line(from: number): number {
    const { text } = this;
    let at = this.skip(SPACE, from);
    const lineEnd = this.skip(LINE, from);
    if (at === lineEnd || text[at] === '#') {
      this.comment(at, lineEnd);
      const cursorHere = this.cursor >= from && this.cursor <= at;
      if (cursorHere && this.onOwnLine(from)) this.word(this.cursor, this.cursor);
      return lineEnd;
    }
    if (at === from && /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(at, at + 4))) {
      this.frames = [];
      return lineEnd;
    }
    while (text[at] === '-' && /[ \t\r\n]|^$/.test(text[at + 1] ?? '')) {
      const content = this.skip(SPACE, at + 1);
      this.item(at, content, lineEnd);
      if (content === lineEnd || text[content] === '#') {
        this.comment(content, lineEnd);
        return lineEnd;
      }
      at = content;
    }
    return this.content(at, lineEnd);
  }

  /** A key with its value, or a word. */
  private content(at: number, lineEnd: number): number {
    const keyEnd = this.skip(KEY, at);
    if (keyEnd === at || keyEnd > lineEnd) {
      const open = this.text[at];
      if (open === '{' || open === '[')
        return this.lineRest(this.flow(at, this.frames.at(-1)?.last ?? [], -1), lineEnd);
      const end = this.plainEnd(at, lineEnd);
      this.comment(this.skip(SPACE, end), lineEnd);
      this.word(at, end);
      return lineEnd;
    }
    const column = at - this.lineStart;
    const colon = this.skip(SPACE, keyEnd);
    const frame = this.mapAt(column);
    const path = [...frame.path, keyName(this.text.slice(at, keyEnd))];
    frame.last = path;
    frame.count += 1;
    const slot = this.entries.length;
    const value = this.value(colon + 1, lineEnd, path, column);
    const entry = { kind: 'key', path, start: at, end: keyEnd, valueFrom: colon + 1, column, flow: false } as const;
    this.entries.splice(slot, 0, { ...entry, valueStart: value.start, valueEnd: value.end });
    return value.next;
  }

  /** What stands behind a colon: its place, and where reading goes on. */
  private value(
    from: number,
    lineEnd: number,
    path: ValuePath,
    column: number,
  ): { start: number; end: number; next: number } {
    const { text } = this;
    const start = this.skip(PROPERTIES, this.skip(SPACE, from));
    if (start >= lineEnd || (text[start] === '#' && start > from)) {
      this.comment(start, lineEnd);
      const empty = Math.min(from, lineEnd);
      return { start: empty, end: empty, next: lineEnd };
    }
    const first = text[start];
    if (first === '{' || first === '[') {
      const end = this.flow(start, path, column);
      return { start, end, next: this.lineRest(end, lineEnd) };
    }
    if (first === '|' || first === '>') return { start, end: lineEnd, next: this.blockText(lineEnd, column) };
    const end = this.plainEnd(start, lineEnd);
    this.comment(this.skip(SPACE, end), lineEnd);
    return { start, end, next: lineEnd };
  }

  private item(dash: number, content: number, lineEnd: number): void {
    const column = dash - this.lineStart;
    while ((this.frames.at(-1)?.column ?? -1) > column) this.frames.pop();
    let frame = this.frames.at(-1);
    if (frame?.kind !== 'list' || frame.column !== column) {
      const path = frame?.last ?? [];
      frame = { kind: 'list', column, path, last: path, count: 0 };
      this.frames.push(frame);
    }
    const path = [...frame.path, frame.count];
    frame.last = path;
    frame.count += 1;
    const end = this.plainEnd(content, lineEnd);
    const place = { valueFrom: dash + 1, valueStart: Math.min(content, end), valueEnd: end };
    this.entries.push({ kind: 'item', path, start: dash, end: dash + 1, ...place, column, flow: false });
  }

  private word(start: number, end: number): void {
    const column = start - this.lineStart;
    const entry = { kind: 'word', start, end, valueFrom: start, valueStart: start, valueEnd: end, column } as const;
    // The content of an item stands with the item.
    const item = this.entries.at(-1);
    if (item?.kind === 'item' && item.valueStart === start) return;
    this.entries.push({ ...entry, path: this.parentAt(column), flow: false });
  }

  /** The collection to which a line at this column belongs. */
  private parentAt(column: number): ValuePath {
    const frames = [...this.frames];
    while (frames.length > 0 && leaves(frames.at(-1), column)) frames.pop();
    const top = frames.at(-1);
    return top === undefined ? [] : top.column === column ? top.path : top.last;
  }

  private mapAt(column: number): Frame {
    while (leaves(this.frames.at(-1), column)) this.frames.pop();
    const top = this.frames.at(-1);
    if (top?.column === column) return top;
    const path = top?.last ?? [];
    const frame: Frame = { kind: 'map', column, path, last: path, count: 0 };
    this.frames.push(frame);
    return frame;
  }

  /** Reads brackets from the opening one on; the offset behind them. */
  private flow(start: number, path: ValuePath, column: number): number {
    if (this.depth === MAX_DEPTH) return this.text.length;
    this.depth += 1;
    const end = this.brackets(start, path, column);
    this.depth -= 1;
    return end;
  }

  private brackets(start: number, path: ValuePath, column: number): number {
    const { text } = this;
    const kind = text[start] === '{' ? 'map' : 'list';
    const slot = this.flows.length;
    let items = 0;
    let at = start + 1;
    let open = false;
    const finish = (end: number, closed: boolean): number => {
      this.flows.splice(slot, 0, { kind, path, start, end, closed, items: items + (open ? 1 : 0) });
      return end;
    };
    for (;;) {
      at = this.flowGap(at, column);
      if (at < 0) return finish(-at - 1, false);
      const sign = text[at];
      if (sign === '}' || sign === ']') return finish(at + 1, true);
      if (sign === ',') {
        items += 1;
        open = false;
        at += 1;
        continue;
      }
      open = true;
      at = kind === 'map' ? this.flowPair(at, path, column) : this.flowValue(at, [...path, items], column, 'item');
    }
  }

  private flowPair(at: number, path: ValuePath, column: number): number {
    const { text } = this;
    if (text[at] === '{' || text[at] === '[') return this.flow(at, path, column);
    const end = Math.max(at + 1, this.flowEnd(at));
    const colon = this.skip(SPACE, end);
    const place = { start: at, end, column: at - this.lineStart, flow: true };
    if (text[colon] !== ':') {
      this.entries.push({ kind: 'word', path, valueFrom: at, valueStart: at, valueEnd: end, ...place });
      return end;
    }
    const own = [...path, keyName(text.slice(at, end))];
    const valueStart = this.skip(SPACE, colon + 1);
    const slot = this.entries.length;
    const empty = /[,}\]\r\n]|^$/.test(text[valueStart] ?? '');
    const valueEnd = empty ? colon + 1 : this.flowValue(valueStart, own, column, null);
    const value = { valueFrom: colon + 1, valueStart: empty ? colon + 1 : valueStart, valueEnd };
    this.entries.splice(slot, 0, { kind: 'key', path: own, ...place, ...value });
    return valueEnd;
  }

  private flowValue(at: number, path: ValuePath, column: number, kind: 'item' | null): number {
    const { text } = this;
    if (text[at] === '{' || text[at] === '[') return this.flow(at, path, column);
    const end = Math.max(at + 1, this.flowEnd(at));
    if (kind !== null) {
      const place = { start: at, end: at, valueFrom: at, valueStart: at, valueEnd: end, column: at - this.lineStart };
      this.entries.push({ kind, path, ...place, flow: true });
    }
    return end;
  }

  /** End of a word within brackets. */
  private flowEnd(at: number): number {
    const { text } = this;
    const quoted = this.quotedEnd(at);
    if (quoted !== null) return quoted;
    let end = at;
    for (; end < text.length; end += 1) {
      const sign = text[end] ?? '';
      if (/[,[\]{}\r\n]/.test(sign)) break;
      if (sign === ':' && /[\s,[\]{}]|^$/.test(text[end + 1] ?? '')) break;
      if (sign === '#' && /\s/.test(text[end - 1] ?? '')) break;
    }
    while (end > at && /[ \t]/.test(text[end - 1] ?? '')) end -= 1;
    return end;
  }

  /** The next sign within brackets. Negative where the brackets do not go on: −1 − the offset where they stop. */
  private flowGap(from: number, column: number): number {
    const { text } = this;
    let at = this.skip(SPACE, from);
    while (at < text.length) {
      const sign = text[at];
      if (sign === '#') {
        const end = this.skip(LINE, at);
        this.comment(at, end);
        at = end;
      } else if (sign === '\r' || sign === '\n') {
        const next = nextLine(text, at);
        const content = this.skip(SPACE, next);
        // A key that stands no deeper than the brackets' own: they were not closed.
        if (content - next <= column && this.skip(KEY, content) > content) return -1 - at;
        this.lineStart = next;
        at = content;
      } else return at;
    }
    return -1 - text.length;
  }

  private lineRest(at: number, lineEnd: number): number {
    const end = at > lineEnd ? this.skip(LINE, at) : lineEnd;
    const rest = this.skip(SPACE, at);
    this.comment(rest, end);
    return end;
  }

  /** Skips the lines of a block text: those that stand deeper than its key. */
  private blockText(lineEnd: number, column: number): number {
    const { text } = this;
    let end = lineEnd;
    for (let next = nextLine(text, end); next <= text.length; next = nextLine(text, end)) {
      const content = this.skip(SPACE, next);
      const stop = this.skip(LINE, next);
      if (content < stop && content - next <= column) break;
      end = stop;
    }
    if (end > lineEnd) this.blocks.push([nextLine(text, lineEnd), end]);
    return end;
  }

  /** End of a value on its line, without the comment and the blanks behind it. */
  private plainEnd(at: number, lineEnd: number): number {
    const quoted = this.quotedEnd(at);
    if (quoted !== null) return Math.min(quoted, lineEnd);
    const comment = /[ \t]#/.exec(this.text.slice(at, lineEnd));
    let end = comment === null ? lineEnd : at + comment.index;
    while (end > at && /[ \t]/.test(this.text[end - 1] ?? '')) end -= 1;
    return end;
  }

  /** End of a quoted word; of its line where the quote is not closed on it. Null: no quote. */
  private quotedEnd(at: number): number | null {
    const quote = this.text[at];
    if (quote !== '"' && quote !== "'") return null;
    for (let end = at + 1; end < this.text.length; end += 1) {
      const sign = this.text[end];
      if (sign === '\r' || sign === '\n') return end;
      if (quote === '"' && sign === '\\') end += 1;
      else if (sign === quote && quote === "'" && this.text[end + 1] === "'") end += 1;
      else if (sign === quote) return end + 1;
    }
    return this.text.length;
  }

  private comment(from: number, lineEnd: number): void {
    if (from < lineEnd && this.text[from] === '#') this.comments.push([from, lineEnd]);
  }

  private onOwnLine(from: number): boolean {
    return this.text.slice(from, this.cursor).trim() === '';
  }

  private skip(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    const found = pattern.exec(this.text);
    return found === null ? at : at + found[0].length;
  }
}

/** A key at this column does not belong to the frame: it stands further left, or ends a list at its own column. */
function leaves(frame: Frame | undefined, column: number): boolean {
  if (frame === undefined) return false;
  return frame.column > column || (frame.column === column && frame.kind === 'list');
}

function keyName(written: string): string {
  const quote = written[0];
  if (quote === "'") return written.slice(1, -1).replaceAll("''", "'");
  if (quote !== '"') return written;
  return written.slice(1, written.endsWith('"') ? -1 : undefined).replace(/\\(["\\/])/g, '$1');
}

function nextLine(text: string, lineEnd: number): number {
  if (lineEnd >= text.length) return text.length + 1;
  return text[lineEnd] === '\r' && text[lineEnd + 1] === '\n' ? lineEnd + 2 : lineEnd + 1;
}
