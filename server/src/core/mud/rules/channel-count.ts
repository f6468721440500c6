import type { Problem } from '../../problems/problem';
import type { MudContext } from '../context';
import { floatText, soundNumbers } from '../number-text';
import type { MudItem } from '../tree';
import { insertLines, preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD042: one number or one for each channel, as many means as scales; checked at the first picture. */
export const channelCount: MudRule = {
  code: 'MUD042',
  stage: 'inference',
  mistakes: [36, 67],
  check(context) {
    if (context.chip === 'maixcam2') return [];
    const severity = context.chip === 'maixcam' ? 'error' : 'warning';
    return [['mean', 'scale'] as const, ['rec_mean', 'rec_scale'] as const].flatMap(([meanKey, scaleKey]) => {
      const mean = context.item('extra', meanKey);
      const scale = context.item('extra', scaleKey);
      const only = mean ?? scale;
      if (only === undefined) return [];
      if (mean === undefined || scale === undefined) return unpaired(context, only, meanKey, scaleKey);
      const means = soundNumbers(context, mean);
      const scales = soundNumbers(context, scale);
      if (means === null || scales === null) return [];
      const gray = context.item('extra', 'input_type')?.value.text === 'gray';
      const allowed = gray ? [1] : [1, 3];
      const count = gray ? 'one number for a gray picture' : 'one number, or three';
      const wrong = [mean, scale].filter((_, index) => !allowed.includes([means, scales][index]?.length ?? 0));
      if (wrong.length > 0) {
        return wrong.map((item) => {
          const values = item === mean ? means : scales;
          const same = new Set(values).size === 1 && gray;
          const fixes = same
            ? [preferred('Keep one number', replace(context, item.value, floatText(values[0] ?? 0)))]
            : [];
          return problem(
            context,
            'MUD042',
            severity,
            item.value,
            `The first picture stops the program: \`${item.key.text}\` has ${values.length} numbers, the board takes ${count}.`,
            fixes,
          );
        });
      }
      if (means.length === scales.length) return [];
      const short = means.length < scales.length ? mean : scale;
      const text = short.value.text;
      const message = `The first picture stops the program ("scale or mean size not match"): \`${short.key.text}\` has one number, the other list three. Write it three times.`;
      return [
        problem(context, 'MUD042', severity, short.value, message, [
          preferred('Write it for each channel', replace(context, short.value, `${text}, ${text}, ${text}`)),
        ]),
      ];
    });
  },
};

/** Classes that need both say so at load; for the others the one alone stops the first picture. */
function unpaired(context: MudContext, item: MudItem, meanKey: string, scaleKey: string): Problem[] {
  const { modelClass } = context;
  const missing = item.key.text === meanKey ? scaleKey : meanKey;
  const isOptional = modelClass?.optional?.includes(missing) === true && context.modelType !== 'yolo26';
  if (!isOptional || context.meant('extra', missing)) return [];
  const message = `With \`${item.key.text}\` alone the board stops ("mean and scale"). Give \`${missing}\` too, or neither.`;
  return [
    problem(context, 'MUD042', 'error', item.key, message, [
      preferred(
        `Add ${missing} = ${missing.endsWith('mean') ? 0 : 1}`,
        insertLines(context, 'extra', [
          `${missing} = ${item.value.text
            .split(',')
            .map(() => (missing.endsWith('mean') ? '0' : '1'))
            .join(', ')}`,
        ]),
      ),
    ]),
  ];
}
