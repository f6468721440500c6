import { countPictures, PICTURE_SUFFIXES } from '../pictures';
import { problemAt, quoted, replaceFix, splitSeverity, yamlText, type DatasetRule } from './rule';

/** DATA018: a folder without pictures stops the training. */
export const noPictures: DatasetRule = {
  code: 'DATA018',
  check(context) {
    const { places } = context;
    if (places === null) return [];
    return context.splitPaths.flatMap((path) => {
      const severity = splitSeverity(path.split);
      if (path.kind !== 'folder') return [];
      const { pictures, complete, others } = countPictures(places.files, path.path, 1);
      if (pictures > 0 || !complete) return [];
      const found = others.length === 0 ? 'it is empty' : `it holds ${others.join(', ')} files`;
      const message = `The trainer finds no picture in ${quoted(path.written)} (${found}) and stops. It reads ${PICTURE_SUFFIXES.join(', ')}.`;
      // `labels/train` instead of `images/train` is the usual slip.
      const better = path.written.replace(/(^|\/)labels(?=\/|$)/, '$1images');
      const there = places.join(places.root.folder, better);
      const fix =
        better !== path.written &&
        places.files.kind(there) === 'folder' &&
        countPictures(places.files, there, 1).pictures > 0
          ? replaceFix(context, `Write ${better}`, path.value, yamlText(better))
          : null;
      return [problemAt(context, 'DATA018', severity, path.value, message, [fix])];
    });
  },
};
