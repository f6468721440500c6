import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { runPythonProgram } from '../python/program';
import type { PythonEnvironment } from '../python/variables';
import type { PictureOutputs, RunModelOptions } from './onnx-model';

export const SIMULATE_PROGRAM = 'simulate.py';

interface SimulatedPicture {
  readonly outputs: readonly { readonly name: string; readonly file: string }[];
}

/**
 * Runs a cvimodel in TPU-MLIR's chip simulator on prepared inputs (float32, normalised; the simulator quantises them
 * with the model's input scale, spec toolchain.md 7). `outputs` are the model's own, in its order; `folder` takes the
 * files that travel between the processes.
 */
export async function simulateCvimodel(
  model: { readonly file: string; readonly input: string; readonly outputs: readonly string[] },
  shape: readonly number[],
  inputs: readonly Float32Array[],
  folder: string,
  options: RunModelOptions & { readonly environment: PythonEnvironment; readonly logFile: string },
): Promise<readonly PictureOutputs[]> {
  const files: string[] = [];
  for (const [index, data] of inputs.entries()) {
    const file = path.join(folder, `in-${index}.bin`);
    await writeFile(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    files.push(file);
  }
  const done = await runPythonProgram({
    environment: options.environment,
    program: SIMULATE_PROGRAM,
    config: {
      model: model.file,
      inputs: files.map((file) => ({ path: file, shape })),
      outDir: folder,
      inputName: model.input,
    },
    cwd: folder,
    env: options.env,
    signal: options.signal,
    logFile: options.logFile,
    onEvent: (event) => {
      if (event.event === 'picture') options.onPicture?.(Number(event.index) + 1);
    },
  });
  const index = JSON.parse(await readFile(String(done.index), 'utf8')) as {
    readonly pictures: readonly SimulatedPicture[];
  };
  return Promise.all(
    index.pictures.map(async (picture) => {
      const named = new Map(picture.outputs.map((output) => [output.name, output.file]));
      return Promise.all(model.outputs.map((name) => readFloats(folder, name, named)));
    }),
  );
}

async function readFloats(folder: string, name: string, files: ReadonlyMap<string, string>): Promise<Float32Array> {
  const file = files.get(name);
  if (file === undefined) {
    throw new AppError({
      code: 'SIMULATE_OUTPUT_MISSING',
      message: `The chip simulator gave no output ${name}; it has ${[...files.keys()].join(', ')}.`,
      hint: 'Convert the model again; if it stays, report it with the log of this run.',
    });
  }
  const bytes = await readFile(path.join(folder, file));
  // A copy: a pooled Buffer need not be aligned for floats.
  return new Float32Array(new Uint8Array(bytes).buffer);
}
