import { readFileSync, statSync, type Stats } from 'node:fs';
import type { ByteString } from '../core/mud/bytes';
import type { FileProbe } from '../core/mud/labels';
import type { MudFile } from '../core/mud/read';

/** Looks at files on this machine; names are bytes, as on the board. */
export const fileProbe: FileProbe = {
  isFile: (path) => statsOf(path)?.isFile() === true,
  isFolder: (path) => statsOf(path)?.isDirectory() === true,
  read: (path) => readFileSync(Buffer.from(path, 'latin1')),
};

/** Undefined also where a part of the path is a file or must not be entered. */
function statsOf(path: ByteString): Stats | undefined {
  try {
    return statSync(Buffer.from(path, 'latin1'));
  } catch {
    return undefined;
  }
}

/** What lies at a path, in the terms of the device's loader. */
export function probeMud(path: string): MudFile {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: 'absent' };
    if (stats.isDirectory()) return { kind: 'directory' };
    // Reading a pipe would wait for a writer without end.
    return stats.isFile() ? { kind: 'file', bytes: readFileSync(path) } : { kind: 'unreadable' };
  } catch {
    return { kind: 'unreadable' };
  }
}
