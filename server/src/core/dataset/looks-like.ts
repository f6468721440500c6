/** How much of a text is looked at: the keys that matter stand at its beginning, long lists of names may follow. */
const LOOKED_AT = 64 * 1024;

const OTHER_LANGUAGES = /\.(?:mud|maixcam\.ya?ml)$/i;
/** A split with a path or a list behind it: other programs' `train:` opens a group of settings. */
const SPLIT =
  /^(["']?)(train|val|valid|validation|test|minival)\1[ \t]*:(?:[ \t]+(?!#)\S|[ \t]*(?:#.*)?\r?\n?(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*-[ \t])/gmu;
const CLASSES = /^(["']?)(?:names|nc|kpt_shape|kpt_names|flip_idx)\1[ \t]*:/mu;
const ANY_SPLIT_KEY = /^(["']?)(?:train|val|valid|validation|path)\1[ \t]*:/mu;
/** Keys that mark the file as something else: a recipe, a model of Ultralytics, its training arguments. */
const FOREIGN = /^(?:board|backbone|stages|services|jobs|epochs|imgsz)[ \t]*:/mu;
const USUAL_NAME = /(?:^|[\\/])(?:data|dataset)\.ya?ml$/i;

/**
 * Whether a YAML text describes a dataset for Ultralytics (spec dataset-and-training.md 1.2), by its keys alone, so
 * that it costs next to nothing and also answers for a text that is broken further down. A recipe or any other YAML
 * never is one.
 */
export function looksLikeDataset(text: string, path: string): boolean {
  if (OTHER_LANGUAGES.test(path)) return false;
  const head = text
    .slice(0, LOOKED_AT)
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
  if (FOREIGN.test(head)) return false;
  const splits = new Set([...head.matchAll(SPLIT)].map((match) => match[2]));
  const classes = CLASSES.test(head);
  if (splits.size > 0 && classes) return true;
  if (splits.has('train') && (splits.has('val') || splits.has('valid') || splits.has('validation'))) return true;
  return USUAL_NAME.test(path) && (classes || ANY_SPLIT_KEY.test(head));
}
