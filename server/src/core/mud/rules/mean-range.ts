import { floatText, soundNumbers } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD045: mean is subtracted from pixels of 0 to 255, before they are scaled. */
export const meanRange: MudRule = {
  code: 'MUD045',
  stage: 'silent',
  mistakes: [39],
  check(context) {
    return [['mean', 'scale'] as const, ['rec_mean', 'rec_scale'] as const].flatMap(([meanKey, scaleKey]) => {
      const item = context.item('extra', meanKey);
      const means = soundNumbers(context, item);
      const scales = soundNumbers(context, context.item('extra', scaleKey));
      if (item === undefined || means === null || scales === null) return [];
      if (!means.every((mean) => mean > 0 && mean <= 1) || !scales.every((scale) => scale > 0.003 && scale < 0.03))
        return [];
      const mended = means.map((mean) => floatText(Math.round(mean * 255 * 1e4) / 1e4)).join(', ');
      const message = `The board subtracts the mean from pixels of 0 to 255: ${item.value.text} is next to nothing. Write it in this range.`;
      return [
        problem(context, 'MUD045', context.chip === 'maixcam2' ? 'information' : 'warning', item.value, message, [
          preferred(`Write ${mended}`, replace(context, item.value, mended)),
        ]),
      ];
    });
  },
};
