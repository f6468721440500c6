import type { LanguageFiles } from '../../language/service';
import { closestWord } from '../../text/closest';

/** Another path that a person may have meant, as it would be written in the document. */
export interface NearPath {
  readonly written: string;
  /** There is one such path, and its name is nearly or exactly the written one. */
  readonly sure: boolean;
}

/** Whether a file or folder is of the kind that is looked for. */
export type Wanted = (name: string, kind: 'file' | 'folder') => boolean;

const MOST_FOLDERS = 40;
const MOST_SHOWN = 4;

/**
 * Paths near one that does not exist, among what lies on the disk: the same path with its typing errors corrected,
 * else files of that name in neighbouring folders, else whatever suits beside the document or around it.
 */
export function nearPaths(
  files: LanguageFiles,
  document: string,
  written: string,
  wanted: Wanted,
): readonly NearPath[] {
  const look = new Look(files, document, wanted);
  const corrected = look.corrected(written.replaceAll('\\', '/'));
  if (corrected !== null) return [{ written: corrected, sure: true }];
  const name = written.split(/[\\/]/).findLast((part) => part !== '' && part !== '..') ?? '';
  const around = look.around();
  const same = around.filter((path) => path.split('/').at(-1)?.toLowerCase() === name.toLowerCase());
  if (same.length > 0) return same.slice(0, MOST_SHOWN).map((path) => ({ written: path, sure: same.length === 1 }));
  const beside = around.filter((path) => !path.includes('/'));
  return (beside.length > 0 ? beside : around).slice(0, MOST_SHOWN).map((path) => ({ written: path, sure: false }));
}

class Look {
  constructor(
    private readonly files: LanguageFiles,
    private readonly document: string,
    private readonly wanted: Wanted,
  ) {}

  /** The path with each part that does not exist replaced by the nearest name in its folder; null where none is near. */
  corrected(written: string): string | null {
    const parts = written.split('/');
    let path = '';
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      const next = index === 0 ? part : `${path}/${part}`;
      const kind = part === '' ? 'folder' : this.kind(next);
      if (kind !== 'absent' && (!last || this.wanted(part, kind))) {
        path = next;
        continue;
      }
      const folder = path === '' ? '.' : path;
      const names = this.names(index === 0 ? '.' : folder).filter((name) => {
        const of = this.kind(index === 0 ? name : `${path}/${name}`);
        return of !== 'absent' && (last ? this.wanted(name, of) : of === 'folder');
      });
      const near = closestWord(part, names);
      if (near === null) return null;
      path = index === 0 ? near : `${path}/${near}`;
    }
    return path === written ? null : path;
  }

  /** What suits in the document's folder, in the folders in it and in the folder above. */
  around(): readonly string[] {
    const found: string[] = [];
    const folders: string[] = [];
    const take = (names: readonly string[], prefix: string, deeper: boolean): void => {
      for (const name of names) {
        const kind = this.kind(prefix + name);
        if (kind === 'absent') continue;
        if (this.wanted(name, kind)) found.push(prefix + name);
        if (kind === 'folder' && deeper && folders.length < MOST_FOLDERS) folders.push(prefix + name);
      }
    };
    take(this.names('.'), '', true);
    for (const folder of folders) take(this.names(folder), `${folder}/`, false);
    take(this.names('..'), '../', false);
    return found;
  }

  private kind(written: string): 'file' | 'folder' | 'absent' {
    return this.files.kind(this.files.resolve(this.document, written));
  }

  private names(written: string): readonly string[] {
    const names = this.files.list(this.files.resolve(this.document, written));
    return [...names].filter((name) => !name.startsWith('.')).sort();
  }
}
