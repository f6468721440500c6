import { floatText, numberParts } from '../number-text';
import { offered, preferred, removeLines, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD034: the board knows the factor `scale`, not the deviation `std`. */
export const scaleStd: MudRule = {
  code: 'MUD034',
  stage: 'class',
  mistakes: [17],
  check(context) {
    const item = context.item('extra', 'std');
    if (item === undefined) return [];
    const scale = context.item('extra', 'scale');
    if (scale !== undefined) {
      const message = 'The board does not read `std`; it multiplies by `scale`. Remove this key.';
      return [
        problem(context, 'MUD034', 'hint', item.key, message, [offered('Remove it', removeLines(context, item.line))]),
      ];
    }
    const needed = context.modelClass?.required.includes('scale') === true;
    const parts = numberParts(context.tree.text, item.value);
    const values = parts.map(({ value }) => value);
    const message = `The board does not read \`std\`${needed ? ` and stops because \`scale\` is missing` : ''}. Write \`scale\` with 1/std for each channel.`;
    if (!values.every((value): value is number => value !== null && value > 0))
      return [problem(context, 'MUD034', needed ? 'error' : 'warning', item.key, message)];
    const factor = values.every((value) => value <= 1) ? 255 : 1;
    const scales = values.map((value) => floatText(1 / (value * factor))).join(', ');
    const fix = preferred(
      `Write scale = ${scales}`,
      replace(context, { start: item.key.start, end: item.value.end }, `scale = ${scales}`),
    );
    return [problem(context, 'MUD034', needed ? 'error' : 'warning', item.key, message, [fix])];
  },
};
