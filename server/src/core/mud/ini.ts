import { byteString, type ByteString } from './bytes';

/** Return codes of the device's INI parser, as its log prints them (spec mud.md 1.3). */
export const IniError = {
  NoClosingBracket: 2,
  EmptySectionName: 3,
  DuplicateSection: 4,
  NotKeyValue: 5,
} as const;
export type IniErrorCode = (typeof IniError)[keyof typeof IniError];

export interface IniItem {
  readonly key: ByteString;
  readonly value: ByteString;
}

/** A section in file order; the unnamed one (keys before any header) comes first and always exists. */
export interface IniSection {
  readonly name: ByteString;
  /** In file order, duplicates included: readers take the first of a name. */
  readonly items: readonly IniItem[];
}

export type IniResult =
  | { readonly ok: true; readonly sections: readonly IniSection[] }
  | { readonly ok: false; readonly error: IniErrorCode; /** 0-based, lines end at LF only. */ readonly line: number };

/**
 * Parses bytes exactly as the device's INI parser does (spec mud.md 1.1, 1.2): only `#` starts a comment, anywhere in a
 * line; nothing is quoted or escaped; the first line that is no header and no `key = value` rejects the whole file.
 */
export function parseIni(bytes: Uint8Array): IniResult {
  const sections = new Map<ByteString, IniItem[]>([['', []]]);
  let current: IniItem[] = sections.get('') ?? [];
  const lines = byteString(bytes).split('\n');
  for (const [index, physical] of lines.entries()) {
    const line = trimSpace(physical);
    if (line === '' || line.startsWith('#')) continue;
    const hash = line.indexOf('#');
    const content = hash === -1 ? line : trimSpace(line.slice(0, hash));
    if (content.startsWith('[')) {
      const close = content.indexOf(']');
      if (close === -1) return { ok: false, error: IniError.NoClosingBracket, line: index };
      if (close === 1) return { ok: false, error: IniError.EmptySectionName, line: index };
      // What follows the bracket is ignored. `[ ]` names the unnamed section, which exists already.
      const name = trimSpace(content.slice(1, close));
      if (sections.has(name)) return { ok: false, error: IniError.DuplicateSection, line: index };
      current = [];
      sections.set(name, current);
      continue;
    }
    const equals = content.indexOf('=');
    if (equals === -1) return { ok: false, error: IniError.NotKeyValue, line: index };
    current.push({ key: trimSpace(content.slice(0, equals)), value: trimSpace(content.slice(equals + 1)) });
  }
  return { ok: true, sections: [...sections].map(([name, items]) => ({ name, items })) };
}

/** Trims what C's `isspace` calls white space; NBSP and the like stay. */
function trimSpace(text: ByteString): ByteString {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
