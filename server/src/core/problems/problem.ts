/** What a problem means for the person: an error stops the trainer, the converter or the device. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A place in a text: line and UTF-16 column, both from 0 (the positions of the language server protocol). */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** `[start, end)` in a text. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Replaces what lies in `range` by `newText`. */
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** One way to mend a problem. `preferred` marks the one that `fix` applies without a question. */
export interface Fix {
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: readonly TextEdit[];
}

/** One finding in a file (spec decisions.md 5): stable code, exact range, what happens and what to do. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly fixes?: readonly Fix[];
}
