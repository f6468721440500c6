import type { Problem } from '../../problems/problem';
import { isPicturePath } from '../pictures';
import { SPLIT_KEYS } from '../places';
import { typeWord, type DataValue } from '../yaml-value';
import { problemAt, quoted, splitSeverity, type DatasetRule } from './rule';

/** DATA016: a value that is no path stops the training, whatever the split; so does a picture instead of a folder. */
export const pathType: DatasetRule = {
  code: 'DATA016',
  check(context) {
    const wrong = (key: string, value: DataValue, expected: string): Problem =>
      problemAt(
        context,
        'DATA016',
        'error',
        value,
        `${quoted(key)} must be ${expected}, but this is ${typeWord(value)}; the training stops. Write a path, in quotes where YAML reads it as something else.`,
      );
    const path = context.value('path');
    const problems: Problem[] = [];
    if (path !== undefined && !isText(path)) problems.push(wrong('path', path, 'the path of a folder'));
    for (const key of [...SPLIT_KEYS, 'validation'] as const) {
      const value = context.value(key);
      if (value === undefined) continue;
      if (value.kind === 'list') {
        const items = value.items.filter((item) => !isText(item));
        problems.push(...items.map((item) => wrong(key, item, 'a list of paths')));
      } else if (!isText(value)) problems.push(wrong(key, value, 'a path or a list of paths'));
    }
    return [
      ...problems,
      ...context.splitPaths.flatMap((place) => {
        if (place.kind !== 'file' || !isPicturePath(place.path)) return [];
        const message = `${quoted(place.written)} is a picture; the trainer reads it as a text with paths and stops. Write the folder that it lies in.`;
        return [problemAt(context, 'DATA016', splitSeverity(place.split), place.value, message)];
      }),
    ];
  },
};

function isText(value: DataValue): boolean {
  return value.kind === 'scalar' && value.type === 'str';
}
