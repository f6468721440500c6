import type { LanguageFiles } from '../language/service';

/** What the newest release reads, lower case (spec dataset-and-training.md 2.1). */
export const PICTURE_SUFFIXES = [
  'avif',
  'bmp',
  'dng',
  'heic',
  'heif',
  'jp2',
  'jpeg',
  'jpg',
  'mpo',
  'png',
  'tif',
  'tiff',
  'webp',
] as const;

const PICTURE = new RegExp(`\\.(?:${PICTURE_SUFFIXES.join('|')})$`, 'i');

/** Whether the trainer takes a file of this name for a picture. */
export function isPictureName(name: string): boolean {
  return PICTURE.test(name) && !name.startsWith('.');
}

/** The same for a path; a picture in a hidden folder counts where a list names it. */
export function isPicturePath(path: string): boolean {
  return isPictureName(path.split(/[\\/]/).at(-1) ?? '');
}

export interface PictureCount {
  readonly pictures: number;
  /** False where the search ended early: there may be more. */
  readonly complete: boolean;
  /** Suffixes of the other files, the first few, lower case. */
  readonly others: readonly string[];
}

/** Limits of a search that must not hold up an editor. */
const MOST_NAMES = 20_000;
const MOST_FOLDERS = 64;
const DEEPEST = 6;
const OTHERS_SHOWN = 5;

/**
 * Counts the pictures in a folder and the folders inside it, as the trainer finds them (dot names are skipped), up to
 * `enough` pictures and a bounded number of names.
 */
export function countPictures(files: LanguageFiles, folder: string, enough = Infinity): PictureCount {
  let pictures = 0;
  let names = 0;
  let folders = 0;
  let complete = true;
  const others = new Set<string>();

  const visit = (path: string, depth: number): void => {
    folders += 1;
    const inner: string[] = [];
    for (const name of files.list(path)) {
      names += 1;
      if (pictures >= enough || names > MOST_NAMES) {
        complete = false;
        return;
      }
      if (name.startsWith('.')) continue;
      if (isPictureName(name)) pictures += 1;
      else if (/\.[A-Za-z]\w{0,4}$/.test(name)) others.add(name.slice(name.lastIndexOf('.')).toLowerCase());
      else inner.push(name);
    }
    for (const name of inner) {
      if (folders >= MOST_FOLDERS || depth >= DEEPEST) {
        complete = false;
        return;
      }
      const path2 = `${path}/${name}`;
      if (files.kind(path2) === 'folder') visit(path2, depth + 1);
    }
  };
  visit(folder, 0);
  return { pictures, complete, others: [...others].slice(0, OTHERS_SHOWN) };
}
