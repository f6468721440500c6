import { soundNumbers } from '../number-text';
import { offered, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD043: the runtime refuses to erase the picture. */
export const zeroScale: MudRule = {
  code: 'MUD043',
  stage: 'inference',
  mistakes: [37],
  check(context) {
    if (context.chip === 'maixcam2') return [];
    return ['scale', 'rec_scale'].flatMap((key) => {
      const item = context.item('extra', key);
      if (item === undefined || soundNumbers(context, item)?.includes(0) !== true) return [];
      const message = `The first picture stops the program: a scale of 0 is refused. For pixels from 0 to 1 write 0.00392156862745098 (1/255).`;
      const fixes = [
        offered(
          'Write 1/255',
          replace(
            context,
            item.value,
            soundNumbers(context, item)
              ?.map(() => '0.00392156862745098')
              .join(', ') ?? '',
          ),
        ),
      ];
      return [problem(context, 'MUD043', context.chip === 'maixcam' ? 'error' : 'warning', item.value, message, fixes)];
    });
  },
};
