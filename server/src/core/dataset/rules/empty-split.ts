import { usualFolder } from '../split-folders';
import { problemAt, quoted, yamlText, type DatasetRule } from './rule';

/** DATA007: a key without a path passes the first look and stops the training later; `''` means the whole folder. */
export const emptySplit: DatasetRule = {
  code: 'DATA007',
  check(context) {
    const val = context.entry('val') === undefined ? ('validation' as const) : ('val' as const);
    return (['train', val] as const).flatMap((key) => {
      const entry = context.entry(key);
      if (entry === undefined) return [];
      const value = context.value(key);
      const empty = value === undefined || (value.kind === 'scalar' && value.value === '') || isEmptyList(value);
      if (!empty) return [];
      const place = entry.value.start === entry.value.end ? entry.key : entry.value;
      const message =
        value?.kind === 'scalar'
          ? `${quoted(key)} is an empty text: the trainer stops, or searches the whole folder where it was started. Write the folder of the pictures.`
          : `${quoted(key)} has no path, so the training stops. Write the folder of the pictures.`;
      const folder = usualFolder(context, key === 'validation' ? 'val' : key);
      if (folder === null || !entry.own) return [problemAt(context, 'DATA007', 'error', place, message)];
      const { key: name, value: old } = entry;
      const range = context.lines.range(
        old.start === old.end ? name.end : old.start,
        old.start === old.end ? colonEnd(context.text, name.end) : old.end,
      );
      const newText = old.start === old.end ? `: ${yamlText(folder)}` : yamlText(folder);
      const fix = { title: `Write ${key}: ${folder}`, preferred: true, edits: [{ range, newText }] };
      return [problemAt(context, 'DATA007', 'error', place, message, [fix])];
    });
  },
};

function isEmptyList(value: { readonly kind: string; readonly items?: readonly unknown[] }): boolean {
  return value.kind === 'list' && value.items?.length === 0;
}

/** Behind the colon that follows a key. */
function colonEnd(text: string, offset: number): number {
  const gap = /^\s*:/.exec(text.slice(offset));
  return offset + (gap?.[0].length ?? 0);
}
