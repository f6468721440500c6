import type { MudContext } from '../context';
import { SECTIONS, keySchema } from '../knowledge/schema';
import { insertLines, itemLine, preferred, removeLines } from './edits';
import { type MudRule, problem } from './rule';

/** MUD017: every reader looks for a key in one section only. */
export const wrongSection: MudRule = {
  code: 'MUD017',
  stage: 'class',
  mistakes: [12],
  check(context) {
    return context.read.flatMap((item) => {
      const from = item.section.name;
      if (item.key.text === '' || context.schema(item) !== null) return [];
      if (from !== '' && !SECTIONS.includes(from)) return [];
      const home = SECTIONS.find((section) => keySchema(section, item.key.text, context.modelClass) !== null);
      if (home === undefined) return [];
      const there = context.item(home, item.key.text);
      const place = from === '' ? 'before the first section' : `in \`[${from}]\``;
      if (there !== undefined) {
        const message = `The board does not read \`${item.key.text}\` ${place}; it reads the one in \`[${home}]\`. Remove this one.`;
        return [
          problem(context, 'MUD017', 'information', item.key, message, [
            preferred('Remove it', removeLines(context, item.line)),
          ]),
        ];
      }
      const message = `The board looks for \`${item.key.text}\` in \`[${home}]\` and does not read it ${place}. Move it there.`;
      return [
        problem(context, 'MUD017', isNeeded(context, home, item.key.text) ? 'error' : 'warning', item.key, message, [
          preferred(
            `Move it to [${home}]`,
            insertLines(context, home, [itemLine(item)]),
            removeLines(context, item.line),
          ),
        ]),
      ];
    });
  },
};

function isNeeded(context: MudContext, section: string, key: string): boolean {
  if (section === 'basic') return key === 'type' || (key === 'model' && context.chip === 'maixcam');
  return context.modelClass?.required.includes(key) === true;
}
