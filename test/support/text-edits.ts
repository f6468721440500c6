import type { Fix } from '../../server/src/core/problems/problem';
import { LineIndex } from '../../server/src/core/text/line-index';

/** The text after the edits of a fix, which must not overlap. */
export function applyFix(text: string, fix: Pick<Fix, 'edits'>): string {
  const lines = new LineIndex(text);
  return [...fix.edits]
    .sort((a, b) => lines.offsetAt(b.range.start) - lines.offsetAt(a.range.start))
    .reduce(
      (edited, { range, newText }) =>
        edited.slice(0, lines.offsetAt(range.start)) + newText + edited.slice(lines.offsetAt(range.end)),
      text,
    );
}
