import { offered, removeLines, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD056: still read, but only where the newer key is absent. */
export const olderKey: MudRule = {
  code: 'MUD056',
  stage: 'harmless',
  mistakes: [58],
  check(context) {
    return context.read.flatMap((item) => {
      const newer = context.schema(item)?.['x-replaced-by'];
      if (newer === undefined || context.chip === 'maixcam2') return [];
      const both = context.item('extra', newer) !== undefined;
      const message = both
        ? `The board reads \`${newer}\` and ignores \`${item.key.text}\`.`
        : `\`${item.key.text}\` is the older name of \`${newer}\`. Both work on current firmware.`;
      const fix = both
        ? offered('Remove it', removeLines(context, item.line))
        : offered(`Write ${newer}`, replace(context, item.key, newer));
      return [problem(context, 'MUD056', 'hint', item.key, message, [fix])];
    });
  },
};
