import { IniError } from '../ini';
import { offered, removeLines, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD008: `[]` (rc 3), and `[ ]`, which repeats the unnamed section (rc 4). */
export const sectionName: MudRule = {
  code: 'MUD008',
  stage: 'loader',
  mistakes: [10],
  check(context) {
    const message =
      'The board cannot load the file: the section has no name. Write `[basic]` or `[extra]`, or remove the line.';
    return context.tree.errors
      .filter(
        ({ code, span }) =>
          code === IniError.EmptySectionName || (code === IniError.DuplicateSection && /^\[\s*\]/.test(span.text)),
      )
      .map(({ line, span }) => {
        const absent = ['basic', 'extra'].filter(
          (name) => !context.tree.sections.some((section) => section.name === name),
        );
        const fixes = absent.map((name) => offered(`Write [${name}]`, replace(context, span, `[${name}]`)));
        return problem(context, 'MUD008', 'error', span, message, [
          ...fixes,
          offered('Remove the line', removeLines(context, line)),
        ]);
      });
  },
};
