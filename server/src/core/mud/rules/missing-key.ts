import { closestWord } from '../../text/closest';
import type { MudContext } from '../context';
import { type ClassSchema, keySchema } from '../knowledge/schema';
import { itemsOf } from '../tree';
import { insertLines, offered } from './edits';
import { folderNames } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD031: what the decoder class asks for ("… key not found"). */
export const missingKey: MudRule = {
  code: 'MUD031',
  stage: 'class',
  mistakes: [15, 30, 43, 50, 64, 68],
  check(context) {
    const { modelClass } = context;
    if (modelClass === null) return [];
    const written = itemsOf(context.tree, 'extra').map(({ key }) => key.text);
    const unknown = written.filter((key) => keySchema('extra', key, modelClass) === null);
    return requiredKeys(context, modelClass).flatMap((key) => {
      if (context.meant('extra', key)) return [];
      // A misspelt key, or `std` for `scale`, has a problem of its own.
      if (unknown.some((each) => closestWord(each, [key]) !== null) || (key === 'scale' && written.includes('std')))
        return [];
      const schema = keySchema('extra', key, modelClass);
      const message =
        `${modelClass.title} cannot load the model: \`${key}\` is missing in \`[extra]\`. ${schema?.description ?? ''}`.trim();
      const fixes = suggestions(context, key).map((value) =>
        offered(`Add ${key} = ${value}`, insertLines(context, 'extra', [`${key} = ${value}`])),
      );
      return [problem(context, 'MUD031', 'error', context.placeOf('extra'), message, fixes)];
    });
  },
};

/** PP-OCR wants the recogniser's keys as soon as one is there (spec mud.md 3.17). */
function requiredKeys(context: MudContext, modelClass: ClassSchema): readonly string[] {
  if (context.modelType !== 'pp_ocr' || context.item('extra', 'rec_model') === undefined) return modelClass.required;
  return [...modelClass.required, 'rec_mean', 'rec_scale', 'labels'];
}

function suggestions(context: MudContext, key: string): readonly string[] {
  const schema = keySchema('extra', key, context.modelClass);
  switch (schema?.['x-kind']) {
    case 'choice':
      return (schema.oneOf ?? []).map((choice) => choice.const);
    case 'file':
      return folderNames(context, '')
        .filter((name) => schema['x-endings']?.some((ending) => name.endsWith(ending)))
        .slice(0, 5);
    case 'labels':
      return folderNames(context, '')
        .filter((name) => name.endsWith('.txt') && !/[#,\s]/.test(name))
        .slice(0, 5);
    default:
      return schema?.examples?.slice(0, 2) ?? [];
  }
}
