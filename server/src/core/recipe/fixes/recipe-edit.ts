import { AppError } from '../../problems/app-error';
import type { Fix } from '../../problems/problem';
import type { LineIndex } from '../../text/line-index';
import { editRecipe, type RecipeValue } from '../write';

/** One value to set, or (undefined) a key to remove. */
export type RecipeChange = readonly [path: readonly string[], value: RecipeValue | undefined];

/**
 * A fix that sets or removes keys as `editRecipe` does, as one edit of the part that changes. None where the text cannot
 * be edited so.
 */
export function changeFix(
  text: string,
  lines: LineIndex,
  title: string,
  changes: readonly RecipeChange[],
  preferred = false,
): readonly Fix[] {
  let edited = text;
  try {
    for (const [path, value] of changes) edited = editRecipe(edited, path, value);
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
  return [{ title, preferred, edits: [difference(text, edited, lines)] }];
}

/** One edit that turns a text into another: from the first letter that differs to the last. */
export function difference(before: string, after: string, lines: LineIndex): Fix['edits'][number] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  // CR LF is one line end: an edit must not begin or end within it.
  if (before[start - 1] === '\r') start -= 1;
  if (before[before.length - end] === '\n' && before[before.length - end - 1] === '\r') end -= 1;
  return {
    range: lines.range(start, before.length - end),
    newText: after.slice(start, after.length - end),
  };
}
