import type { MudContext } from '../context';
import { CHIP_TITLES, RUNTIME_KEYS } from '../knowledge/schema';
import type { MudItem } from '../tree';
import { offered, removeLines } from './edits';
import { type MudRule, problem } from './rule';

/** MUD033: keys that nothing reads, for this class or on this board. */
export const idleKey: MudRule = {
  code: 'MUD033',
  stage: 'harmless',
  mistakes: [16, 61],
  check(context) {
    return context.read.flatMap((item) => {
      const why = reason(context, item);
      if (why === null) return [];
      const message = `\`${item.key.text}\` has no effect here. ${why}`;
      return [
        problem(context, 'MUD033', 'hint', item.key, message, [offered('Remove it', removeLines(context, item.line))]),
      ];
    });
  },
};

function reason(context: MudContext, item: MudItem): string | null {
  const { chip, modelClass } = context;
  const schema = context.schema(item);
  const key = item.key.text;
  if (schema === null) return null;
  const boards = schema['x-boards'];
  if (chip !== null && boards !== undefined && !boards.includes(chip))
    return `Only ${boards.map((board) => CHIP_TITLES[board]).join(' and ')} reads it.`;
  if (item.section.name !== 'extra' || modelClass === null || modelClass['recognised-by'] !== undefined) return null;
  if (key === 'model_type' || RUNTIME_KEYS.includes(key)) return null;
  if (modelClass.required.includes(key) || modelClass.optional?.includes(key) === true) return null;
  return modelClass.ignored?.[key] ?? `${modelClass.title} does not read it.`;
}
