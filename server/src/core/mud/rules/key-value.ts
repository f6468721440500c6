import type { Fix } from '../../problems/problem';
import type { MudContext } from '../context';
import { IniError } from '../ini';
import type { MudItem, MudLine, Span } from '../tree';
import { offered, preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD006: the loader gives up at the first line that it cannot read (rc 5). */
export const keyValue: MudRule = {
  code: 'MUD006',
  stage: 'loader',
  mistakes: [1, 5],
  check(context) {
    return context.tree.errors
      .filter(({ code }) => code === IniError.NotKeyValue)
      .map(({ line, span }) => {
        const { what, fixes } = advice(context, line, span);
        const message = `The board cannot load the file: this line is neither a section nor \`key = value\`. ${what}`;
        return problem(context, 'MUD006', 'error', span, message, fixes);
      });
  },
};

function advice(context: MudContext, line: MudLine, span: Span): { what: string; fixes: Fix[] } {
  const marker = /^(;+|\/\/+|--+)\s*/.exec(span.text);
  if (marker !== null) {
    const at = { start: span.start, end: span.start + marker[0].length };
    const fix = preferred('Make it a comment with #', replace(context, at, '# '));
    return { what: 'Comments start with `#` on the board, never with anything else.', fixes: [fix] };
  }
  if (span.text.startsWith('\ufeff')) {
    const at = { start: span.start, end: span.start + 1 };
    const fix = preferred('Remove the byte order mark', replace(context, at, ''));
    return { what: 'It starts with a byte order mark. Remove it.', fixes: [fix] };
  }
  const comment = offered('Make it a comment', replace(context, { start: span.start, end: span.start }, '# '));
  const separator = /^([\w-]+)\s*([:：＝])\s*/.exec(span.text);
  if (separator !== null) {
    const at = { start: span.start, end: span.start + separator[0].length };
    const fix = preferred('Write = instead', replace(context, at, `${separator[1] ?? ''} = `));
    return {
      what: `A key and its value are separated by \`=\`, not by \`${separator[2] ?? ''}\`.`,
      fixes: [fix, comment],
    };
  }
  const before = itemAbove(context, line);
  if (before !== null && /[,\\]$/.test(before.value.text)) {
    const end = before.value.end - (before.value.text.endsWith('\\') ? 1 : 0);
    const fix = preferred('Join it with the line above', replace(context, { start: end, end: span.start }, ' '));
    return { what: 'A value ends with its line: join the lines.', fixes: [fix, comment] };
  }
  return { what: 'Write `key = value`, start the line with `#`, or remove it.', fixes: [comment] };
}

/** The item on the line before, unless a comment stands between them. */
function itemAbove(context: MudContext, line: MudLine): MudItem | null {
  const above = context.tree.lines[line.index - 1];
  if (above?.kind !== 'item' || above.comment !== null) return null;
  return context.tree.sections.flatMap(({ items }) => items).find((item) => item.line === above) ?? null;
}
