import { insertLines, offered, preferred, setValue } from './edits';
import { folderNames } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD021: what names the model file, for each board. */
export const missingModel: MudRule = {
  code: 'MUD021',
  stage: 'runtime',
  mistakes: [19],
  check(context) {
    if (context.chip === null) return [];
    const keys = context.chip === 'maixcam' ? ['model'] : ['model_npu', 'model_vnpu', 'model'];
    const written = keys.map((key) => context.item('basic', key)).filter((item) => item !== undefined);
    if (written.some(({ value }) => value.text !== '')) return [];
    if (written.length === 0 && keys.some((key) => context.meant('basic', key))) return [];
    const message =
      context.chip === 'maixcam'
        ? 'The board cannot load the model: `[basic]` names no file with `model`. Add `model = NAME.cvimodel`.'
        : 'The board cannot load the model: `[basic]` names no file. Add `model_vnpu` (AI-ISP on, the usual state) and `model_npu` (AI-ISP off).';
    const key = context.chip === 'maixcam' ? 'model' : 'model_vnpu';
    const ending = context.chip === 'maixcam' ? '.cvimodel' : '.axmodel';
    const names = folderNames(context, '')
      .filter((name) => name.endsWith(ending) && !/[#]/.test(name))
      .slice(0, 5);
    const [empty] = written;
    const fixes = names.map((name) => {
      const edit =
        empty === undefined ? insertLines(context, 'basic', [`${key} = ${name}`]) : setValue(context, empty, name);
      return names.length === 1 ? preferred(`Add ${key} = ${name}`, edit) : offered(`Add ${key} = ${name}`, edit);
    });
    return [problem(context, 'MUD021', 'error', empty?.key ?? context.placeOf('basic'), message, fixes)];
  },
};
