import { problemAt, type DatasetRule } from './rule';

/** DATA001: PyYAML refuses control characters; the trainer takes them out and reads again. */
export const controlCharacter: DatasetRule = {
  code: 'DATA001',
  check(context) {
    // NUL is found in the bytes of the file.
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    const found = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]+/.exec(context.text);
    if (found === null) return [];
    const place = { start: found.index, end: found.index + found[0].length };
    const message = 'A control character stands here, which editors do not show. The trainer takes it out. Remove it.';
    const fix = {
      title: 'Remove it',
      preferred: true,
      edits: [{ range: context.lines.range(place.start, place.end), newText: '' }],
    };
    return [problemAt(context, 'DATA001', 'warning', place, message, [fix])];
  },
};
