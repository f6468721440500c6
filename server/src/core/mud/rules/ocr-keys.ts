import { offered, removeLines, setValue } from './edits';
import { type MudRule, problem } from './rule';

/** MUD059: `det` decides whether there may be a recogniser (spec mud.md 3.17). */
export const ocrKeys: MudRule = {
  code: 'MUD059',
  stage: 'class',
  mistakes: [64],
  check(context) {
    const det = context.item('extra', 'det');
    const rec = context.item('extra', 'rec_model');
    if (context.modelType !== 'pp_ocr' || det === undefined || rec === undefined || det.value.text === 'true')
      return [];
    const message =
      'PP-OCR refuses `rec_model` in a MUD that is no detector ("model is rec model, shouldn\'t have rec_model key"). Write `det = true`, or remove the recogniser.';
    return [
      problem(context, 'MUD059', 'error', rec.key, message, [
        offered('Write det = true', setValue(context, det, 'true')),
        offered('Remove rec_model', removeLines(context, rec.line)),
      ]),
    ];
  },
};
