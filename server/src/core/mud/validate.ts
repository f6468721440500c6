import type { LanguageDocument } from '../language/service';
import type { Problem } from '../problems/problem';
import { mudContext } from './context';
import { mudRules } from './rules';

/** All findings of the rules, in the order of the text. Any text gives an answer, never an exception. */
export function validateMud(document: LanguageDocument): readonly Problem[] {
  const context = mudContext(document);
  const order = ({ range }: Problem): number => context.lines.offsetAt(range.start);
  return mudRules
    .flatMap((rule) => rule.check(context))
    .sort((a, b) => order(a) - order(b) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}
