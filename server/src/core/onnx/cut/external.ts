import { AppError } from '../../problems/app-error';
import type { DataType, OnnxGraph, OnnxNode, TensorInfo } from '../model';
import type { ByteRange, WireReader } from '../wire';
import { fieldHeader } from './encode';
import { SegmentList } from './segments';

/** Bits per element (onnx.proto TensorProto.DataType); strings cannot be external. */
const BITS: Partial<Record<DataType, number>> = {
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
};

const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
const INITIALIZER = 5;

/**
 * A graph's initializer field whose values move from another file into the model: every field of the tensor is kept,
 * only the reference is replaced by `raw_data`.
 *
 * @param reader over the TensorProto.
 */
export function embeddedInitializer(tensor: TensorInfo, reader: WireReader): SegmentList {
  const { location, range } = externalRange(tensor);
  const body = new SegmentList();
  while (reader.next()) {
    if (reader.field === RAW_DATA || reader.field === EXTERNAL_DATA || reader.field === DATA_LOCATION) continue;
    body.range(reader.whole());
  }
  body.bytes(fieldHeader(RAW_DATA, range.length));
  body.range(range, location);
  const field = new SegmentList();
  field.bytes(fieldHeader(INITIALIZER, body.length));
  field.append(body);
  return field;
}

function externalRange(tensor: TensorInfo): { location: string; range: ByteRange } {
  const location = tensor.external?.get('location') ?? '';
  const offset = Number(tensor.external?.get('offset') ?? '0');
  const elements = tensor.dims.reduce((product, dim) => product * dim, 1);
  const length = Number(tensor.external?.get('length') ?? Math.ceil((elements * (BITS[tensor.type] ?? NaN)) / 8));
  if (location === '' || !Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new AppError({
      code: 'ONNX_INVALID',
      message: `The weights "${tensor.name}" are said to be in another file, but where exactly cannot be read.`,
      hint: 'Export the model again, or save it with its weights embedded.',
    });
  }
  return { location, range: { offset, length } };
}

/**
 * Values outside the file that are not plain weights (inside a Constant node or a sub-graph) are not moved.
 *
 * @throws AppError `ONNX_EXTERNAL_CONSTANT`.
 */
export function refuseExternalConstants(node: OnnxNode): void {
  if (!hasExternal(node)) return;
  throw new AppError({
    code: 'ONNX_EXTERNAL_CONSTANT',
    message: `The node ${node.name || node.opType} holds constants whose values are in another file.`,
    hint: 'Save the model with embedded values first: onnx.save(onnx.load("model.onnx"), "whole.onnx").',
  });
}

function hasExternal(node: OnnxNode): boolean {
  const inGraph = (graph: OnnxGraph): boolean =>
    [...graph.initializers.values()].some((tensor) => tensor.external !== null) || graph.nodes.some(hasExternal);
  return [...node.attributes.values()].some((attribute) => {
    switch (attribute.kind) {
      case 'tensor':
        return attribute.value.external !== null;
      case 'tensors':
        return attribute.value.some((tensor) => tensor.external !== null);
      case 'graph':
        return inGraph(attribute.value);
      case 'graphs':
        return attribute.value.some(inGraph);
      default:
        return false;
    }
  });
}
