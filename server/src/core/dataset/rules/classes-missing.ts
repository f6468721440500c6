import { problemAt, type DatasetRule } from './rule';

/** DATA020: without classes the training stops; a key without a value counts as absent. */
export const classesMissing: DatasetRule = {
  code: 'DATA020',
  check(context) {
    const names = context.value('names');
    if (names === undefined && context.value('nc') === undefined) {
      const place = context.entry('names')?.key ?? context.entry('nc')?.key ?? null;
      const message =
        'The file names no classes, so the training stops. Add `names`: a list, in the order of the class numbers in the labels.';
      return [problemAt(context, 'DATA020', 'error', place, message)];
    }
    const empty =
      (names?.kind === 'list' && names.items.length === 0) || (names?.kind === 'map' && names.entries.length === 0);
    if (names === undefined || !empty) return [];
    const message = '`names` is empty: a dataset needs at least one class, and the training stops.';
    return [problemAt(context, 'DATA020', 'error', names, message)];
  },
};
