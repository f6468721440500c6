import { changeFix } from '../fixes/recipe-edit';
import { problemAt, type RecipeRule } from './rule';

/** RECIPE019: trained weights have the width that they were trained with; another width cannot load them. */
export const widthWeights: RecipeRule = {
  code: 'RECIPE019',
  check(context) {
    const width = context.written(['train', 'width']);
    const model = context.value(['train', 'model']);
    if (width?.node.type !== 'number' || typeof model !== 'string' || !model.toLowerCase().endsWith('.pt')) return [];
    const message = `\`train.width\` cannot change a model that starts from trained weights (\`${model}\`). Remove \`width\`, or write the model's name without .pt to start from nothing.`;
    const fixes = [
      ...changeFix(context.text, context.lines, 'Remove width', [[['train', 'width'], undefined]]),
      ...changeFix(context.text, context.lines, 'Start from nothing', [[['train', 'model'], model.slice(0, -3)]]),
    ];
    return [problemAt(context, 'RECIPE019', width, message, { atKey: true, fixes })];
  },
};
