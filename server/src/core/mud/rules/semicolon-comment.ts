import type { Severity } from '../../problems/problem';
import type { KeySchema } from '../knowledge/schema';
import { commentStart } from '../value-form';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD013: a `;` behind a value starts no comment: all of it is the value. */
export const semicolonComment: MudRule = {
  code: 'MUD013',
  stage: 'class',
  mistakes: [3],
  check(context) {
    return context.read.flatMap((item) => {
      const schema = context.schema(item);
      if (schema === null || context.form(item) !== 'comment') return [];
      const start = item.value.start + commentStart(item, schema);
      const { severity, effect } = consequence(schema);
      const message = `The board takes \`;\` and what follows for a part of the value${effect}. Write \`#\` instead.`;
      const fix = preferred('Make it a comment with #', replace(context, { start, end: start + 1 }, '#'));
      return [problem(context, 'MUD013', severity, { start, end: item.value.end }, message, [fix])];
    });
  },
};

function consequence(schema: KeySchema): { severity: Severity; effect: string } {
  switch (schema['x-kind']) {
    case 'numbers':
    case 'number':
    case 'integer':
      return { severity: 'information', effect: ' and reads the number only' };
    case 'labels':
      return { severity: 'warning', effect: ', so that the last label is wrong' };
    case 'choice':
    case 'class':
    case 'file':
      return { severity: 'error', effect: ' and refuses it' };
    case 'flag':
    case 'text':
    case 'command':
      return { severity: 'warning', effect: '' };
  }
}
