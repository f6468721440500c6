import { closestWord } from '../text/closest';
import { isPictureName } from './pictures';
import type { DatasetPlaces } from './places';

const DEEPEST = 12;

/**
 * The existing path that a person most likely meant by one that does not exist: each part that is not there is
 * replaced by the name in that folder which is nearest. Null where nothing is near.
 */
export function nearestPath(places: DatasetPlaces, root: string, written: string): string | null {
  const parts = written.split('/');
  if (parts.length > DEEPEST || places.files.kind(root) !== 'folder') return null;
  let changed = false;
  const found: string[] = [];
  for (const part of parts) {
    const folder = places.join(root, found.length === 0 ? '.' : found.join('/'));
    const candidate = [...found, part].join('/');
    if (part === '' || part === '.' || part === '..' || places.exists(places.join(root, candidate))) {
      found.push(part);
      continue;
    }
    const names = places.files.list(folder).filter((name) => !name.startsWith('.') && !isPictureName(name));
    const near = names.find((name) => name.toLowerCase() === part.toLowerCase()) ?? closestWord(part, names);
    if (near === null) return null;
    found.push(near);
    changed = true;
  }
  const result = found.join('/');
  return changed && places.exists(places.join(root, result)) ? result : null;
}
