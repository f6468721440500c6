import { type ByteString, byteString, fromText } from './bytes';

/** Looks at files beside a MUD. Paths are byte strings: a board's file names are bytes. */
export interface FileProbe {
  /** True for a regular file; symbolic links are followed. */
  isFile(path: ByteString): boolean;
  /** True for a folder; symbolic links are followed. */
  isFolder(path: ByteString): boolean;
  /** Content of a file for which `isFile` is true. */
  read(path: ByteString): Uint8Array;
}

export type LabelsResult =
  | { readonly ok: true; readonly labels: readonly ByteString[]; readonly source: 'inline' | 'file' }
  | { readonly ok: false; readonly code: 'ERR_ARGS' | null; readonly message: string };

/** The device reads label lines into a buffer of 1024 bytes, one of them for the terminator. */
const LINE_BYTES = 1023;

/** Longest name of one path component on the board's file systems. */
const NAME_MAX = 255;

/**
 * What the device makes of a labels value (spec mud.md 3.1 with the corrections of section 0).
 *
 * A value without comma and white space that names a file beside the MUD is a labels file, anything else a list: a
 * missing file silently becomes one label with the file's name.
 *
 * @param value undefined: the key is absent (`ERR_ARGS`).
 * @param mudPath path of the MUD as the script passes it.
 * @param key the key's name, for the message.
 */
export function resolveLabels(
  value: ByteString | undefined,
  mudPath: string,
  files: FileProbe,
  key = 'labels',
): LabelsResult {
  if (value === undefined) {
    return { ok: false, code: 'ERR_ARGS', message: `Key ${key} not found in items['extra']` };
  }
  if (!/[, \t\r\n]/.test(value)) {
    const path = cutAtNul(`${folderOf(fromText(mudPath))}/${value}`);
    if (hasTooLongName(path, files)) {
      return { ok: false, code: null, message: `filesystem error: status: File name too long [${path}]` };
    }
    if (files.isFile(path)) return { ok: true, labels: readLabelLines(files.read(path)), source: 'file' };
  }
  return { ok: true, labels: splitInline(value), source: 'inline' };
}

/** The board's system looks up one component after the other: a missing folder is noticed before a name too long. */
function hasTooLongName(path: ByteString, files: FileProbe): boolean {
  const names = path.split('/');
  const at = names.findIndex((name) => name.length > NAME_MAX);
  return at !== -1 && files.isFolder(`${names.slice(0, at).join('/')}/`);
}

/** Splits an inline list: empty middle entries stay, an empty last one is dropped. */
export function splitInline(value: ByteString): readonly ByteString[] {
  const labels = value.split(',').map(trimLabel);
  if (labels.at(-1) === '') labels.pop();
  return labels;
}

/** One label per line, as the device's line reader cuts them; blank lines are labels, a leading NUL ends the list. */
function readLabelLines(bytes: Uint8Array): readonly ByteString[] {
  const text = byteString(bytes);
  const labels: ByteString[] = [];
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = Math.min(newline === -1 ? text.length : newline + 1, at + LINE_BYTES);
    const line = cutAtNul(text.slice(at, end));
    if (line === '') break;
    labels.push(trimLabel(line));
    at = end;
  }
  return labels;
}

function trimLabel(text: ByteString): ByteString {
  return text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');
}

/** The folder part as the device computes it; a bare file name lies in `.`. */
function folderOf(path: ByteString): ByteString {
  const slash = path.lastIndexOf('/');
  if (slash === -1) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

function cutAtNul(text: ByteString): ByteString {
  const nul = text.indexOf('\0');
  return nul === -1 ? text : text.slice(0, nul);
}
