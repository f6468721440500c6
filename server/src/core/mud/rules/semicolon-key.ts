import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD012: `; key = value` is a key with an odd name for the board. */
export const semicolonKey: MudRule = {
  code: 'MUD012',
  stage: 'harmless',
  mistakes: [2],
  check(context) {
    return context.tree.sections
      .flatMap(({ items }) => items)
      .filter(({ key }) => key.text.startsWith(';'))
      .map(({ key }) => {
        const message = `The board takes this line for a key named \`${key.text}\`. It does no harm, but a comment starts with \`#\`.`;
        const start = /^;+ ?/.exec(key.text)?.[0].length ?? 1;
        const fix = preferred(
          'Make it a comment with #',
          replace(context, { start: key.start, end: key.start + start }, '# '),
        );
        return problem(context, 'MUD012', 'information', key, message, [fix]);
      });
  },
};
