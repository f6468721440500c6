import { AppError } from '../../../../server/src/core/problems/app-error';
import { openEngine } from '../engine/engine';

/** Values of all outputs for one picture, in model output order. */
export type PictureOutputs = readonly Float32Array[];

export interface RunModelOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onPicture?: (done: number) => void;
}

/**
 * Runs an ONNX model on prepared inputs ([1, 3, height, width], float32) one after another in the engine process.
 *
 * @throws AppError those of the engine; `PREDICT_OUTPUT_TYPE` for outputs that are not float32.
 */
export async function runOnnxModel(
  model: string,
  shape: readonly number[],
  inputs: readonly Float32Array[],
  options: RunModelOptions,
): Promise<readonly PictureOutputs[]> {
  const engine = await openEngine({ env: options.env, signal: options.signal });
  try {
    const session = await engine.load(model);
    const [input] = session.inputs;
    const results: PictureOutputs[] = [];
    for (const data of inputs) {
      const outputs = await session.run({ [input?.name ?? '']: { type: 'float32', dims: shape, data } });
      results.push(
        session.outputs.map(({ name }) => {
          const value = outputs[name];
          if (value?.type === 'float32') return value.data as Float32Array;
          throw new AppError({
            code: 'PREDICT_OUTPUT_TYPE',
            message: `The output ${name} is ${value?.type ?? 'missing'}; the board reads float32 only.`,
            hint: 'Export the model without half precision.',
          });
        }),
      );
      options.onPicture?.(results.length);
    }
    return results;
  } finally {
    await engine.close();
  }
}
