import { soundNumbers } from '../number-text';
import { type MudRule, problem } from './rule';

/** MUD047: on MaixCAM2 mean and scale are in the axmodel. */
export const idleMean: MudRule = {
  code: 'MUD047',
  stage: 'harmless',
  mistakes: [42],
  check(context) {
    if (context.chip !== 'maixcam2') return [];
    const item = context.item('extra', 'mean') ?? context.item('extra', 'scale');
    if (item === undefined || soundNumbers(context, item) === null) return [];
    const message =
      'On MaixCAM2 `mean` and `scale` have no effect: the conversion has built them into the axmodel. The decoder classes still want the keys.';
    return [problem(context, 'MUD047', 'hint', item.key, message)];
  },
};
