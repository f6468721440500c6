import { problemAt, quoted, type DatasetRule } from './rule';

/** DATA017: a result that is measured on pictures of the training says nothing about others. */
export const sharedPictures: DatasetRule = {
  code: 'DATA017',
  check(context) {
    const of = (split: string): typeof context.splitPaths =>
      context.splitPaths.filter((path) => path.split === split && path.kind !== 'absent');
    const train = of('train');
    return [...of('val'), ...of('test')].flatMap((path) => {
      const shared = train.find((each) => holds(each.path, path.path) || holds(path.path, each.path));
      if (shared === undefined) return [];
      const how =
        shared.path === path.path
          ? 'is read for `train` too'
          : `shares its pictures with ${quoted(shared.written)} of \`train\``;
      const message = `${quoted(path.written)} ${how}: the model is measured on pictures that it was trained with, and the result is too good. Keep some pictures out of \`train\`.`;
      return [problemAt(context, 'DATA017', 'warning', path.value, message)];
    });
  },
};

function holds(folder: string, path: string): boolean {
  return (
    path === folder ||
    path.startsWith(folder.endsWith('/') || folder.endsWith('\\') ? folder : `${folder}/`) ||
    path.startsWith(`${folder}\\`)
  );
}
