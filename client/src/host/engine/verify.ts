import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { OnnxModel } from '../../../../server/src/core/onnx/model';
import { producersOf } from '../../../../server/src/core/onnx/cut/reach';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import { openEngine, type Engine, type EngineOptions, type TensorValue, type ValueDescription } from './engine';
import { imageAsInput } from './image-input';
import { instrument } from './instrument';
import { concreteDims, randomInput } from './model-input';
import { compareTensors, joinTensors, type TensorComparison } from './tensor-comparison';

export interface VerifyOptions extends EngineOptions {
  /** A JPEG or PNG file to run on, in place of random numbers. */
  readonly image?: string | undefined;
  /** Of the random numbers; the same seed gives the same input. */
  readonly seed?: number | undefined;
  /** An engine that is open already and stays open; the other engine options do not count then. */
  readonly engine?: Engine | undefined;
}

/** One output of the cut against the same tensor of the original. */
export interface VerifiedOutput extends TensorComparison {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** The tensors of the original that the cut joins to this output; null for a tensor of the original itself. */
  readonly parts: readonly string[] | null;
}

export interface Verification {
  /** True where every output agrees in every bit. */
  readonly identical: boolean;
  readonly outputs: readonly VerifiedOutput[];
  /** What both were run on: a picture's path, or `random (seed N)`. */
  readonly input: string;
  readonly engine: string;
}

const DEFAULT_SEED = 1;

/**
 * Runs a cut and the model that it was cut from on the same input, without graph optimisation, and compares every
 * output of the cut with the same tensor of the original bit for bit. An output that the cut rebuilt by joining tensors
 * is compared with those tensors.
 *
 * @throws AppError `VERIFY_NOT_FROM_ORIGINAL`, `VERIFY_INPUTS_DIFFER`, `IMAGE_UNUSABLE`, the codes of `openOnnxFile`,
 *   `imageAsInput`, `openEngine` and `Session.run`.
 */
export async function verifyCut(
  cutPath: string,
  originalPath: string,
  options: VerifyOptions = {},
): Promise<Verification> {
  const cut = readModel(cutPath);
  const original = readModel(originalPath);
  const sources = sourcesOf(cut, original);
  const types = new Map(
    cut.graph.outputs.flatMap((output) => (sources.get(output.name)?.names ?? []).map((name) => [name, output.type])),
  );

  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'maixcam-verify-'));
  let engine = options.engine;
  try {
    const instrumented = await instrument(originalPath, original, types, folder);
    engine ??= await openEngine(options);
    const feeds: Record<string, TensorValue> = {};
    const expected = await runOnce(engine, instrumented, async (inputs) => {
      for (const input of inputs) feeds[input.name] = await valuesFor(input, original, options);
      return feeds;
    });
    const actual = await runOnce(engine, cutPath, (inputs) => {
      const chosen = inputs.map((input) => [input.name, feeds[input.name]] as const);
      const unknown = chosen.find(([, value]) => value === undefined);
      if (unknown !== undefined) throw inputsDiffer(unknown[0]);
      return Promise.resolve(Object.fromEntries(chosen) as Record<string, TensorValue>);
    });
    const outputs = cut.graph.outputs.map(({ name }): VerifiedOutput => {
      const result = tensorOf(actual, name);
      const from = sources.get(name);
      const parts = (from?.names ?? []).map((part) => tensorOf(expected, part));
      const wanted = from?.axis === undefined ? parts[0] : joinTensors(parts, from.axis);
      const comparison = compareTensors(result, wanted);
      const rebuiltFrom = from?.axis === undefined ? null : from.names;
      return { name, type: result.type, shape: result.dims, ...comparison, parts: rebuiltFrom };
    });
    return {
      identical: outputs.every((output) => output.identical),
      outputs,
      input: options.image ?? `random (seed ${options.seed ?? DEFAULT_SEED})`,
      engine: engine.kind,
    };
  } finally {
    if (engine !== options.engine) await engine?.close();
    await fs.rm(folder, { recursive: true, force: true });
  }
}

function readModel(file: string): OnnxModel {
  const { source, model } = openOnnxFile(file);
  source.close();
  return model;
}

interface OutputSource {
  readonly names: readonly string[];
  /** Given where the tensors are joined. */
  readonly axis: number | undefined;
}

/** Where each output of the cut comes from in the original. */
function sourcesOf(cut: OnnxModel, original: OnnxModel): ReadonlyMap<string, OutputSource> {
  const known = new Set(original.graph.nodes.flatMap((node) => node.outputs));
  const producers = producersOf(cut.graph);
  const sources = new Map<string, OutputSource>();
  for (const { name } of cut.graph.outputs) {
    const node = producers.get(name);
    const axis = node?.attributes.get('axis');
    if (known.has(name)) sources.set(name, { names: [name], axis: undefined });
    else if (node?.opType === 'Concat' && axis?.kind === 'int' && node.inputs.every((input) => known.has(input))) {
      sources.set(name, { names: node.inputs, axis: axis.value });
    } else {
      throw new AppError({
        code: 'VERIFY_NOT_FROM_ORIGINAL',
        message: `The output "${name}" is no tensor of the original and is not joined from tensors of it: this file was not cut from that model.`,
        hint: 'Give the model that the cut was made from with --against.',
      });
    }
  }
  return sources;
}

async function runOnce(
  engine: Engine,
  file: string,
  feeds: (inputs: readonly ValueDescription[]) => Promise<Record<string, TensorValue>>,
): Promise<Record<string, TensorValue>> {
  const session = await engine.load(file, { optimization: 'disabled' });
  const results = await session.run(await feeds(session.inputs));
  await session.dispose();
  return results;
}

async function valuesFor(input: ValueDescription, model: OnnxModel, options: VerifyOptions): Promise<TensorValue> {
  const dims = concreteDims(input, model.metadata.imgsz);
  if (options.image === undefined) return randomInput(input, dims, options.seed ?? DEFAULT_SEED);
  const [batch, channels, height, width] = dims;
  const fits = input.type === 'float32' && dims.length === 4 && batch === 1 && (channels === 1 || channels === 3);
  if (!fits || height === undefined || width === undefined) {
    throw new AppError({
      code: 'IMAGE_UNUSABLE',
      message: `The input "${input.name}" (${input.type}, ${dims.join('×')}) does not take a picture.`,
      hint: 'Leave the picture out; random numbers are used then.',
    });
  }
  return { type: 'float32', dims, data: await imageAsInput(options.image, channels, height, width) };
}

function tensorOf(results: Record<string, TensorValue>, name: string): TensorValue {
  const tensor = results[name];
  if (tensor !== undefined) return tensor;
  throw new AppError({
    code: 'ENGINE_FAILED',
    message: `onnxruntime gave no values for "${name}".`,
    hint: 'Check the model with `maixcam onnx`.',
  });
}

function inputsDiffer(name: string): AppError {
  return new AppError({
    code: 'VERIFY_INPUTS_DIFFER',
    message: `The cut has an input "${name}" that the original does not have.`,
    hint: 'Give the model that the cut was made from with --against.',
  });
}
