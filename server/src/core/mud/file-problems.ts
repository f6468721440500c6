import type { FileProblem } from '../language/service';
import type { MudCode } from '../problems/codes';
import type { Position, Range, Severity } from '../problems/problem';
import {
  fileForm,
  shownPosition,
  shownText,
  toUtf8,
  withLf,
  withoutBom,
  withoutNul,
  type FileForm,
} from '../text/file-form';
import { readMud, type MudReading } from './read';

/** What the bytes of a file show and no editor does. */
interface FileRule {
  readonly code: MudCode;
  /** Numbers of the mistakes in the reference (spec mud.md 4). */
  readonly mistakes: readonly number[];
  check(file: FileFacts): FileProblem | null;
}

interface FileFacts {
  readonly bytes: Uint8Array;
  readonly form: FileForm;
  /** The loader's reading of the bytes as they are. */
  readonly reading: MudReading;
}

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The board compares bytes: a mark before a header makes the first line unreadable, before a key it renames the key. */
const byteOrderMark: FileRule = {
  code: 'MUD001',
  mistakes: [6],
  check({ bytes, form, reading }) {
    if (form.bom === 0 || form.encoding !== 'utf-8') return null;
    const mended = withoutBom(bytes);
    const harm = changes(reading, loaderReading(mended));
    const message =
      harm === 'refused'
        ? 'The file starts with a byte order mark (BOM), which editors do not show: the board cannot read its first line and loads nothing. Save it as UTF-8 without BOM.'
        : 'The file starts with a byte order mark (BOM), which editors do not show: the board takes it for a part of the first line. Save it as UTF-8 without BOM.';
    return {
      code: 'MUD001',
      severity: harm === 'refused' ? 'error' : 'warning',
      message,
      range: START,
      fix: { title: 'Remove the byte order mark', apply: withoutBom },
    };
  },
};

const wideEncoding: FileRule = {
  code: 'MUD002',
  mistakes: [6],
  check({ form }) {
    if (form.encoding === 'utf-8') return null;
    return {
      code: 'MUD002',
      severity: 'error',
      message: `The file is stored as ${form.encoding.toUpperCase()}: the board cannot read it. Save it as UTF-8 without BOM.`,
      range: START,
      fix: { title: 'Save as UTF-8', apply: toUtf8 },
    };
  },
};

/** For the board a line ends at LF. A CR alone is a character of its line; before an LF it is white space. */
const lineEnds: FileRule = {
  code: 'MUD003',
  mistakes: [7],
  check({ bytes, form, reading }) {
    const { cr, lf, crlf, firstCr } = form.lineEnds;
    if (cr === 0 || form.encoding !== 'utf-8') return null;
    const harm = changes(reading, loaderReading(withLf(bytes)));
    if (harm === null) return null;
    const message =
      lf + crlf === 0
        ? 'The lines end with CR alone, as old Macintosh programs write them: for the board the whole file is one line, and it finds no keys. Save it with LF line ends.'
        : 'Some lines end with CR alone, which editors show as line ends: the board reads such a line and the next as one. Save the file with LF line ends.';
    return {
      code: 'MUD003',
      severity: harm === 'refused' ? 'error' : 'warning',
      message,
      range: pointAt(bytes, firstCr),
      fix: { title: 'Write LF line ends', apply: withLf },
    };
  },
};

const nulBytes: FileRule = {
  code: 'MUD004',
  mistakes: [],
  check({ bytes, form, reading }) {
    if (form.nul === null || form.encoding !== 'utf-8') return null;
    const harm = changes(reading, loaderReading(withoutNul(bytes)));
    const severity: Severity = harm === 'refused' ? 'error' : 'warning';
    return {
      code: 'MUD004',
      severity,
      message: `The file holds ${form.nul.count === 1 ? 'a NUL byte' : `${form.nul.count} NUL bytes`}, so it is damaged or no text: the board keeps them in names and values. Remove them, or write the file anew.`,
      range: pointAt(bytes, form.nul.offset),
      fix: { title: 'Remove the NUL bytes', apply: withoutNul },
    };
  },
};

/** Harmless for the board, which compares bytes: but an editor that saves the text destroys them. */
const notUtf8: FileRule = {
  code: 'MUD005',
  mistakes: [],
  check({ bytes, form }) {
    if (form.invalid === null || form.encoding !== 'utf-8') return null;
    return {
      code: 'MUD005',
      severity: 'warning',
      message:
        'The file is not stored as UTF-8 (perhaps as GBK): the board keeps the bytes as they are, so programs and pictures show wrong letters, and saving from an editor destroys them. Reopen it with its encoding and save it as UTF-8.',
      range: pointAt(bytes, form.invalid.offset),
      fix: null,
    };
  },
};

/** Every rule about bytes, in the order of their codes. */
export const mudFileRules: readonly FileRule[] = [byteOrderMark, wideEncoding, lineEnds, nulBytes, notUtf8];

/** What only the bytes show (spec decisions.md 5). */
export function validateMudFile(bytes: Uint8Array): readonly FileProblem[] {
  const facts: FileFacts = { bytes, form: fileForm(bytes), reading: loaderReading(bytes) };
  return mudFileRules.flatMap((rule) => rule.check(facts) ?? []);
}

/** The document's own path does not matter here: a rule of the text looks at its name. */
function loaderReading(bytes: Uint8Array): MudReading {
  return readMud('model.mud', { kind: 'file', bytes });
}

/** `refused`: the board loads the mended file only; `other`: it reads other values; null: no difference. */
function changes(now: MudReading, mended: MudReading): 'refused' | 'other' | null {
  if (!now.loads) return now.error?.message === mended.error?.message ? null : 'refused';
  return JSON.stringify(plain(now)) === JSON.stringify(plain(mended)) ? null : 'other';
}

function plain({ items }: MudReading): unknown {
  return [...items].map(([section, keys]) => [section, [...keys]]);
}

function pointAt(bytes: Uint8Array, offset: number): Range {
  const position: Position = shownPosition(bytes, offset);
  return { start: position, end: position };
}

/** The text as an editor shows it: without byte order mark, every line end an LF. */
export function editorText(bytes: Uint8Array): string {
  return shownText(bytes).replace(/\r\n?/g, '\n');
}
