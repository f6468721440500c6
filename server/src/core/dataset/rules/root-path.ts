import type { Fix } from '../../problems/problem';
import { problemAt, quoted, removeEntryFix, replaceFix, yamlText, type DatasetContext, type DatasetRule } from './rule';

/** Such a folder exists everywhere. */
const DOTS = /^(?:\.\.?\/?)+$/;

/** DATA009: a relative `path` starts where the training starts, or in the datasets folder, never at this file. */
export const relativeRoot: DatasetRule = {
  code: 'DATA009',
  check(context) {
    const value = context.value('path');
    const entry = context.entry('path');
    if (value?.kind !== 'scalar' || value.type !== 'str' || value.text === '' || entry === undefined) return [];
    if (/^[\\/]|^[A-Za-z]:[\\/]|^~/.test(value.text)) return [];
    const { places } = context;
    const start =
      '`path` is not relative to this file: the trainer looks for it in the folder where it is started, then in its own datasets folder.';
    if (places === null) {
      const message = `${start} Remove \`path\` where the pictures lie beside this file, or make it absolute.`;
      return [problemAt(context, 'DATA009', 'information', value, message)];
    }
    const meant = places.join(places.yamlFolder, value.text);
    const { folder, from } = places.root;
    const found = places.exists(folder);
    const dots = DOTS.test(value.text);
    const same = folder === meant && !dots;
    const leads = found
      ? ` Now it leads to ${quoted(folder)}${from === 'datasets' ? ', in the datasets folder' : ''}.`
      : ` Nothing lies at ${quoted(folder)}.`;
    const message = `${start}${leads} Remove it where the pictures lie beside this file, or make it absolute.`;
    const beside = splitsLieBeside(context);
    const fixes: (Fix | null)[] = [
      beside ? removeEntryFix(context, entry, 'Remove `path`') : null,
      found ? replaceFix(context, `Write path: ${folder}`, value, yamlText(folder), false) : null,
    ];
    return [problemAt(context, 'DATA009', same ? 'information' : 'warning', value, message, fixes)];
  },
};

/** Without `path` the splits that lead somewhere now lead to the same places, and the others lead somewhere. */
function splitsLieBeside(context: DatasetContext): boolean {
  const { places, splitPaths } = context;
  if (places === null || splitPaths.length === 0) return false;
  return splitPaths.every((path) => {
    const beside = places.join(places.yamlFolder, path.written);
    return path.kind === 'absent' ? places.exists(beside) : beside === path.path;
  });
}

/** DATA010: which of two datasets is read depends on where the training starts. */
export const twoRoots: DatasetRule = {
  code: 'DATA010',
  check(context) {
    const value = context.value('path');
    const root = context.places?.root;
    if (value?.kind !== 'scalar' || root === undefined || root.hidden === null || DOTS.test(value.text)) return [];
    const message = `Two folders fit \`path\`: ${quoted(root.folder)} is read, ${quoted(root.hidden)} is read when the training starts in another folder. Make \`path\` absolute.`;
    const fix = replaceFix(context, `Write path: ${root.folder}`, value, yamlText(root.folder), false);
    return [problemAt(context, 'DATA010', 'warning', value, message, [fix])];
  },
};
