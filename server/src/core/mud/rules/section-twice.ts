import type { Fix } from '../../problems/problem';
import type { MudContext } from '../context';
import type { MudSection } from '../tree';
import { offered, preferred, removeLines, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD009: a section may stand only once, even if it says the same again (rc 4). */
export const sectionTwice: MudRule = {
  code: 'MUD009',
  stage: 'loader',
  mistakes: [8],
  check(context) {
    const { sections } = context.tree;
    const named = sections.filter(({ header }) => header !== null && !/^\[\s*\]?$/.test(header.span.text));
    const firsts = new Map<string, MudSection>();
    return named.flatMap((section) => {
      const first = firsts.get(section.name);
      if (first === undefined) firsts.set(section.name, section);
      if (!first?.header || section.header === null) return [];
      const message = `The board cannot load the file: the section \`[${section.name}]\` stands in line ${first.header.line.index + 1} already. Put its keys together.`;
      return [problem(context, 'MUD009', 'error', section.header.span, message, [merge(context, first, section)])];
    });
  },
};

/** Moves the keys to the end of the first section. Preferred where no key is written twice then. */
function merge(context: MudContext, first: MudSection, again: MudSection): Fix {
  const { lines } = context.tree;
  const start = again.header?.line ?? lines[0];
  const last = again.items.at(-1)?.line ?? start;
  const target = first.items.at(-1)?.line ?? first.header?.line;
  if (start === undefined || last === undefined || target === undefined) return offered('Merge the sections');
  const moved = lines
    .slice(start.index + 1, last.index + 1)
    .map(({ start: from, end }) => context.tree.text.slice(from, end).replace(/\r$/, ''));
  const at = context.tree.text[target.end - 1] === '\r' ? target.end - 1 : target.end;
  const direct = target.index + 1 === start.index;
  const edits = direct
    ? [removeLines(context, start)]
    : [
        ...(moved.length === 0
          ? []
          : [replace(context, { start: at, end: at }, moved.map((line) => `${context.eol}${line}`).join(''))]),
        removeLines(context, start, last),
      ];
  // The board would read the first of a name: a key that an earlier part has must not be lost without a word.
  const sound = again.items.every(({ key }) => context.item(first.name, key.text)?.section === again);
  return sound ? preferred('Merge the sections', ...edits) : offered('Merge the sections', ...edits);
}
