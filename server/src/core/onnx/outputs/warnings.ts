import { boardKind, type BoardId } from '../../board/kinds';
import { classNames } from '../class-names';
import type { Head } from '../heads/head';
import type { RecognizedModel } from '../heads/recognize';
import type { OnnxModel } from '../model';
import type { ChoiceWarning } from './choice';

/** Newest that the converter's own onnx 1.14.1 and onnxruntime 1.16.3 read (conversion.md 0.2, 1.1). */
const NEWEST_OPSET = 19;
const NEWEST_IR = 9;

/** Facts that do not keep the model from running, but that a person should know before converting. */
export function modelWarnings(
  model: OnnxModel,
  recognized: RecognizedModel,
  head: Head,
  board: BoardId,
): readonly ChoiceWarning[] {
  const { converter } = boardKind(board);
  const warnings: ChoiceWarning[] = [];
  const warn = (code: string, message: string): number => warnings.push({ code, message });

  if (head.embeddedNms) {
    warn('ONNX_EMBEDDED_NMS', 'The graph runs NMS after the head; the cut leaves it out and the board runs its own.');
  }
  if (head.kind === 'anchor-free' && head.decoder === 'yolo26') {
    if (head.classes === 4) {
      warn(
        'YOLO26_FOUR_CLASSES',
        'YOLO26 with exactly 4 classes does not load on released MaixPy 4.12.5 ("need 3 bbox and 3 cls outputs"); later builds carry the same number, so check on the board. YOLO11, or a fifth unused class, avoids it.',
      );
    }
    if (head.classes > 80) {
      warn(
        'YOLO26_MANY_CLASSES',
        `YOLO26 with more than 80 classes (here ${head.classes}) overwrites memory on released MaixPy 4.12.5; check on the board, or use YOLO11.`,
      );
    }
  }
  if (head.task === 'segment') {
    warn(
      'SEGMENT_SMALL_OBJECTS',
      'An object of a few pixels makes the whole detect() throw ("image width and height should > 0"): catch the exception in the script.',
    );
  }
  if (recognized.image?.type === 'float16') {
    warn('ONNX_HALF', 'The model was exported with half=True (float16); export it with half=False for the converter.');
  }
  if (converter === 'tpu-mlir' && (model.opset > NEWEST_OPSET || model.irVersion > NEWEST_IR)) {
    warn(
      'ONNX_TOO_NEW',
      `Opset ${model.opset} and IR version ${model.irVersion}: the converter reads at most opset ${NEWEST_OPSET} and IR ${NEWEST_IR}. Export with opset=17.`,
    );
  }
  const names = classNames(model.metadata.names);
  if (names !== null && names.length !== head.classes) {
    warn(
      'METADATA_NAMES',
      `The metadata names ${names.length} classes, the head has ${head.classes}: write ${head.classes} labels into the MUD.`,
    );
  }
  const told = model.metadata.task;
  if (told !== undefined && told !== '' && told !== head.task) {
    warn('METADATA_TASK', `The metadata says task ${told}, the graph is a ${head.task} head; the graph counts.`);
  }
  return warnings;
}
