import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { OnnxModel } from '../../server/src/core/onnx/model';
import { readOnnx } from '../../server/src/core/onnx/read';
import { bytesSource, type ByteSource } from '../../server/src/core/ports';

const FOLDER = 'test/fixtures/onnx';

export interface OnnxFixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly source: ByteSource;
  readonly model: OnnxModel;
}

/** Names such as `heads/u8.4-yolov8-detect` of every gzipped test model. */
export function onnxFixtureNames(folder: 'heads' | 'trained'): readonly string[] {
  return readdirSync(path.join(FOLDER, folder))
    .filter((file) => file.endsWith('.onnx.gz'))
    .map((file) => `${folder}/${file.slice(0, -'.onnx.gz'.length)}`)
    .sort();
}

/** Unpacks and reads one test model. */
export function onnxFixture(name: string): OnnxFixture {
  return onnxFromBytes(name, new Uint8Array(gunzipSync(readFileSync(path.join(FOLDER, `${name}.onnx.gz`)))));
}

/** Reads a model that a test derived from another one. */
export function onnxFromBytes(name: string, bytes: Uint8Array): OnnxFixture {
  const source = bytesSource(bytes);
  return { name, bytes, source, model: readOnnx(source) };
}
