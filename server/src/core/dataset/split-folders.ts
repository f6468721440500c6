import { countPictures } from './pictures';
import type { SplitKey } from './places';
import type { DatasetContext } from './rules/rule';

/** Folders in which tools put the pictures of a split. */
const USUAL: Readonly<Record<SplitKey, readonly string[]>> = {
  train: ['images/train', 'train/images', 'images/training', 'train'],
  val: ['images/val', 'val/images', 'valid/images', 'images/valid', 'images/validation', 'val', 'valid'],
  test: ['images/test', 'test/images', 'test'],
  minival: ['images/minival'],
};

/** The usual folder with pictures below the dataset's root that no other split has; null where there is none. */
export function usualFolder(context: DatasetContext, split: SplitKey): string | null {
  const { places } = context;
  if (places === null) return null;
  const taken = new Set(context.splitPaths.filter((each) => each.split !== split).map(({ path }) => path));
  const found = USUAL[split].find((folder) => {
    const path = places.join(places.root.folder, folder);
    return (
      !taken.has(path) && places.files.kind(path) === 'folder' && countPictures(places.files, path, 1).pictures > 0
    );
  });
  return found ?? null;
}
