import type { Problem, Severity } from '../../problems/problem';
import type { MudContext } from '../context';
import type { Span } from '../tree';
import { INVISIBLE, foldedText } from '../value-form';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD016: characters that look like others, or like nothing. The board compares bytes. */
export const oddCharacters: MudRule = {
  code: 'MUD016',
  stage: 'class',
  mistakes: [14],
  check(context) {
    const names = context.tree.sections.flatMap(({ header, items }) => [
      ...(header === null ? [] : [header.name]),
      ...items.map(({ key }) => key),
    ]);
    return [
      ...names
        .filter(({ text }) => INVISIBLE.test(text) || /[\uff01-\uff5e]/.test(text))
        .map((name) => finding(context, name, false, 'error')),
      ...context.read.flatMap((item) => {
        const form = context.form(item);
        if (form !== 'odd-characters' && form !== 'full-width') return [];
        const kind = context.schema(item)?.['x-kind'];
        const stops =
          kind === 'choice' || kind === 'class' || kind === 'file' || kind === 'numbers' || kind === 'integer';
        return [finding(context, item.value, kind === 'labels', stops ? 'error' : 'warning')];
      }),
    ];
  },
};

function finding(context: MudContext, at: Span, isLabels: boolean, severity: Severity): Problem {
  const odd = Array.from(at.text).find((letter) => INVISIBLE.test(letter) || /[\uff01-\uff5e]/.test(letter)) ?? '';
  const code = `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const what = INVISIBLE.test(odd) ? `an invisible character (${code})` : `the full-width character ${odd} (${code})`;
  const message = `Here stands ${what}: for the board this is another word than it looks. Write it with ordinary characters.`;
  const folded = foldedText(at.text, isLabels);
  return problem(context, 'MUD016', severity, at, message, [
    preferred('Write ordinary characters', replace(context, at, folded)),
  ]);
}
