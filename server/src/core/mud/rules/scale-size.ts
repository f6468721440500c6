import { floatText, soundNumbers } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD044: pixels are 0 to 255, so a scale is small; a large one is a standard deviation. */
export const scaleSize: MudRule = {
  code: 'MUD044',
  stage: 'silent',
  mistakes: [38],
  check(context) {
    return ['scale', 'rec_scale'].flatMap((key) => {
      const item = context.item('extra', key);
      const values = soundNumbers(context, item);
      if (item === undefined || values === null || values.includes(0)) return [];
      const severity = context.chip === 'maixcam2' ? 'information' : 'warning';
      if (values.some((value) => value < 0)) {
        return [
          problem(
            context,
            'MUD044',
            severity,
            item.value,
            'A negative scale inverts the picture. Write 1/std, a positive number.',
          ),
        ];
      }
      // 1 means that the model takes pixels as they are.
      if (values.every((value) => value === 1 || value <= 0.1)) return [];
      const std = values.every((value) => value > 20)
        ? 1
        : values.every((value) => value > 0.1 && value < 1)
          ? 255
          : null;
      const message =
        'Pixels are numbers from 0 to 255: with a scale this large the model sees nothing but its limits. The board multiplies, so write 1/std.';
      const mended = std === null ? null : values.map((value) => floatText(1 / (value * std))).join(', ');
      const fixes = mended === null ? [] : [preferred(`Write ${mended}`, replace(context, item.value, mended))];
      return [problem(context, 'MUD044', severity, item.value, message, fixes)];
    });
  },
};
