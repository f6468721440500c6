import { closestWord } from '../../text/closest';
import type { MudContext } from '../context';
import { SECTIONS } from '../knowledge/schema';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD018: names are compared letter by letter. */
export const unknownSection: MudRule = {
  code: 'MUD018',
  stage: 'class',
  mistakes: [10],
  check(context) {
    return context.tree.sections.flatMap(({ name, header, items }) => {
      if (header === null || name === '' || SECTIONS.includes(name)) return [];
      const near = closestWord(
        name.replace(/^\[+/, ''),
        SECTIONS.filter((section) => !context.tree.sections.some((each) => each.name === section)),
      );
      if (near === null) {
        const message = `Neither the board's loader nor a decoder class reads \`[${name}]\`. It does no harm.`;
        return items.length === 0 ? [] : [problem(context, 'MUD018', 'hint', header.span, message)];
      }
      const severity = near === 'post_config' ? 'warning' : 'error';
      const message = `The board does not know the section \`[${name}]\`. Write \`[${near}]\`.`;
      const at = header.span.text.startsWith('[[')
        ? bracketed(context, header.span.start, header.span.end)
        : header.span;
      return [
        problem(context, 'MUD018', severity, header.span, message, [
          preferred(`Write [${near}]`, replace(context, at, `[${near}]`)),
        ]),
      ];
    });
  },
};

/** `[[basic]]`: the brackets that the device drops go too. */
function bracketed(context: MudContext, start: number, end: number): { start: number; end: number } {
  let last = end;
  while (context.tree.text[last] === ']') last += 1;
  return { start, end: last };
}
