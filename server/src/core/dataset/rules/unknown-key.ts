import { closestWord } from '../../text/closest';
import { datasetKeys } from '../schema';
import { problemAt, quoted, replaceFix, type DatasetRule } from './rule';

/** Names that people use, with the trainer's. */
const FOREIGN: Readonly<Record<string, string>> = {
  classes: 'names',
  class_names: 'names',
  labels: 'names',
  num_classes: 'nc',
  number_of_classes: 'nc',
  root: 'path',
  dataset_path: 'path',
  training: 'train',
  keypoint_shape: 'kpt_shape',
  keypoints: 'kpt_shape',
  flip_index: 'flip_idx',
  flip_indices: 'flip_idx',
  skeleton: 'flip_idx',
};
/** People invent keys that tell where labels are; nothing reads them. */
const INVENTED = /(?:labels?|images?|annotations?)_?(?:dir|path|folder)$|_labels?$/i;
/** Keys of tools that write such files; they do no harm. */
const KNOWN = new Set([
  'roboflow',
  'validation',
  'valid',
  'names_zh',
  'author',
  'version',
  'license',
  'date',
  'base',
  'defaults',
]);

/** DATA032: nothing reads the key, and nothing says so. Keys that look like no mistake are left alone. */
export const unknownKey: DatasetRule = {
  code: 'DATA032',
  check(context) {
    return context.top.entries.flatMap(({ key, own }) => {
      if (!own || datasetKeys.includes(key.text)) return [];
      if (key.text === 'valid' && (context.entry('val') ?? context.entry('validation')) !== undefined) {
        const message = 'Nothing reads `valid`; the trainer reads `val`. Remove one of the two.';
        return [problemAt(context, 'DATA032', 'warning', key, message)];
      }
      if (KNOWN.has(key.text)) return [];
      const better = Object.hasOwn(FOREIGN, key.text)
        ? (FOREIGN[key.text] ?? null)
        : closestWord(key.text, datasetKeys);
      if (better !== null) {
        const there = context.entry(better) !== undefined;
        const advice = there ? `Remove it: ${quoted(better)} is there.` : `Did you mean ${quoted(better)}?`;
        const message = `${quoted(key.text)} is no key of a dataset; nothing reads it. ${advice}`;
        const sure = closestWord(key.text, [better]) !== null;
        const fix = there ? null : replaceFix(context, `Rename to ${better}`, key, better, sure);
        return [problemAt(context, 'DATA032', 'warning', key, message, [fix])];
      }
      if (!INVENTED.test(key.text)) return [];
      const message = `Nothing reads ${quoted(key.text)}: the labels of \`…/images/a.jpg\` are always looked for in \`…/labels/a.txt\`. Put them there.`;
      return [problemAt(context, 'DATA032', 'warning', key, message)];
    });
  },
};
