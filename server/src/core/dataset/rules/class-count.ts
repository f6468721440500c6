import { classCount } from '../class-count';
import { problemAt, removeEntryFix, replaceFix, type DatasetRule } from './rule';

/** DATA021: both counts must agree. */
export const countMismatch: DatasetRule = {
  code: 'DATA021',
  check(context) {
    const names = context.value('names');
    const nc = context.value('nc');
    const entry = context.entry('nc');
    const count = nc === undefined ? null : classCount(nc);
    if (names === undefined || names.kind === 'scalar' || nc === undefined || count === null || entry === undefined)
      return [];
    const given = context.classes?.length ?? (names.kind === 'list' ? names.items.length : names.entries.length);
    // An empty `names` has a problem of its own.
    if (given === count || given === 0) return [];
    const message = `\`nc\` is ${count}, but \`names\` has ${given === 1 ? '1 class' : `${given} classes`}: the training stops. \`nc\` is not needed beside \`names\`.`;
    const fixes = [
      // A name may be missing as well as a number be wrong.
      removeEntryFix(context, entry, 'Remove `nc`', false),
      replaceFix(context, `Write nc: ${given}`, nc, String(given), given > count),
    ];
    return [problemAt(context, 'DATA021', 'error', nc, message, fixes)];
  },
};

/** DATA022: `"2"` and `2.0` are taken by new releases only; fractions, zero and words by none. */
export const countForm: DatasetRule = {
  code: 'DATA022',
  check(context) {
    const nc = context.value('nc');
    if (nc === undefined) return [];
    if (nc.kind === 'scalar' && nc.type === 'int' && Number(nc.value) >= 1) return [];
    const count = classCount(nc);
    const fix = count !== null && count >= 1 ? replaceFix(context, `Write nc: ${count}`, nc, String(count)) : null;
    if (fix !== null) {
      const message = `\`nc\` is not written as a whole number: older releases of Ultralytics stop here. Write ${count ?? ''}.`;
      return [problemAt(context, 'DATA022', 'warning', nc, message, [fix])];
    }
    const message =
      '`nc` must be a whole number of at least 1; the training stops. Write the number of classes, or remove it beside `names`.';
    return [problemAt(context, 'DATA022', 'error', nc, message)];
  },
};
