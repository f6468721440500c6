import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD010: what follows the `]` on its line is dropped. */
export const behindHeader: MudRule = {
  code: 'MUD010',
  stage: 'silent',
  mistakes: [11],
  check(context) {
    return context.tree.sections.flatMap(({ header }) => {
      const trailing = header?.trailing ?? null;
      if (header === null || trailing === null) return [];
      const isKey = trailing.text.includes('=');
      const lost = isKey ? 'the key is lost' : 'it is no part of the name';
      const message = `The board ignores what follows the \`]\`: ${lost}. Put it on a line of its own, or behind \`#\`.`;
      const at = { start: header.span.end, end: trailing.start };
      const fix = isKey
        ? preferred('Move it to its own line', replace(context, at, context.eol))
        : preferred('Make it a comment', replace(context, at, ' # '));
      return [problem(context, 'MUD010', 'warning', trailing, message, [fix])];
    });
  },
};
