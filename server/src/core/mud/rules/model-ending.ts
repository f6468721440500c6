import { CHIP_TITLES } from '../knowledge/schema';
import { preferred, replace } from './edits';
import { chipOfEnding, folderNames, foreignFormat, modelItems } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD026: the runtime opens the file as `type` says. */
export const modelEnding: MudRule = {
  code: 'MUD026',
  stage: 'runtime',
  mistakes: [18],
  check(context) {
    const { chip } = context;
    if (chip === null) return [];
    const type = chip === 'maixcam' ? 'cvimodel' : 'axmodel';
    const used = modelItems(context).filter(({ key }) => chip === 'maixcam2' || key.text === 'model');
    return used.flatMap((item) => {
      const { text } = item.value;
      const other = chipOfEnding(text);
      const foreign = other === null ? foreignFormat(text) : null;
      if (other === chip || (other === null && foreign === null) || context.form(item) !== null) return [];
      const own = text.replace(/\.[^./]*$/, `.${type}`);
      const there = folderNames(context, text).includes(own.slice(own.lastIndexOf('/') + 1));
      const typeItem = context.item('basic', 'type');
      const fixes = there ? [preferred(`Write ${own}`, replace(context, item.value, own))] : [];
      if (
        other !== null &&
        typeItem !== undefined &&
        !there &&
        used.every(({ value }) => chipOfEnding(value.text) === other) &&
        (other === 'maixcam2' || item.key.text === 'model')
      ) {
        const right = other === 'maixcam' ? 'cvimodel' : 'axmodel';
        fixes.push(
          preferred(`Write type = ${right} (for ${CHIP_TITLES[other]})`, replace(context, typeItem.value, right)),
        );
      }
      const what = other === null ? `a file of ${foreign ?? ''}` : `a model for ${CHIP_TITLES[other]}`;
      const message = `\`type = ${type}\` is for ${CHIP_TITLES[chip]}, but \`${text}\` is ${what}: the board cannot load it. ${other === null ? `Convert the model and name the .${type} file.` : 'Change the file or the type.'}`;
      return [problem(context, 'MUD026', 'error', item.value, message, fixes)];
    });
  },
};
