import { closestWord } from '../../text/closest';
import { MODEL_TYPES } from '../knowledge/schema';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD030: each class compares `model_type` letter by letter. */
export const modelType: MudRule = {
  code: 'MUD030',
  stage: 'class',
  mistakes: [26],
  check(context) {
    const item = context.item('extra', 'model_type');
    if (item === undefined || context.modelClass !== null || context.form(item) !== null) return [];
    const { text } = item.value;
    // maix.nn.YOLO26 takes any word that contains its name.
    if (/yolo26|YOLO26/.test(text)) {
      const message = `Only \`maix.nn.YOLO26\` takes \`${text}\`, and it decodes boxes only. Write \`yolo26\` for a model that finds boxes.`;
      return [problem(context, 'MUD030', 'information', item.value, message)];
    }
    const near = likely(text);
    const at = text === '' ? item.key : item.value;
    if (near === null) {
      const message = `No decoder class of MaixPy takes \`model_type = ${text}\`; the model can be used with plain \`maix.nn.NN\` only. The classes take: ${MODEL_TYPES.join(', ')}.`;
      return [problem(context, 'MUD030', 'warning', at, message)];
    }
    const message = `No decoder class of MaixPy takes \`model_type = ${text}\`: loading stops with "model_type not match". Write \`${near}\`.`;
    return [
      problem(context, 'MUD030', 'error', at, message, [
        preferred(`Write ${near}`, replace(context, item.value, near)),
      ]),
    ];
  },
};

/** `yolov11` is `yolo11`, `yolo8` is `yolov8`; else the nearest word. */
function likely(text: string): string | null {
  const yolo = /^yolov?[\s_-]?(5|8|11|26)(?:u|n|s|m|l|x)?$/i.exec(text);
  if (yolo !== null)
    return MODEL_TYPES.find((type) => /^yolov?\d+$/.test(type) && type.replace(/\D/g, '') === yolo[1]) ?? null;
  if (/^depth[\s_-]?anything/i.test(text)) return 'depth_anything_v2';
  return text === '' ? null : closestWord(text, MODEL_TYPES);
}
