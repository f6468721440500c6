import { problemAt, type DatasetRule } from './rule';

/** DATA001: PyYAML refuses control characters; the trainer takes them out and reads again. */
export const controlCharacter: DatasetRule = {
  code: 'DATA001',
  check(context) {
    // NUL is found in the bytes of the file.
    // eslint-disable-next-line no-control-regex -- control characters are what this is about
    const found = [...context.text.matchAll(/[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]+/g)];
    if (found.length === 0) return [];
    const ranges = found.map(({ index, 0: run }) => ({ start: index, end: index + run.length }));
    const message = 'A control character stands here, which editors do not show. The trainer takes it out. Remove it.';
    const edits = ranges.map(({ start, end }) => ({ range: context.lines.range(start, end), newText: '' }));
    const fix = { title: 'Remove the control characters', preferred: true, edits };
    return [problemAt(context, 'DATA001', 'warning', ranges[0] ?? null, message, [fix])];
  },
};
