import { bytesSource, type ByteSource } from '../../ports';
import type { OnnxNode, TensorInfo } from '../model';
import { readIntegers } from '../read';
import { WireType, wireReader } from '../wire';

/** A small tensor whose values are known before the model runs. */
export interface ConstantValue {
  readonly dims: readonly number[];
  readonly data: readonly number[];
  /** False: integer arithmetic. */
  readonly float: boolean;
}

/** Larger tensors are weights or grids; no shape depends on them. */
const MAX_ELEMENTS = 256;

/** The values of a small integer or float tensor; null for weights, other types and values outside the file. */
export function readConstant(source: ByteSource, tensor: TensorInfo): ConstantValue | null {
  const elements = tensor.dims.reduce((product, dimension) => product * dimension, 1);
  if (elements > MAX_ELEMENTS || tensor.external !== null) return null;
  if (tensor.type === 'float32') {
    const data = readFloats(source, tensor, 0, elements);
    return data === null ? null : { dims: tensor.dims, data, float: true };
  }
  const data = readIntegers(source, tensor);
  return data === null ? null : { dims: tensor.dims, data, float: false };
}

/**
 * `count` values of a float32 tensor from element `start` on; null where they are not in the file or too few. Reads only
 * the bytes asked for when the tensor keeps them raw.
 */
export function readFloats(
  source: ByteSource,
  tensor: TensorInfo,
  start: number,
  count: number,
): readonly number[] | null {
  if (tensor.type !== 'float32' || tensor.external !== null) return null;
  if (tensor.raw !== null) {
    if ((start + count) * 4 > tensor.raw.length) return null;
    const bytes = source.read(tensor.raw.offset + start * 4, count * 4);
    if (bytes.length < count * 4) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Array.from({ length: count }, (_, at) => view.getFloat32(at * 4, true));
  }
  const values: number[] = [];
  const reader = wireReader(bytesSource(source.read(tensor.range.offset, tensor.range.length)));
  while (reader.next()) {
    if (reader.field === 4 && (reader.wire === WireType.Bytes || reader.wire === WireType.Fixed32)) {
      reader.floatsInto(values);
    }
  }
  const slice = values.slice(start, start + count);
  return slice.length === count ? slice : null;
}

/** The tensor that a Constant node holds, or the value that its other attributes spell; null for anything else. */
export function constantOfNode(source: ByteSource, node: OnnxNode): ConstantValue | null {
  for (const [name, attribute] of node.attributes) {
    switch (attribute.kind) {
      case 'tensor':
        return readConstant(source, attribute.value);
      case 'int':
      case 'float':
        if (!name.startsWith('value')) break;
        return { dims: [], data: [attribute.value], float: attribute.kind === 'float' };
      case 'ints':
      case 'floats':
        if (!name.startsWith('value')) break;
        return { dims: [attribute.value.length], data: attribute.value, float: attribute.kind === 'floats' };
      default:
        break;
    }
  }
  return null;
}
