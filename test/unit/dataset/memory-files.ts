import path from 'node:path';
import type { LanguageFiles } from '../../../server/src/core/language/service';

/** A file system of names: every folder above a file exists. Contents only where they are given. */
export function memoryFiles(
  files: readonly string[],
  folders: readonly string[] = [],
  contents: ReadonlyMap<string, Uint8Array> = new Map(),
): LanguageFiles {
  const inside = new Map<string, Set<string>>();
  const addFolder = (folder: string): void => {
    if (inside.has(folder)) return;
    inside.set(folder, new Set());
    if (folder === '/') return;
    addFolder(path.posix.dirname(folder));
    inside.get(path.posix.dirname(folder))?.add(path.posix.basename(folder));
  };
  folders.forEach(addFolder);
  for (const file of files) {
    addFolder(path.posix.dirname(file));
    inside.get(path.posix.dirname(file))?.add(path.posix.basename(file));
  }
  const known = new Set(files);
  return {
    kind: (at) => {
      const place = at.length > 1 && at.endsWith('/') ? at.slice(0, -1) : at;
      return inside.has(place) ? 'folder' : known.has(place) ? 'file' : 'absent';
    },
    list: (folder) => [...(inside.get(folder) ?? [])].sort(),
    read: (file, limit) => contents.get(file)?.subarray(0, limit) ?? null,
    resolve: (document, written) => path.posix.resolve(path.posix.dirname(document), written),
  };
}

/** The files of a usual dataset below a folder. */
export function usualFiles(folder: string): readonly string[] {
  return ['train', 'val'].flatMap((split) =>
    ['a', 'b'].flatMap((name) => [
      `${folder}/images/${split}/${split}-${name}.jpg`,
      `${folder}/labels/${split}/${split}-${name}.txt`,
    ]),
  );
}
