import { AppError } from '../../../../server/src/core/problems/app-error';
import { seededRandom } from '../../domain/random';
import type { TensorData, TensorType, TensorValue, ValueDescription } from './messages';

/**
 * Reproducible values for one input: 0 ≤ v < 1 for floats (what a picture gives), 0 to 255 for uint8, 0 or 1 for
 * bool, small numbers for the other integers.
 *
 * @throws AppError `ENGINE_INPUT_TYPE` for types that are not numeric.
 */
export function randomInput(input: ValueDescription, dims: readonly number[], seed: number): TensorValue {
  const length = dims.reduce((product, dim) => product * dim, 1);
  const { next, whole } = seededRandom(seed);
  const fill = <T extends Record<number, number>>(data: T, value: () => number): T => {
    for (let index = 0; index < length; index += 1) data[index] = value();
    return data;
  };
  const upTo = (limit: number) => (): number => whole(0, limit - 1);
  const make = (): TensorData => {
    switch (input.type as TensorType) {
      case 'float32':
        return fill(new Float32Array(length), next);
      case 'float64':
        return fill(new Float64Array(length), next);
      case 'float16':
        // Bits of 1.0 to 1.99…: all fractions, one exponent.
        return fill(new Uint16Array(length), () => 0x3c00 + upTo(0x400)());
      case 'uint8':
        return fill(new Uint8Array(length), upTo(256));
      case 'bool':
        return fill(new Uint8Array(length), upTo(2));
      case 'int8':
        return fill(new Int8Array(length), upTo(128));
      case 'int16':
        return fill(new Int16Array(length), upTo(128));
      case 'uint16':
        return fill(new Uint16Array(length), upTo(128));
      case 'int32':
        return fill(new Int32Array(length), upTo(4));
      case 'uint32':
        return fill(new Uint32Array(length), upTo(4));
      case 'int64':
        return BigInt64Array.from({ length }, () => BigInt(upTo(4)()));
      case 'uint64':
        return BigUint64Array.from({ length }, () => BigInt(upTo(4)()));
      default:
        throw new AppError({
          code: 'ENGINE_INPUT_TYPE',
          message: `The input "${input.name}" has the type ${input.type}, for which no test values can be made.`,
          hint: 'Models with numeric inputs can be compared.',
        });
    }
  };
  return { type: input.type as TensorType, dims, data: make() };
}

/**
 * Sizes for an input with free dimensions: batch 1, and for pictures (N, C, H, W) three channels and the size that the
 * exporter noted (`imgsz`, height first), else 640.
 */
export function concreteDims(input: ValueDescription, imgsz: string | undefined): readonly number[] {
  const sizes = /^\[\s*(\d+)\s*,\s*(\d+)\s*\]$/.exec(imgsz ?? '');
  const height = Number(sizes?.[1] ?? 640);
  const width = Number(sizes?.[2] ?? 640);
  const picture = input.shape.length === 4 ? [1, 3, height, width] : [];
  return input.shape.map((dim, index) => (typeof dim === 'number' && dim >= 0 ? dim : (picture[index] ?? 1)));
}
