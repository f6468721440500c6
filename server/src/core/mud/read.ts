import { type ByteString } from './bytes';
import { parseIni, type IniErrorCode, type IniSection } from './ini';

/** Error code names of the device's loader (spec mud.md 2.8). */
export type DeviceErrorCode = 'ERR_ARGS' | 'ERR_NOT_FOUND';

export interface DeviceError {
  readonly code: DeviceErrorCode;
  /** The line that the device logs, without its `-- [E] ` prefix. */
  readonly message: string;
}

/** What lies at the path of a MUD. */
export type MudFile =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'directory' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'absent' };

/** Section → key → value, in file order. Names and values are byte strings. */
export type MudItems = ReadonlyMap<ByteString, ReadonlyMap<ByteString, ByteString>>;

export interface MudReading {
  readonly loads: boolean;
  readonly error: DeviceError | null;
  /** The INI parser's return code where that is what failed. */
  readonly iniError: IniErrorCode | null;
  /** `[basic] type` as the loader has stored it; empty where it did not get that far. */
  readonly type: ByteString;
  readonly items: MudItems;
}

const CANNOT_OPEN = 6;

/**
 * Reads a MUD as the device's loader does (spec mud.md 1.1-1.5, 2.1). Whether a *board* accepts the `type` is decided
 * later, by its runtime: see `typeRefusal`.
 *
 * @param path the path as the script passes it: the loader wants `.mud` anywhere in it and prints it in its messages.
 */
export function readMud(path: string, file: MudFile): MudReading {
  if (file.kind === 'absent') return refused('ERR_NOT_FOUND', `model path ${path} not exists`);
  if (!path.includes('.mud')) return refused('ERR_ARGS', `model path ${path} not end with .mud`);
  if (file.kind === 'unreadable') return refused('ERR_ARGS', `parse model ${path} failed, err ${CANNOT_OPEN}`);

  // A directory opens on Linux and reads as nothing.
  const ini = parseIni(file.kind === 'file' ? file.bytes : new Uint8Array(0));
  if (!ini.ok) {
    return { ...refused('ERR_ARGS', `parse model ${path} failed, err ${ini.error}`), iniError: ini.error };
  }
  const type = valueOf(findSection(ini.sections, 'basic'), 'type');
  if (type === undefined) return refused('ERR_ARGS', `parse model ${path} failed, not found type`);

  const { items, complete } = collectItems(ini.sections);
  const error: DeviceError | null = complete
    ? null
    : { code: 'ERR_ARGS', message: `parse model ${path} failed, get keys` };
  return { loads: complete, error, iniError: null, type, items };
}

/**
 * The runtime's message where a board refuses the MUD's `type`, else null (spec mud.md 2.1; the misspelt word is the
 * MaixCAM2 runtime's own).
 */
export function typeRefusal(type: ByteString, board: 'maixcam' | 'maixcam2'): string | null {
  if (type === (board === 'maixcam' ? 'cvimodel' : 'axmodel')) return null;
  return `model type not match, expect ${board === 'maixcam' ? 'cvimodel' : 'cvimoaxmodeldel'}, but ${type}`;
}

/**
 * Copies the sections into the loader's map. The loader lists a section's keys under its name cut at a NUL and then
 * fetches each under the whole name (spec mud.md 0, "1.1"): without a NUL both are the same section.
 */
function collectItems(sections: readonly IniSection[]): { items: MudItems; complete: boolean } {
  const items = new Map<ByteString, Map<ByteString, ByteString>>();
  for (const section of sections) {
    const listed = findSection(sections, cutAtNul(section.name));
    for (const { key } of listed?.items ?? []) {
      const value = valueOf(section, key);
      if (value === undefined) return { items, complete: false };
      const target = items.get(section.name) ?? new Map<ByteString, ByteString>();
      target.set(key, value);
      items.set(section.name, target);
    }
  }
  return { items, complete: true };
}

function findSection(sections: readonly IniSection[], name: ByteString): IniSection | undefined {
  return sections.find((section) => section.name === name);
}

/** The first of a name wins. */
function valueOf(section: IniSection | undefined, key: ByteString): ByteString | undefined {
  return section?.items.find((item) => item.key === key)?.value;
}

function cutAtNul(text: ByteString): ByteString {
  const nul = text.indexOf('\0');
  return nul === -1 ? text : text.slice(0, nul);
}

function refused(code: DeviceErrorCode, message: string): MudReading {
  return { loads: false, error: { code, message }, iniError: null, type: '', items: new Map() };
}
