import type { MudContext } from '../context';
import { preferred, setValue } from './edits';
import { type MudRule, problem } from './rule';

/** MUD057: a cache that is never written back or dropped gives tensors of earlier pictures. */
export const staleCache: MudRule = {
  code: 'MUD057',
  stage: 'silent',
  mistakes: [60],
  check(context) {
    if (context.chip === 'maixcam') return [];
    return [
      ['input_cache', 'input_cache_flush', 'first'] as const,
      ['output_cache', 'output_cache_inval', 'last'] as const,
    ].flatMap(([cache, refresh, layer]) => {
      const item = context.item('extra', refresh);
      if (!isOn(context, cache) || item === undefined || isOn(context, refresh)) return [];
      const message = `With \`${cache} = true\` and \`${refresh}\` off, a model whose ${layer} layer runs on the NPU works with data of earlier pictures. Write \`true\` unless that layer runs on the CPU.`;
      return [
        problem(context, 'MUD057', 'warning', item.value.text === '' ? item.key : item.value, message, [
          preferred('Write true', setValue(context, item, 'true')),
        ]),
      ];
    });
  },
};

function isOn(context: MudContext, key: string): boolean {
  const text = context.item('extra', key)?.value.text;
  return text === 'true' || text === '1';
}
