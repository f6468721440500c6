import { closestWord } from '../../text/closest';
import { itemsOf } from '../tree';
import { insertLines, offered } from './edits';
import { type MudRule, problem } from './rule';

/** MUD029: every decoder class but YOLO26 wants its word; plain `maix.nn.NN` does not. */
export const missingModelType: MudRule = {
  code: 'MUD029',
  stage: 'class',
  mistakes: [15, 26],
  check(context) {
    if (context.chip === null || context.modelClass !== null || context.item('extra', 'model_type') !== undefined)
      return [];
    if (context.meant('extra', 'model_type')) return [];
    const keys = new Set(itemsOf(context.tree, 'extra').map(({ key }) => key.text));
    if ([...keys].some((key) => closestWord(key, ['model_type']) !== null)) return [];
    const message =
      'Without `model_type` in `[extra]` the decoder classes of MaixPy refuse the model; only plain `maix.nn.NN` takes it. Add it if a class should decode the outputs.';
    const likely = keys.has('anchors') ? ['yolov5'] : ['yolo11', 'yolov8', 'classifier'];
    const fixes = likely.map((type) =>
      offered(`Add model_type = ${type}`, insertLines(context, 'extra', [`model_type = ${type}`])),
    );
    return [
      problem(
        context,
        'MUD029',
        keys.has('labels') ? 'warning' : 'information',
        context.placeOf('extra'),
        message,
        fixes,
      ),
    ];
  },
};
