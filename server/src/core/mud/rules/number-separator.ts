import { numberParts } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD039: numbers are separated by commas; of `0 0 0` the board reads the first only. */
export const numberSeparator: MudRule = {
  code: 'MUD039',
  stage: 'inference',
  mistakes: [33],
  check(context) {
    return context.read.flatMap((item) => {
      if (context.schema(item)?.['x-kind'] !== 'numbers' || context.form(item) !== null) return [];
      const { text } = item.value;
      const words = text.split(/[\s;|，、]+/).filter((word) => word !== '');
      if (text.includes(',') || words.length < 2) return [];
      const numbers = words.join(', ');
      const parts = numberParts(numbers, { start: 0, end: numbers.length, text: numbers });
      if (!parts.every(({ value, rest }) => value !== null && rest === '')) return [];
      const message = `The board separates numbers by commas only and reads one number here, ${words[0] ?? ''}. Put commas between them.`;
      return [
        problem(
          context,
          'MUD039',
          context.chip === 'maixcam2' && item.key.text !== 'anchors' ? 'information' : 'warning',
          item.value,
          message,
          [preferred('Put commas between the numbers', replace(context, item.value, numbers))],
        ),
      ];
    });
  },
};
