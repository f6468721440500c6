import { soundNumbers } from '../number-text';
import { type MudRule, problem } from './rule';

/** MUD055: anchors are pixels of the model input, small ones first. */
export const anchorUnit: MudRule = {
  code: 'MUD055',
  stage: 'silent',
  mistakes: [51],
  check(context) {
    const item = context.item('extra', 'anchors');
    const values = soundNumbers(context, item);
    if (item === undefined || values === null || context.modelType !== 'yolov5' || values.length % 2 === 1) return [];
    const message = mistakeIn(values);
    return message === null ? [] : [problem(context, 'MUD055', 'warning', item.value, message)];
  },
};

/** What makes these width, height pairs useless to the decoder; null: nothing that shows. */
function mistakeIn(values: readonly number[]): string | null {
  if (values.some((value) => value <= 0)) {
    return 'An anchor without width or height finds nothing. Take the anchors from the model.';
  }
  if (values.every((value) => value <= 1)) {
    return 'The board takes anchors in pixels of the model input; these are shares of it, so every box would be tiny. Multiply the widths by the input width and the heights by its height.';
  }
  const layers = values.length % 6 === 0 ? 3 : 1;
  const size = values.length / layers;
  const areas = Array.from({ length: layers }, (_, layer) => {
    const own = values.slice(layer * size, (layer + 1) * size);
    return own.reduce((sum, value, index) => (index % 2 === 0 ? sum + value * (own[index + 1] ?? 0) : sum), 0);
  });
  if (areas.every((area, index) => index === 0 || area >= (areas[index - 1] ?? 0))) return null;
  return 'The anchors are not ordered by layer: those of the finest grid (stride 8), which are small, come first. In this order boxes get wrong sizes.';
}
