import { numberParts } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD037: a part of a list in which the board finds no number ("value error, should float"). */
export const numberList: MudRule = {
  code: 'MUD037',
  stage: 'class',
  mistakes: [32],
  check(context) {
    return context.read.flatMap((item) => {
      if (context.schema(item)?.['x-kind'] !== 'numbers' || context.form(item) !== null) return [];
      const parts = numberParts(context.tree.text, item.value);
      const bad = parts.find(({ value }) => value === null);
      if (bad === undefined) return [];
      const { text } = item.value;
      const message =
        text === ''
          ? `\`${item.key.text}\` is empty: the board stops with "value error, should float". Write a number, or one for each channel.`
          : `The board finds no number ${bad.text === '' ? 'between the commas' : `in \`${shortened(bad.text)}\``} and stops with "value error, should float". Write numbers with commas between them.`;
      const mended = text
        .replace(/^[[({]\s*|\s*[\])}]$/g, '')
        .split(/\s*,\s*/)
        .filter((part) => part !== '')
        .join(', ');
      const whole = numberParts(mended, { start: 0, end: mended.length, text: mended });
      const fixes =
        mended !== '' && whole.every(({ value, rest }) => value !== null && rest === '')
          ? [preferred(`Write ${shortened(mended)}`, replace(context, item.value, mended))]
          : [];
      const at = text === '' ? item.key : bad.text === '' ? item.value : bad;
      return [problem(context, 'MUD037', 'error', at, message, fixes)];
    });
  },
};

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
