import { problemAt, type DatasetRule } from './rule';

/** DATA033: what a YAML can make the trainer do, said before it happens. */
export const download: DatasetRule = {
  code: 'DATA033',
  check(context) {
    const value = context.value('download');
    const entry = context.entry('download');
    if (entry === undefined || value?.kind !== 'scalar') return [];
    const place = { start: entry.key.start, end: entry.key.end };
    if (/^https?:\/\/\S+$/.test(value.text.trim())) {
      const message =
        'When the pictures of `val` are missing, Ultralytics loads this address and unpacks it. MaixCAM Workbench does not.';
      return [problemAt(context, 'DATA033', 'information', place, message)];
    }
    const what = value.text.startsWith('bash ') ? 'runs this shell command' : 'runs this text as a Python program';
    const message = `When the pictures of \`val\` are missing, Ultralytics ${what} on your computer. Read it before you train, or remove it. MaixCAM Workbench never runs it.`;
    return [problemAt(context, 'DATA033', 'warning', place, message)];
  },
};
