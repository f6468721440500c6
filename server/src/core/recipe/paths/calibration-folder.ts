import { problemAt } from '../rules/rule';
import type { Wanted } from './near-path';
import { lookedFor, pathProblem, writtenPath, type PathRule } from './rule';

const KEY = ['convert', 'calibration', 'folder'];
const isFolder: Wanted = (_name, kind) => kind === 'folder';

/** Pictures that the converter reads (spec conversion.md 1.3). */
const PICTURE = /\.(?:jpe?g|png|bmp)$/i;

/** RECIPE027: the folder of calibration pictures is not there; the conversion would stop. */
export const calibrationFolder: PathRule = {
  code: 'RECIPE027',
  check(context) {
    const path = writtenPath(context, KEY);
    if (path?.kind !== 'absent') return [];
    const message = `The folder \`${path.written}\` does not exist${lookedFor(path)}. Write the path of a folder of pictures relative to this file, or leave \`folder\` out to use the training pictures.`;
    return [pathProblem(context, 'RECIPE027', path, message, isFolder)];
  },
};

/** RECIPE028 for calibration: a file is no folder of pictures. */
export const calibrationKind: PathRule = {
  code: 'RECIPE028',
  check(context) {
    const path = writtenPath(context, KEY);
    if (path?.kind !== 'file') return [];
    const message = `\`${path.written}\` is a file. \`convert.calibration.folder\` is a folder of pictures.`;
    return [pathProblem(context, 'RECIPE028', path, message, isFolder)];
  },
};

/** RECIPE016: a folder without pictures that the converter reads. Folders in it are searched too, so they may hold some. */
export const calibrationPictures: PathRule = {
  code: 'RECIPE016',
  check(context) {
    const path = writtenPath(context, KEY);
    if (path?.kind !== 'folder') return [];
    const names = context.files.list(path.absolute);
    const mayHold = (name: string): boolean =>
      PICTURE.test(name) || context.files.kind(context.files.resolve(path.absolute + '/x', name)) === 'folder';
    if (names.some(mayHold)) return [];
    const message = `The folder \`${path.written}\` holds no pictures that the converter reads (.jpg, .png, .bmp). Put some there, or leave \`folder\` out to use the training pictures.`;
    return [problemAt(context, 'RECIPE016', path.place, message)];
  },
};
