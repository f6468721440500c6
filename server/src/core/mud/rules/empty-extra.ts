import { itemsOf } from '../tree';
import { insertLines, offered } from './edits';
import { type MudRule, problem } from './rule';

/** MUD027: MaixCAM2's runtime looks `[extra]` up and throws ("map::at") where it has no key. */
export const emptyExtra: MudRule = {
  code: 'MUD027',
  stage: 'runtime',
  mistakes: [24],
  check(context) {
    if (context.chip !== 'maixcam2' || itemsOf(context.tree, 'extra').length > 0) return [];
    const message =
      'MaixCAM2 cannot load the model: `[extra]` has no key (its runtime throws "map::at"). Add the section with the keys of the decoder class.';
    const fix = offered('Add model_type = yolo11', insertLines(context, 'extra', ['model_type = yolo11']));
    return [problem(context, 'MUD027', 'error', context.placeOf('extra'), message, [fix])];
  },
};
