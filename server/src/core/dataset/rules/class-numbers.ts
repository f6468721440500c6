import { pythonInt } from '../class-names';
import type { Fix } from '../../problems/problem';
import { problemAt, quoted, type DatasetContext, type DatasetRule } from './rule';

/** DATA023: the numbers of a mapping must be 0 to n−1: label rows are matched by them. */
export const classNumbers: DatasetRule = {
  code: 'DATA023',
  check(context) {
    const names = context.value('names');
    if (names?.kind !== 'map' || names.entries.length === 0) return [];
    const odd = names.entries.find(({ key }) => pythonInt(key) === null);
    if (odd !== undefined) {
      const message = `${quoted(odd.key.text)} is no class number, so the training stops. Write the numbers from 0 on in front of the names.`;
      return [problemAt(context, 'DATA023', 'error', odd.key, message, [renumberFix(context)])];
    }
    const indices = [...new Set(names.entries.map(({ key }) => pythonInt(key) ?? 0))];
    const count = indices.length;
    const wrong = names.entries.find(({ key }) => !isIndex(pythonInt(key) ?? 0, count));
    if (wrong === undefined) return [];
    const from = Math.min(...indices);
    const silent = Math.max(...indices) < count && indices.includes(0);
    const what = silent ? 'No label can have this number.' : 'The training stops.';
    const cause = from === 1 && Math.max(...indices) === count ? ' Class numbers begin at 0, in the labels too.' : '';
    const message = `${count === 1 ? 'One class needs the number 0' : `${count} classes need the numbers 0 to ${count - 1}`}, but ${wrong.key.text} is among them. ${what}${cause}`;
    return [problemAt(context, 'DATA023', silent ? 'warning' : 'error', wrong.key, message, [renumberFix(context)])];
  },
};

function isIndex(index: number, count: number): boolean {
  return index >= 0 && index < count;
}

/** Labels may have to be renumbered too, so a person decides. */
function renumberFix(context: DatasetContext): Fix | null {
  const names = context.value('names');
  if (names?.kind !== 'map' || names.entries.some(({ own }) => !own)) return null;
  const edits = names.entries.map(({ key }, index) => ({
    range: context.lines.range(key.start, key.end),
    newText: String(index),
  }));
  return { title: `Number the classes from 0 to ${edits.length - 1}`, preferred: false, edits };
}
