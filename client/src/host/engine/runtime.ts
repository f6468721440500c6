import fs from 'node:fs/promises';
import path from 'node:path';
import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import type { EngineKind } from './messages';

/** What both builds of onnxruntime offer (the `onnxruntime-common` interface). */
export interface Runtime {
  readonly env: Env;
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/** A file that a WebAssembly session cannot open by itself. */
interface ExternalFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Loads one of the two builds. Only the engine's child process does this: native code can take its process down. */
export async function loadRuntime(kind: EngineKind): Promise<Runtime> {
  const module: unknown = kind === 'native' ? await import('onnxruntime-node') : await import('onnxruntime-web');
  const runtime = ('default' in (module as object) ? (module as { default: unknown }).default : module) as Runtime;
  // The CommonJS build shows itself through `default`, the ES module build through its named exports.
  const found = 'InferenceSession' in runtime ? runtime : (module as Runtime);
  found.env.logLevel = 'error';
  if (kind === 'wasm') found.env.wasm.numThreads = 1;
  return found;
}

/** Model and external data as bytes, for the build that has no file access. */
export async function readWhole(modelPath: string): Promise<{ model: Uint8Array; external: readonly ExternalFile[] }> {
  const { source, model } = openOnnxFile(modelPath);
  source.close();
  const locations = new Set<string>();
  for (const tensor of model.graph.initializers.values()) {
    const location = tensor.external?.get('location');
    if (location !== undefined) locations.add(location);
  }
  const folder = path.dirname(modelPath);
  const external = await Promise.all(
    [...locations].map(async (location) => ({
      path: location,
      data: await fs.readFile(path.join(folder, location)),
    })),
  );
  return { model: await fs.readFile(modelPath), external };
}
