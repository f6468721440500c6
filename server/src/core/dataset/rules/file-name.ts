import { problemAt, type DatasetRule } from './rule';

/** DATA003: the trainer refuses other suffixes before it reads the file. */
export const fileName: DatasetRule = {
  code: 'DATA003',
  check(context) {
    const name = context.path.split(/[\\/]/).at(-1) ?? '';
    if (/\.ya?ml$/.test(name)) return [];
    if (/\.ya?ml$/i.test(name)) {
      const message =
        'The suffix has capital letters: Ultralytics 8.3 and older do not take the file for YAML and stop. Rename it to .yaml.';
      return [problemAt(context, 'DATA003', 'information', null, message)];
    }
    const message =
      'The trainer reads a dataset only from a file that ends in .yaml or .yml, and stops here. Rename it.';
    return [problemAt(context, 'DATA003', 'error', null, message)];
  },
};
