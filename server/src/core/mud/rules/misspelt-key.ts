import { closestWord } from '../../text/closest';
import type { MudContext } from '../context';
import { RUNTIME_KEYS, SECTIONS, keySchema, keysOf } from '../knowledge/schema';
import { INVISIBLE } from '../value-form';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** Comparing words costs; a file with more unknown keys than this is no MUD. */
const MAX_UNKNOWN = 200;

/** MUD032: keys are compared letter by letter; what the board does not know it does not read. */
export const misspeltKey: MudRule = {
  code: 'MUD032',
  stage: 'class',
  mistakes: [15],
  check(context) {
    const unknown = context.read.filter((item) => {
      const { key, section } = item;
      if (section.name !== 'basic' && section.name !== 'extra') return false;
      if (context.schema(item) !== null || key.text === 'std' || INVISIBLE.test(key.text)) return false;
      return !SECTIONS.some((name) => keySchema(name, key.text, null) !== null);
    });
    return unknown.slice(0, MAX_UNKNOWN).flatMap((item) => {
      const { key, section } = item;
      const wanted = wantedKeys(context, section.name);
      const near = closestWord(
        key.text,
        wanted.filter((name) => context.item(section.name, name) === undefined),
      );
      if (near === null) return [];
      const needed =
        section.name === 'basic'
          ? near === 'type' || (near === 'model' && context.chip === 'maixcam')
          : near === 'model_type' || context.modelClass?.required.includes(near) === true;
      const message = `The board does not know \`${key.text}\`${needed ? ` and stops because \`${near}\` is missing` : ' and ignores it'}. Write \`${near}\`.`;
      return [
        problem(context, 'MUD032', needed ? 'error' : 'warning', key, message, [
          preferred(`Write ${near}`, replace(context, key, near)),
        ]),
      ];
    });
  },
};

function wantedKeys(context: MudContext, section: string): readonly string[] {
  const { modelClass, chip } = context;
  if (section === 'basic') return keysOf('basic').filter((key) => chip !== 'maixcam' || !key.endsWith('npu'));
  if (modelClass === null || modelClass['recognised-by'] !== undefined) return keysOf('extra');
  return ['model_type', ...modelClass.required, ...(modelClass.optional ?? []), ...RUNTIME_KEYS];
}
