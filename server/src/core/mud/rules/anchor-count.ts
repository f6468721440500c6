import { soundNumbers } from '../number-text';
import { type MudRule, problem } from './rule';

/** MUD054: anchors are pairs; the usual models have three for each of three layers. */
export const anchorCount: MudRule = {
  code: 'MUD054',
  stage: 'class',
  mistakes: [50],
  check(context) {
    const item = context.item('extra', 'anchors');
    const values = soundNumbers(context, item);
    if (item === undefined || values === null || context.modelType !== 'yolov5') return [];
    if (values.length % 2 === 1) {
      return [
        problem(
          context,
          'MUD054',
          'error',
          item.value,
          `YOLOv5 refuses ${values.length} anchors ("anchors value error, should even"): each has a width and a height. Take them from the model.`,
        ),
      ];
    }
    if (values.length % 6 === 0) return [];
    return [
      problem(
        context,
        'MUD054',
        'information',
        item.value,
        `${values.length / 2} anchors are unusual: they are divided evenly among the outputs of the model, which are three for most models (9 anchors).`,
      ),
    ];
  },
};
