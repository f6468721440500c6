import { iniView } from '../ini-view';
import { SECTIONS } from '../knowledge/schema';
import { itemsOf } from '../tree';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD062: programs that read MUDs with the `ini` package see something else than the board. */
export const otherReaders: MudRule = {
  code: 'MUD062',
  stage: 'harmless',
  mistakes: [],
  check(context) {
    if (context.tree.errors.length > 0) return [];
    const view = iniView(context.tree.text);
    const lost = new Set<string>();
    const headers = context.tree.sections.flatMap(({ name, header, items }) => {
      if (
        header === null ||
        items.length === 0 ||
        !SECTIONS.includes(name) ||
        view.has(name) ||
        header.trailing !== null
      )
        return [];
      lost.add(name);
      const { comment, start } = header.line;
      const message = `The board reads this section, but programs that use common INI readers do not see it, because the header does not stand alone on its line. Remove blanks before it and put the comment on a line of its own.`;
      const edits = [
        ...(header.span.start > start ? [replace(context, { start, end: header.span.start }, '')] : []),
        ...(comment === null
          ? []
          : [replace(context, { start: header.span.end, end: comment.end }, `${context.eol}${comment.text}`)]),
      ];
      return [
        problem(
          context,
          'MUD062',
          'information',
          header.span,
          message,
          edits.length === 0 ? [] : [preferred('Write the header alone', ...edits)],
        ),
      ];
    });
    const values = context.read.flatMap((item) => {
      const { name } = item.section;
      if (context.schema(item) === null || lost.has(name) || context.form(item) !== null) return [];
      const seen = view.value(name, item.key.text);
      if (seen === null || seen === item.value.text) return [];
      // A key that stands twice has a problem of its own.
      if (itemsOf(context.tree, name).filter(({ key }) => key.text === item.key.text).length > 1) return [];
      const message = `The board reads \`${item.value.text}\` here, programs that use common INI readers read \`${seen}\`. Choose a value without \`;\`, \`\\\` and quotes if such programs use this file.`;
      return [problem(context, 'MUD062', 'warning', item.value, message)];
    });
    return [...headers, ...values];
  },
};
