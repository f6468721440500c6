import { insertLines, offered, preferred } from './edits';
import { chipOfEnding, modelItems } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD019: without `[basic] type` the loader stops ("not found type"). */
export const missingType: MudRule = {
  code: 'MUD019',
  stage: 'loader',
  mistakes: [10, 12, 15],
  check(context) {
    if (context.item('basic', 'type') !== undefined) return [];
    const message =
      'The board cannot load the file: `[basic]` has no `type`. Add `type = cvimodel` for MaixCAM and MaixCAM-Pro, or `type = axmodel` for MaixCAM2.';
    const chips = new Set(modelItems(context).map(({ value }) => chipOfEnding(value.text)));
    const certain = chips.size === 1 && !chips.has(null);
    const types = certain ? [chips.has('maixcam') ? 'cvimodel' : 'axmodel'] : ['cvimodel', 'axmodel'];
    // A broken header or key is the cause and has its own fix.
    const clean = context.tree.errors.length === 0 && !context.meant('basic', 'type');
    const fixes = types.map((type) => {
      const edit = insertLines(context, 'basic', [`type = ${type}`]);
      return certain && clean ? preferred(`Add type = ${type}`, edit) : offered(`Add type = ${type}`, edit);
    });
    return [problem(context, 'MUD019', 'error', context.placeOf('basic'), message, fixes)];
  },
};
