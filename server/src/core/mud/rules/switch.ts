import { offered, preferred, setValue } from './edits';
import { type MudRule, problem } from './rule';

/** MUD036: `true` and `1` switch on, every other word switches off without a message. */
export const switchRule: MudRule = {
  code: 'MUD036',
  stage: 'silent',
  mistakes: [59],
  check(context) {
    return context.read.flatMap((item) => {
      const { text } = item.value;
      if (context.schema(item)?.['x-kind'] !== 'flag' || context.form(item) !== null) return [];
      if (/^(true|false|1|0)$/.test(text)) return [];
      const on = /^(true|yes|on|y|enable|enabled|1)$/i.test(text);
      const message = `The board switches \`${item.key.text}\` on for \`true\` only: it reads \`${text}\` as off. Write \`true\` or \`false\`.`;
      const off = /^(false|no|off|n|disable|disabled|)$/i.test(text);
      return [
        problem(context, 'MUD036', on ? 'warning' : 'information', text === '' ? item.key : item.value, message, [
          (on ? preferred : offered)('Write true', setValue(context, item, 'true')),
          (off ? preferred : offered)('Write false', setValue(context, item, 'false')),
        ]),
      ];
    });
  },
};
