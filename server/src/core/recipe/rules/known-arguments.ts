import { schemaAt } from '../../schema/schema-node';
import { closestWord } from '../../text/closest';
import { recipeSchema } from '../schema';
import { OWNED_ARGUMENTS } from './own-arguments';
import { problemAt, type RecipeRule } from './rule';

/** Arguments that Ultralytics 8.4 takes at a training and that do nothing useful there, or only for other tasks. */
const OTHERS = [
  ...['split', 'save_json', 'conf', 'quantize', 'half', 'int8', 'dnn', 'nms', 'source', 'vid_stride', 'stream_buffer'],
  ...['visualize', 'augment', 'agnostic_nms', 'retina_masks', 'embed', 'show', 'save_frames', 'save_txt', 'save_conf'],
  ...['save_crop', 'show_labels', 'show_conf', 'show_boxes', 'line_width', 'format', 'optimize', 'dynamic', 'simplify'],
  ...['opset', 'workspace', 'distill_model', 'dis', 'dlog', 'dgrad', 'dlam', 'channels_last', 'tracker', 'keras'],
  ...['boxes', 'hide_labels', 'hide_conf', 'line_thickness', 'label_smoothing', 'save_hybrid', 'crop_fraction'],
];

/**
 * RECIPE033: Ultralytics refuses arguments that it does not know. Releases differ, so it is a warning; only a name
 * close to a known one has a fix.
 */
export const knownArguments: RecipeRule = {
  code: 'RECIPE033',
  check(context) {
    const args = context.written(['train', 'args']);
    if (args?.node.type !== 'object') return [];
    const known = Object.keys(schemaAt(recipeSchema, ['train', 'args'])?.['x-known'] ?? {});
    const taken = new Set([...known, ...OTHERS, ...Object.keys(OWNED_ARGUMENTS)]);
    const written = args.node.properties.map(({ keyNode }) => keyNode.value);
    return args.node.properties.flatMap(({ keyNode }) => {
      const name = keyNode.value;
      if (taken.has(name)) return [];
      const place = context.written(['train', 'args', name]);
      const near = closestWord(
        name,
        known.filter((each) => !written.includes(each)),
      );
      const end = near === null ? 'Remove it, or check its spelling.' : `Did you mean \`${near}\`?`;
      const message = `\`${name.slice(0, 40)}\` is not known as an argument of Ultralytics, which stops at unknown ones. ${end}`;
      const range = context.lines.range(keyNode.offset, keyNode.offset + keyNode.length);
      const fixes =
        near === null ? [] : [{ title: `Write ${near}`, preferred: true, edits: [{ range, newText: near }] }];
      const problem = problemAt(context, 'RECIPE033', place ?? args, message, { severity: 'warning', fixes });
      return [{ ...problem, range }];
    });
  },
};
