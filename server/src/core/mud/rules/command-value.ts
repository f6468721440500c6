import { type MudRule, problem } from './rule';

/** MUD061: these values reach a shell that runs as root (spec mud.md 3.22). */
export const commandValue: MudRule = {
  code: 'MUD061',
  stage: 'silent',
  mistakes: [69],
  check(context) {
    return context.read.flatMap((item) => {
      if (context.schema(item)?.['x-kind'] !== 'command' || /^[A-Za-z0-9@._/-]*$/.test(item.value.text)) return [];
      const message = `The board puts this value into a command that it runs as root. Characters other than letters, digits and \`@ . _ / -\` can make it run anything: do not use this file unless you know where it comes from.`;
      return [problem(context, 'MUD061', 'warning', item.value, message)];
    });
  },
};
