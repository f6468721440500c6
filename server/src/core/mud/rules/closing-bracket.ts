import { IniError } from '../ini';
import { SECTIONS } from '../knowledge/schema';
import { offered, preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD007: a header without `]` (rc 2); a `#` inside the name starts a comment and takes the bracket with it. */
export const closingBracket: MudRule = {
  code: 'MUD007',
  stage: 'loader',
  mistakes: [10],
  check(context) {
    return context.tree.errors
      .filter(({ code }) => code === IniError.NoClosingBracket)
      .map(({ line, span }) => {
        const cut = line.comment?.text.includes(']') === true;
        const message = cut
          ? 'The board cannot load the file: `#` starts a comment here, so the section header has no `]`. Remove the `#`.'
          : 'The board cannot load the file: the section header has no `]`. Add it.';
        const name = span.text.slice(1).trim();
        const known = SECTIONS.find((section) => section === name);
        const edit = replace(context, { start: span.end, end: span.end }, ']');
        return problem(context, 'MUD007', 'error', span, message, [
          known === undefined || cut ? offered('Add ]', edit) : preferred('Add ]', edit),
        ]);
      });
  },
};
