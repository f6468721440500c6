import type { OnnxModel, Shape, ValueInfo } from '../onnx/model';
import { readOnnx } from '../onnx/read';
import { wireReader } from '../onnx/wire';
import { bytesSource, type ByteSource } from '../ports';
import { AppError } from '../problems/app-error';
import type { ModelProblem } from '../problems/model-problem';
import { decodeBase64 } from './base64';

export interface AxTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape;
  /** As the extra data says; null where it says nothing about this tensor. */
  readonly layout: 'NHWC' | 'NCHW' | null;
  readonly colour: 'gray' | 'bgr' | 'rgb' | null;
}

/** A converted model for MaixCAM2. */
export interface Axmodel {
  /** Version of Pulsar2 that wrote it; empty where the file does not say. */
  readonly toolVersion: string;
  /** `npu1` runs beside the AI-ISP (`model_vnpu` of a MUD), `npu2` needs the whole NPU (`model_npu`). */
  readonly npuMode: 'npu1' | 'npu2' | 'unknown';
  /** Number of the hardware; 1 is the AX620E family of the MaixCAM2. Null: not said, which means AX650. */
  readonly hardware: number | null;
  readonly inputs: readonly AxTensor[];
  readonly outputs: readonly AxTensor[];
  /** Operators that were left to the CPU. */
  readonly cpuOperators: readonly string[];
  /** Estimate of the memory on the board, in bytes: weights plus input and output. */
  readonly memory: { readonly total: number; readonly weights: number; readonly io: number };
}

const PRODUCER = 'Pulsar2';
const NPU_OPERATOR = 'neu mode';
const AX620E = 1;

/**
 * Reads an axmodel: an ONNX container whose weights stay on disk.
 *
 * @throws AppError `AXMODEL_PRODUCER`, and what `readOnnx` throws.
 * Source: spec conversion.md 4.2.
 */
export function readAxmodel(source: ByteSource): Axmodel {
  const model = readOnnx(source);
  if (model.producer.name !== PRODUCER) {
    throw new AppError({
      code: 'AXMODEL_PRODUCER',
      message: `The file was written by "${model.producer.name}", not by Pulsar2: it is an ordinary ONNX model, not an axmodel.`,
      hint: 'Convert it with Pulsar2 first.',
    });
  }
  const extra = readExtraData(model.metadata.extra_data ?? '');
  const describe = (value: ValueInfo): AxTensor => ({
    name: value.name,
    type: value.type,
    shape: value.shape ?? [],
    ...(extra.tensors.get(value.name) ?? { layout: null, colour: null }),
  });
  const inputs = model.graph.inputs.filter((input) => !model.graph.initializers.has(input.name)).map(describe);
  const outputs = model.graph.outputs.map(describe);
  return {
    toolVersion: /(?<!\w)\d[\w.+-]*/.exec(model.docString.split('\n')[0] ?? '')?.[0] ?? '',
    npuMode: extra.npuMode,
    hardware: extra.hardware,
    inputs,
    outputs,
    cpuOperators: model.graph.nodes.filter((node) => node.opType !== NPU_OPERATOR).map((node) => node.opType),
    memory: memoryOf(model, [...inputs, ...outputs]),
  };
}

/** What is wrong with an axmodel that could be read, for the MaixCAM2. */
export function checkAxmodel(model: Axmodel): readonly ModelProblem[] {
  const problems: ModelProblem[] = [];
  if (model.hardware !== AX620E) {
    problems.push({
      code: 'AXMODEL_CHIP',
      severity: 'error',
      message: `The model was built for ${model.hardware === null ? 'the AX650' : `hardware number ${model.hardware}`}; a MaixCAM2 needs AX620E and refuses it.`,
      hint: 'Convert again with --target_hardware AX620E.',
    });
  }
  if (model.cpuOperators.length > 0) {
    problems.push({
      code: 'AXMODEL_CPU',
      severity: 'warning',
      message: `${model.cpuOperators.length} operators run on the CPU (${[...new Set(model.cpuOperators)].join(', ')}): the model will be slow.`,
      hint: 'Cut the model before these operators.',
    });
  }
  if (model.inputs.length === 0 || model.outputs.length === 0) {
    problems.push({
      code: 'AXMODEL_NO_TENSORS',
      severity: 'error',
      message: `The model has ${model.inputs.length} inputs and ${model.outputs.length} outputs; the board needs at least one of each.`,
      hint: 'Check the output names that the converter was given, and convert again.',
    });
  }
  return problems;
}

interface ExtraData {
  readonly tensors: ReadonlyMap<string, Pick<AxTensor, 'layout' | 'colour'>>;
  readonly npuMode: Axmodel['npuMode'];
  readonly hardware: number | null;
}

/** The small protobuf that Pulsar2 puts into the metadata. */
function readExtraData(text: string): ExtraData {
  const bytes = decodeBase64(text);
  if (bytes === null || bytes.length === 0) return { tensors: new Map(), npuMode: 'unknown', hardware: null };
  const tensors = new Map<string, Pick<AxTensor, 'layout' | 'colour'>>();
  let mode = 0;
  let hardware: number | null = null;
  try {
    const reader = wireReader(bytesSource(bytes));
    while (reader.next()) {
      if (reader.field === 5) hardware = reader.int();
      else if (reader.field === 4) {
        const inner = reader.message();
        while (inner.next()) if (inner.field === 3) mode = inner.int();
      } else if (reader.field === 1) {
        const inner = reader.message();
        let name = '';
        let layout = 0;
        let colour = 0;
        while (inner.next()) {
          if (inner.field === 1) name = inner.text();
          else if (inner.field === 2) layout = inner.int();
          else if (inner.field === 3) colour = inner.int();
        }
        tensors.set(name, {
          layout: layout === 1 ? 'NHWC' : layout === 2 ? 'NCHW' : null,
          colour: colour === 1 ? 'gray' : colour === 2 ? 'bgr' : colour === 3 ? 'rgb' : null,
        });
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { tensors, npuMode: 'unknown', hardware };
  }
  return { tensors, npuMode: mode === 0 ? 'npu1' : mode === 1 ? 'npu2' : 'unknown', hardware };
}

function memoryOf(model: OnnxModel, io: readonly AxTensor[]): Axmodel['memory'] {
  let weights = 0;
  for (const tensor of model.graph.initializers.values()) weights += tensor.raw?.length ?? 0;
  let ioBytes = 0;
  for (const { shape, type } of io) {
    const elements = shape.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : 1), 1);
    ioBytes += elements * (type === 'float32' ? 4 : 1);
  }
  return { total: weights + ioBytes, weights, io: ioBytes };
}
