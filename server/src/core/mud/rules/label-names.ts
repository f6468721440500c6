import { readsNoLabels } from '../context';
import { labelList } from '../label-list';
import { listParts, offered, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD050: empty labels are kept, equal ones cannot be told apart. */
export const labelNames: MudRule = {
  code: 'MUD050',
  stage: 'silent',
  mistakes: [46],
  check(context) {
    const item = context.item('extra', 'labels');
    if (item === undefined || readsNoLabels(context) || context.form(item) === 'quoted') return [];
    if (labelList(context.document, item.value.text)?.source !== 'inline') return [];
    const parts = listParts(context, item.value);
    if (parts.at(-1)?.text === '') parts.pop();
    const first = new Map<string, number>();
    return parts.flatMap((part, index) => {
      if (part.text === '') {
        const comma = { start: part.end, end: part.end + 1 };
        const message = `Class ${index} has an empty label: the board keeps its place. Write its name, or remove the comma if there is no such class.`;
        return [
          problem(context, 'MUD050', 'warning', comma, message, [
            offered('Remove the empty label', replace(context, comma, '')),
          ]),
        ];
      }
      const before = first.get(part.text);
      first.set(part.text, before ?? index);
      if (before === undefined) return [];
      return [
        problem(
          context,
          'MUD050',
          'warning',
          part,
          `Classes ${before} and ${index} have the same label: results cannot tell them apart. Name them differently.`,
        ),
      ];
    });
  },
};
