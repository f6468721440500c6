import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD015: nothing is quoted for the board. */
export const quotedValue: MudRule = {
  code: 'MUD015',
  stage: 'class',
  mistakes: [13],
  check(context) {
    return context.read.flatMap((item) => {
      const schema = context.schema(item);
      if (schema === null || context.form(item) !== 'quoted') return [];
      const kind = schema['x-kind'];
      const isLabels = kind === 'labels';
      const silent = isLabels || kind === 'text' || kind === 'command' || kind === 'flag';
      const bracket = item.value.text.startsWith('[');
      const what = bracket ? 'brackets' : 'quotes';
      const message = `The board takes the ${what} for a part of the value${silent ? '' : ' and refuses it'}. Remove them.`;
      const plain = bracket ? item.value.text.slice(1, -1).trim() : unquoted(item.value.text, isLabels);
      const fix = preferred(`Remove the ${what}`, replace(context, item.value, plain));
      return [problem(context, 'MUD015', silent ? 'warning' : 'error', item.value, message, [fix])];
    });
  },
};

/** Of a list in which each label is quoted, every label loses its quotes. */
function unquoted(text: string, isLabels: boolean): string {
  const inner = text.slice(1, -1);
  const quote = text.slice(0, 1);
  if (!isLabels || !inner.includes(quote)) return inner.trim();
  return text
    .split(',')
    .map((part) => part.trim().replace(/^["']|["']$/g, ''))
    .join(', ');
}
