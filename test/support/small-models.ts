import { readFileSync } from 'node:fs';
import path from 'node:path';
import { onnxFromBytes, type OnnxFixture } from './onnx-fixtures';

/** Path of a model of `test/fixtures/onnx/cut` (see the README there). */
export function smallModelPath(name: string): string {
  return path.resolve('test/fixtures/onnx/cut', `${name}.onnx`);
}

/** A model with features that exported YOLO models do not have. */
export function smallModel(name: string): OnnxFixture {
  return onnxFromBytes(name, new Uint8Array(readFileSync(smallModelPath(name))));
}
