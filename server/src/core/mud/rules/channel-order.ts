import { numberParts, soundNumbers } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD046: the mean of ImageNet is known, and so its order. */
export const channelOrder: MudRule = {
  code: 'MUD046',
  stage: 'silent',
  mistakes: [40],
  check(context) {
    const mean = context.item('extra', 'mean');
    const means = soundNumbers(context, mean);
    const input = context.item('extra', 'input_type')?.value.text;
    if (mean === undefined || means?.length !== 3 || (input !== 'rgb' && input !== 'bgr')) return [];
    const order = isNear(means, IMAGENET) ? 'rgb' : isNear(means.toReversed(), IMAGENET) ? 'bgr' : null;
    if (order === null || order === input) return [];
    const message = `This is the mean of ImageNet in ${order.toUpperCase()} order, but the pictures are given to the model as ${input}. Reverse mean and scale, or change \`input_type\`.`;
    const scale = context.item('extra', 'scale');
    const edits = [mean, scale].flatMap((item) => {
      if (item === undefined || soundNumbers(context, item) === null) return [];
      const parts = numberParts(context.tree.text, item.value).map(({ text }) => text);
      return [replace(context, item.value, parts.toReversed().join(', '))];
    });
    return [
      problem(context, 'MUD046', context.chip === 'maixcam2' ? 'information' : 'warning', mean.value, message, [
        preferred('Reverse mean and scale', ...edits),
      ]),
    ];
  },
};

const IMAGENET = [123.675, 116.28, 103.53];

function isNear(values: readonly number[], target: readonly number[]): boolean {
  return values.every((value, index) => Math.abs(value - (target[index] ?? 0)) < 1.5);
}
