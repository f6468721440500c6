import { closestWord } from '../../text/closest';
import { offered, preferred, setValue } from './edits';
import { chipOfEnding, modelItems } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD020: each board's runtime accepts one `type`. */
export const modelFormat: MudRule = {
  code: 'MUD020',
  stage: 'runtime',
  mistakes: [18],
  check(context) {
    const item = context.item('basic', 'type');
    if (item === undefined || context.chip !== null || context.form(item) !== null) return [];
    const { text } = item.value;
    const chip = modelItems(context)
      .map(({ value }) => chipOfEnding(value.text))
      .find((each) => each !== null);
    const likely =
      chip === undefined ? closestWord(text, ['cvimodel', 'axmodel']) : chip === 'maixcam' ? 'cvimodel' : 'axmodel';
    const known = /^(aipu|rknn|bmodel|ncnn|onnx)$/.test(text) ? ' It is the format of another board.' : '';
    const message = `No board loads \`type = ${text}\`.${known} Write \`cvimodel\` for MaixCAM and MaixCAM-Pro, or \`axmodel\` for MaixCAM2.`;
    const fixes = ['cvimodel', 'axmodel'].map((type) => {
      const edit = setValue(context, item, type);
      return type === likely ? preferred(`Write ${type}`, edit) : offered(`Write ${type}`, edit);
    });
    return [problem(context, 'MUD020', 'error', item.value.text === '' ? item.key : item.value, message, fixes)];
  },
};
