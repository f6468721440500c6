import type { MudContext } from '../context';
import { offered, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD058: the face recogniser looks for `model_type` itself, at column 0, and keeps a comment (spec mud.md 1.4). */
export const faceScan: MudRule = {
  code: 'MUD058',
  stage: 'class',
  mistakes: [63],
  check(context) {
    const item = context.item('extra', 'model_type');
    if (item === undefined || !isFaceDetector(context)) return [];
    const indent = item.key.start - item.line.start;
    const { comment } = item.line;
    if (indent === 0 && comment === null) return [];
    const message = `\`maix.nn.FaceRecognizer\` reads this line on its own and does not find the type where ${indent > 0 ? 'the line is indented' : 'a comment follows'}. Other classes read it. Write the line alone, without blanks before it.`;
    const edits = [
      ...(indent > 0 ? [replace(context, { start: item.line.start, end: item.key.start }, '')] : []),
      ...(comment === null ? [] : [replace(context, { start: item.value.end, end: comment.end }, '')]),
    ];
    return [
      problem(context, 'MUD058', 'information', item.value, message, [offered('Write the line alone', ...edits)]),
    ];
  },
};

/** What the face recogniser takes as its detector. */
function isFaceDetector(context: MudContext): boolean {
  if (context.modelType === 'retinaface' || context.modelType === 'face_detector') return true;
  const yolo = context.modelType === 'yolov8' || context.modelType === 'yolo11';
  return yolo && context.item('extra', 'type')?.value.text === 'pose';
}
