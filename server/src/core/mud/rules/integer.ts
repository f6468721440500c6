import { parseStof } from '../numbers';
import { type MudRule, problem } from './rule';

/** MUD060: Whisper and MeloTTS read junk as 0, language models stop. */
export const integer: MudRule = {
  code: 'MUD060',
  stage: 'class',
  mistakes: [68],
  check(context) {
    return context.read.flatMap((item) => {
      const kind = context.schema(item)?.['x-kind'];
      if ((kind !== 'integer' && kind !== 'number') || context.form(item) !== null) return [];
      const { text } = item.value;
      if (kind === 'integer' ? /^[+-]?\d+$/.test(text) : parseStof(text).ok) return [];
      const stops = context.modelClass?.['recognised-by'] !== undefined && !/^[+-]?\d/.test(text);
      const read = /^[+-]?\d+/.exec(text)?.[0] ?? '0';
      const effect = stops ? 'the board stops ("key-value error")' : `the board reads ${read}`;
      const message = `${text === '' ? `\`${item.key.text}\` is empty` : `\`${text}\` is no ${kind === 'integer' ? 'whole number' : 'number'}`}: ${effect}. Write a ${kind === 'integer' ? 'whole number' : 'number'}.`;
      return [problem(context, 'MUD060', stops ? 'error' : 'warning', text === '' ? item.key : item.value, message)];
    });
  },
};
