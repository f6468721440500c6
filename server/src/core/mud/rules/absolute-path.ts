import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD025: for all keys but the model's, the board puts the MUD's folder before the value. */
export const absolutePath: MudRule = {
  code: 'MUD025',
  stage: 'class',
  mistakes: [23],
  check(context) {
    return context.read.flatMap((item) => {
      const schema = context.schema(item);
      const { text } = item.value;
      if (schema?.['x-path'] !== 'beside' || !text.startsWith('/') || text.includes(',')) return [];
      const isLabels = schema['x-kind'] === 'labels';
      const name = text.slice(text.lastIndexOf('/') + 1);
      const effect = isLabels
        ? 'does not find the file and takes the path for the only label'
        : 'does not find the file';
      const message = `The board always puts the folder of the MUD before \`${item.key.text}\`, so it ${effect}. Put the file beside the MUD and write its name.`;
      const fixes = name === '' ? [] : [preferred(`Write ${name}`, replace(context, item.value, name))];
      return [problem(context, 'MUD025', isLabels ? 'warning' : 'error', item.value, message, fixes)];
    });
  },
};
