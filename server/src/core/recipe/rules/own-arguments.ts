import { changeFix } from '../fixes/recipe-edit';
import { problemAt, type RecipeRule } from './rule';

/** Ultralytics arguments that a recipe key or the step itself decides, with the key that does. */
export const OWNED_ARGUMENTS: Readonly<Record<string, string | null>> = {
  task: 'task',
  mode: null,
  model: 'train.model',
  data: 'dataset',
  epochs: 'train.epochs',
  batch: 'train.batch',
  imgsz: 'train.image-size',
  seed: 'train.seed',
  device: 'train.device',
  project: null,
  name: null,
  exist_ok: null,
  resume: null,
  save_dir: null,
  // Without it no weights are written.
  save: null,
  // A file of arguments, with any of those above.
  cfg: null,
  // Not an argument but the class of the trainer.
  trainer: null,
};

/** RECIPE018: an argument below `train.args` that would contradict the recipe or move the results elsewhere. */
export const ownArguments: RecipeRule = {
  code: 'RECIPE018',
  check(context) {
    const args = context.written(['train', 'args']);
    if (args?.node.type !== 'object') return [];
    return args.node.properties.flatMap((property) => {
      const name = property.keyNode.value;
      const owner = Object.hasOwn(OWNED_ARGUMENTS, name) ? OWNED_ARGUMENTS[name] : undefined;
      if (owner === undefined) return [];
      const message =
        owner === null
          ? `\`train.args.${name}\` would change where or how the step works. Remove it.`
          : `\`train.args.${name}\` would contradict \`${owner}\`. Write the value there and remove this line.`;
      const place = context.written(['train', 'args', name]);
      const fixes = changeFix(context.text, context.lines, `Remove ${name}`, [[['train', 'args', name], undefined]]);
      return [problemAt(context, 'RECIPE018', place ?? args, message, { atKey: true, fixes })];
    });
  },
};
