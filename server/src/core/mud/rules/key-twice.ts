import { offered, preferred, removeLines } from './edits';
import { type MudRule, problem } from './rule';

/** MUD011: the board takes the first of a name, most other programs take the last. */
export const keyTwice: MudRule = {
  code: 'MUD011',
  stage: 'silent',
  mistakes: [9],
  check(context) {
    const used = new Set(context.read);
    return context.tree.sections
      .flatMap(({ items }) => items)
      .filter((item) => !used.has(item) && !item.key.text.startsWith(';'))
      .map((item) => {
        const first = context.item(item.section.name, item.key.text);
        const same = first?.value.text === item.value.text;
        const message = `\`${item.key.text}\` stands in line ${(first?.line.index ?? 0) + 1} already: the board takes the first and ignores this one${same ? '' : ', other programs take the last'}. Keep one.`;
        return problem(context, 'MUD011', 'warning', item.key, message, [
          preferred('Remove this one (the board ignores it)', removeLines(context, item.line)),
          ...(first === undefined || same ? [] : [offered('Keep this one', removeLines(context, first.line))]),
        ]);
      });
  },
};
