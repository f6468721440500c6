import type { TensorData, TensorValue } from './messages';

export interface TensorComparison {
  /** Same shape, type and bits. */
  readonly identical: boolean;
  /**
   * Largest absolute difference of two values; null where there is none to tell: the shapes differ, or one side has a
   * value that is not finite and the other does not have the same.
   */
  readonly maxDifference: number | null;
}

/** Compares two tensors bit for bit and by value. */
export function compareTensors(a: TensorValue, b: TensorValue | undefined): TensorComparison {
  if (b?.type !== a.type || a.dims.length !== b.dims.length || a.dims.some((dim, index) => dim !== b.dims[index])) {
    return { identical: false, maxDifference: null };
  }
  const identical = Buffer.compare(bytesOf(a.data), bytesOf(b.data)) === 0;
  if (identical) return { identical, maxDifference: 0 };
  let largest = 0;
  for (let index = 0; index < a.data.length; index += 1) {
    const difference = Math.abs(numberAt(a, index) - numberAt(b, index));
    if (Object.is(numberAt(a, index), numberAt(b, index))) continue;
    if (!Number.isFinite(difference)) return { identical, maxDifference: null };
    if (difference > largest) largest = difference;
  }
  return { identical, maxDifference: largest };
}

/** Tensors joined along `axis` (negative counts from the end), as ONNX's Concat does. */
export function joinTensors(parts: readonly TensorValue[], axis: number): TensorValue | undefined {
  const first = parts[0];
  if (first === undefined) return undefined;
  const at = axis < 0 ? axis + first.dims.length : axis;
  const dims = first.dims.map((dim, index) =>
    index === at ? parts.reduce((sum, part) => sum + (part.dims[at] ?? 0), 0) : dim,
  );
  const outer = first.dims.slice(0, at).reduce((product, dim) => product * dim, 1);
  const runs = parts.map((part) => ({ bytes: bytesOf(part.data), run: part.data.byteLength / outer }));
  const chunks: Uint8Array[] = [];
  for (let index = 0; index < outer; index += 1) {
    for (const { bytes, run } of runs) chunks.push(bytes.subarray(index * run, (index + 1) * run));
  }
  const joined = Buffer.concat(chunks);
  const buffer = joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.byteLength);
  return { type: first.type, dims, data: sameKind(first.data, buffer) };
}

function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function sameKind(data: TensorData, buffer: ArrayBufferLike): TensorData {
  return new (data.constructor as new (buffer: ArrayBufferLike) => TensorData)(buffer);
}

/** The value as a number; float16 from its bits. */
function numberAt(tensor: TensorValue, index: number): number {
  const value = Number(tensor.data[index]);
  if (tensor.type !== 'float16') return value;
  const exponent = (value >> 10) & 0x1f;
  const fraction = value & 0x3ff;
  const sign = value & 0x8000 ? -1 : 1;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
