import { floatText, numberParts } from '../number-text';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD038: the board reads `1/255` as 1. */
export const fraction: MudRule = {
  code: 'MUD038',
  stage: 'silent',
  mistakes: [34],
  check(context) {
    return context.read.flatMap((item) => {
      if (context.schema(item)?.['x-kind'] !== 'numbers' || context.form(item) !== null) return [];
      return numberParts(context.tree.text, item.value).flatMap((part) => {
        const parts = /^([+-]?[\d.]+(?:e[+-]?\d+)?)\s*\/\s*\(?\s*([\d.]+(?:e[+-]?\d+)?)\s*\)?$/i.exec(part.text);
        if (parts === null || part.value === null) return [];
        const value = Number(parts[1]) / Number(parts[2]);
        const message = `The board does not divide: it reads \`${part.text}\` as ${part.value}. Write the result.`;
        const fixes = Number.isFinite(value)
          ? [preferred(`Write ${floatText(value)}`, replace(context, part, floatText(value)))]
          : [];
        return [
          problem(context, 'MUD038', context.chip === 'maixcam2' ? 'information' : 'warning', part, message, fixes),
        ];
      });
    });
  },
};
