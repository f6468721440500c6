import { usualFolder } from '../split-folders';
import { addLineFix, problemAt, replaceFix, yamlText, type DatasetRule } from './rule';

/** DATA004: both keys must be there; the trainer looks for them before anything else. */
export const missingSplit: DatasetRule = {
  code: 'DATA004',
  check(context) {
    const needed = [
      { key: 'train' as const, is: context.entry('train') },
      { key: 'val' as const, is: context.entry('val') ?? context.entry('validation') },
    ];
    return needed.flatMap(({ key, is }) => {
      // `valid` has a problem of its own, which mends this one.
      if (is !== undefined || (key === 'val' && context.entry('valid') !== undefined)) return [];
      const about = key === 'train' ? 'the pictures to train with' : 'the pictures that the training is measured on';
      const message = `\`${key}\` is missing: the training stops at once. It names the folder of ${about}.`;
      const folder = usualFolder(context, key);
      const fix =
        folder === null ? null : addLineFix(context, `Add ${key}: ${folder}`, `${key}: ${yamlText(folder)}`, true);
      return [problemAt(context, 'DATA004', 'error', null, message, [fix])];
    });
  },
};

/** DATA005: `valid` is an alias only for folders of pictures to classify. */
export const validKey: DatasetRule = {
  code: 'DATA005',
  check(context) {
    const entry = context.entry('valid');
    if (entry === undefined) return [];
    if (context.entry('val') !== undefined || context.entry('validation') !== undefined) return [];
    const message = 'The trainer does not read `valid` and stops because `val` is missing. Write `val`.';
    return [
      problemAt(context, 'DATA005', 'error', entry.key, message, [
        replaceFix(context, 'Rename to val', entry.key, 'val'),
      ]),
    ];
  },
};

/** DATA006: the old name, still read where `val` is absent. */
export const validationKey: DatasetRule = {
  code: 'DATA006',
  check(context) {
    const entry = context.entry('validation');
    if (!entry?.own) return [];
    if (context.entry('val') !== undefined) {
      const message = '`val` stands in this file too, so nothing reads `validation`. Remove one of the two.';
      return [problemAt(context, 'DATA006', 'information', entry.key, message)];
    }
    const message = '`validation` is the old name of `val`: the trainer renames it and warns. Write `val`.';
    const fix = replaceFix(context, 'Rename to val', entry.key, 'val');
    return [problemAt(context, 'DATA006', 'information', entry.key, message, [fix])];
  },
};
