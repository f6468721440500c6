import { countPictures } from '../pictures';
import { problemAt, quoted, type DatasetRule } from './rule';

/** DATA019: only a folder called `images` makes the trainer look in `labels`; else it looks beside the pictures. */
export const labelPlace: DatasetRule = {
  code: 'DATA019',
  check(context) {
    const { places } = context;
    if (places === null) return [];
    return context.splitPaths.flatMap((path) => {
      if (path.kind !== 'folder') return [];
      if (path.path.split(/[\\/]/).includes('images')) return [];
      const inside = places.files.list(path.path);
      if (inside.includes('images') || countPictures(places.files, path.path, 1).pictures === 0) return [];
      // Labels beside the pictures work, whatever the folder's name.
      const beside = inside.some((name) => name.endsWith('.txt'));
      const message = beside
        ? `No folder of ${quoted(path.written)} is called \`images\`, so labels are looked for beside the pictures, never in a \`labels\` folder.`
        : `No folder of ${quoted(path.written)} is called \`images\`, so labels are looked for beside the pictures, where there are none: the training sees no objects. Rename the folder to \`images\`, with \`labels\` beside it.`;
      return [problemAt(context, 'DATA019', 'warning', path.value, message)];
    });
  },
};
