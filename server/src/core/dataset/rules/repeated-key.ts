import type { Problem } from '../../problems/problem';
import type { MapValue } from '../yaml-value';
import { problemAt, quoted, removeEntryFix, type DatasetContext, type DatasetRule } from './rule';

/** DATA024: of equal keys the trainer reads the last one and says nothing. */
export const repeatedKey: DatasetRule = {
  code: 'DATA024',
  check(context) {
    const names = context.value('names');
    return [...repeated(context, context.top), ...(names?.kind === 'map' ? repeated(context, names) : [])];
  },
};

function repeated(context: DatasetContext, map: MapValue): Problem[] {
  const own = map.entries.filter((entry) => entry.own);
  const last = new Map(own.map((entry) => [identity(entry), entry]));
  return own.flatMap((entry) => {
    const winner = last.get(identity(entry));
    if (winner === undefined || winner === entry) return [];
    const line = context.lines.positionAt(winner.key.start).line + 1;
    const message = `${quoted(entry.key.text)} stands again in line ${line}: the trainer reads only that one and says nothing. Remove one of the two.`;
    // What is removed changes nothing for the trainer, but at the names a class is missing then.
    const fix = map === context.top ? removeEntryFix(context, entry, 'Remove the one that is not read') : null;
    return [problemAt(context, 'DATA024', 'warning', entry.key, message, [fix])];
  });
}

function identity({ key }: MapValue['entries'][number]): string {
  return `${typeof key.value} ${key.text}`;
}
