import { numberParts, soundNumbers } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD040: `0,0039` is two numbers. */
export const decimalComma: MudRule = {
  code: 'MUD040',
  stage: 'inference',
  mistakes: [35],
  check(context) {
    return ['mean', 'scale', 'rec_mean', 'rec_scale'].flatMap((key) => {
      const item = context.item('extra', key);
      if (item === undefined || soundNumbers(context, item) === null) return [];
      const parts = numberParts(context.tree.text, item.value).map(({ text }) => text);
      // Pairs of a whole number and digits: 0,00392 or 123,675.
      const pairs = parts.length / 2;
      const fits =
        (pairs === 1 || pairs === 3) &&
        parts.every((text, index) => (index % 2 === 0 ? /^\d{1,3}$/.test(text) : /^\d{2,}$/.test(text)));
      if (!fits) return [];
      const numbers = Array.from(
        { length: pairs },
        (_, index) => `${parts[2 * index] ?? ''}.${parts[2 * index + 1] ?? ''}`,
      ).join(', ');
      const message = `A comma separates numbers, so the board reads ${parts.length} numbers here. Write decimal points: \`${numbers}\`.`;
      return [
        problem(context, 'MUD040', context.chip === 'maixcam2' ? 'information' : 'error', item.value, message, [
          preferred(`Write ${numbers}`, replace(context, item.value, numbers)),
        ]),
      ];
    });
  },
};
