import { problemAt, quoted, replaceFix, type DatasetRule } from './rule';

/** DATA034: the number sets the model's first layer; nothing checks it before the model is built. */
export const channels: DatasetRule = {
  code: 'DATA034',
  check(context) {
    const value = context.value('channels');
    if (value === undefined) return [];
    if (value.kind === 'scalar' && value.type === 'int' && Number(value.value) >= 1) {
      const count = Number(value.value);
      if (count === 3 || count === 1) return [];
      const message = `\`channels: ${count}\` makes a model that takes multispectral pictures; a camera of a board gives 3 channels. Remove it for ordinary pictures.`;
      return [problemAt(context, 'DATA034', 'warning', value, message)];
    }
    const written = value.kind === 'scalar' ? quoted(value.text) : 'a group';
    const message = `\`channels\` must be a whole number of at least 1, not ${written}: the model cannot be built. Write 3, or remove it.`;
    return [
      problemAt(context, 'DATA034', 'error', value, message, [
        replaceFix(context, 'Write channels: 3', value, '3', false),
      ]),
    ];
  },
};
