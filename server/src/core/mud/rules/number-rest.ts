import { numberParts } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD041: what follows a number is dropped without a message. */
export const numberRest: MudRule = {
  code: 'MUD041',
  stage: 'silent',
  mistakes: [3],
  check(context) {
    return context.read.flatMap((item) => {
      if (context.schema(item)?.['x-kind'] !== 'numbers' || context.form(item) !== null) return [];
      const parts = numberParts(context.tree.text, item.value);
      // Separators and fractions have rules of their own.
      if (!item.value.text.includes(',') && /[\d.]\s*[\s;|，、]\s*[+-]?[\d.]/.test(item.value.text)) return [];
      return parts.flatMap((part) => {
        if (part.value === null || part.rest === '' || /^\s*\//.test(part.rest)) return [];
        const at = { start: part.end - part.rest.length, end: part.end };
        const message = `The board reads ${part.value} here and ignores \`${part.rest.trim()}\`. Correct the number.`;
        const fixes = /^[\s]*[.\d]/.test(part.rest)
          ? []
          : [preferred(`Write ${part.text.slice(0, part.text.length - part.rest.length)}`, replace(context, at, ''))];
        return [problem(context, 'MUD041', 'warning', at, message, fixes)];
      });
    });
  },
};
