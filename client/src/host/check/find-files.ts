import { opendirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../../server/src/core/problems/app-error';

/** A file that is to be checked. */
export interface FoundFile {
  /** As it was given, or below the folder that was given. */
  readonly path: string;
  /** Named by a person, not found in a folder. */
  readonly named: boolean;
}

export interface Search {
  readonly files: readonly FoundFile[];
  /** Paths at which nothing lies. */
  readonly absent: readonly string[];
  /** Folders and files that could not be looked at, with the reason. */
  readonly closed: readonly { readonly path: string; readonly reason: string }[];
  /** False where the search of a folder ended early. */
  readonly complete: boolean;
}

const CHECKED = /\.(?:mud|ya?ml)$/i;
/** Results, packages and histories are nobody's to mend. */
const SKIPPED = new Set(['.maixcam', 'node_modules', '.git', '__pycache__', 'site-packages']);
const MOST_NAMES = 500_000;
const DEEPEST = 32;

/** The files at the paths that a person gave; folders are searched for MUD files and YAML. `cwd` is absolute. */
export function findFiles(given: readonly string[], cwd: string): Search {
  const files = new Map<string, FoundFile>();
  const absent: string[] = [];
  const closed: { path: string; reason: string }[] = [];
  const visited = new Set<string>();
  let names = 0;
  let complete = true;

  const add = (file: string, named: boolean): void => {
    const key = path.resolve(cwd, file);
    if (!files.has(key)) files.set(key, { path: file, named });
  };
  const visit = (folder: string, depth: number): void => {
    let entries: Dirent[];
    try {
      const real = realpathSync(path.resolve(cwd, folder));
      // A link may lead back to a folder that was searched.
      if (visited.has(real)) return;
      visited.add(real);
      entries = namesIn(real, MOST_NAMES - names);
    } catch (thrown) {
      closed.push({ path: folder, reason: reasonOf(thrown) });
      return;
    }
    names += entries.length;
    if (names >= MOST_NAMES || depth > DEEPEST) {
      complete = false;
      return;
    }
    // Packages in a Python environment bring datasets of their own.
    if (entries.some(({ name }) => name === 'pyvenv.cfg')) return;
    const inner: string[] = [];
    for (const entry of entries) {
      const below = path.join(folder, entry.name);
      const isFolder = entry.isSymbolicLink() ? isFolderAt(path.resolve(cwd, below)) : entry.isDirectory();
      if (isFolder) {
        if (!SKIPPED.has(entry.name)) inner.push(below);
      } else if (CHECKED.test(entry.name)) add(below, false);
    }
    for (const below of inner) visit(below, depth + 1);
  };

  for (const each of given) {
    const stats = statOf(path.resolve(cwd, each));
    if (stats === null) absent.push(each);
    else if (stats instanceof Error) closed.push({ path: each, reason: reasonOf(stats) });
    else if (stats.isDirectory()) visit(each, 0);
    else add(each, true);
  }
  return { files: [...files.values()], absent, closed, complete };
}

function isFolderAt(file: string): boolean {
  const stats = statOf(file);
  return stats !== null && !(stats instanceof Error) && stats.isDirectory();
}

function namesIn(folder: string, most: number): Dirent[] {
  const found: Dirent[] = [];
  const entries = opendirSync(folder);
  try {
    for (let entry = entries.readSync(); entry !== null && found.length < most; entry = entries.readSync()) {
      found.push(entry);
    }
  } finally {
    entries.closeSync();
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Null where nothing lies there; the error where it may not be looked at. */
function statOf(file: string): Stats | Error | null {
  try {
    return statSync(file);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : (thrown as Error);
  }
}

function reasonOf(thrown: unknown): string {
  switch ((thrown as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'you are not allowed to read it';
    case 'ENOENT':
      return 'it vanished while it was looked at';
    case 'ELOOP':
      return 'its links lead in a circle';
    default:
      return messageOf(thrown);
  }
}
