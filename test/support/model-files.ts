import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { onnxFixture } from './onnx-fixtures';
import { dropStoredShapes, setInputShape } from './onnx-rewrite';

/** Shortcuts for the models that tests of the whole program use most. */
export const YOLOV8 = 'trained/shapes-yolov8-detect';
export const YOLO11 = 'heads/u8.4-yolo11-detect';

/** Unpacks a test model into a folder; gives its path. */
export function unpackModel(folder: string, fixture: string, as = 'model.onnx'): string {
  const file = path.join(folder, as);
  writeFileSync(file, onnxFixture(fixture).bytes);
  return file;
}

/** A model whose input has other sizes than it was exported with; text makes a size symbolic. */
export function modelWithInput(folder: string, shape: readonly (number | string)[], as = 'model.onnx'): string {
  const file = path.join(folder, as);
  writeFileSync(file, setInputShape(dropStoredShapes(onnxFixture('heads/u8.4-yolov8-detect').bytes), shape));
  return file;
}
