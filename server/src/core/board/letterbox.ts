import type { Fit, Size } from './decode/object';

/** Pixels of a picture, 3 bytes each, row by row. */
export interface RgbImage extends Size {
  readonly data: Uint8Array;
}

/**
 * Brings a picture to the model's size as the board does (spec mud.md 6.1): nearest neighbour, and
 * - `contain`: the whole picture, black bars at the sides or above and below;
 * - `cover`: filled, the middle of the picture;
 * - `fill`: stretched.
 *
 * @returns `size.width × size.height` pixels in the same channel order.
 */
export function letterbox(image: RgbImage, size: Size, fit: Fit = 'contain'): RgbImage {
  const data = new Uint8Array(size.width * size.height * CHANNELS);
  const x = placement(image.width, size.width, scaleOf(image, size, fit, 'width'));
  const y = placement(image.height, size.height, scaleOf(image, size, fit, 'height'));
  for (let row = 0; row < size.height; row += 1) {
    const fromRow = y[row] ?? OUTSIDE;
    if (fromRow === OUTSIDE) continue;
    for (let column = 0; column < size.width; column += 1) {
      const fromColumn = x[column] ?? OUTSIDE;
      if (fromColumn === OUTSIDE) continue;
      const from = (fromRow * image.width + fromColumn) * CHANNELS;
      const to = (row * size.width + column) * CHANNELS;
      for (let channel = 0; channel < CHANNELS; channel += 1) data[to + channel] = image.data[from + channel] ?? 0;
    }
  }
  return { ...size, data };
}

/**
 * The model's input: `(pixel - mean) * scale` in float32, one plane per channel (NCHW without the batch dimension).
 *
 * @param mean one value for all channels or one for each; so is `scale` (spec mud.md 2.7).
 */
export function toTensor(image: RgbImage, mean: readonly number[], scale: readonly number[]): Float32Array {
  const pixels = image.width * image.height;
  const tensor = new Float32Array(pixels * CHANNELS);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const shift = Math.fround(perChannel(mean, channel, 0));
    const factor = Math.fround(perChannel(scale, channel, 1));
    for (let at = 0; at < pixels; at += 1) {
      tensor[channel * pixels + at] = Math.fround((image.data[at * CHANNELS + channel] ?? 0) - shift) * factor;
    }
  }
  return tensor;
}

const CHANNELS = 3;
const OUTSIDE = -1;

/** `resized`: the picture's length after scaling; `ratio`: what the resize divides positions by. */
interface Scaling {
  readonly resized: number;
  readonly ratio: number;
}

function scaleOf(image: Size, size: Size, fit: Fit, side: 'width' | 'height'): Scaling {
  if (fit === 'fill') return { resized: size[side], ratio: size[side] / image[side] };
  const ratios = [Math.fround(size.width / image.width), Math.fround(size.height / image.height)] as const;
  const ratio = fit === 'contain' ? Math.min(...ratios) : Math.max(...ratios);
  return { resized: roundHalfToEven(image[side] * ratio), ratio };
}

/** For each target position the source position, or `OUTSIDE` in the bars. */
function placement(source: number, target: number, { resized, ratio }: Scaling): readonly number[] {
  // Bars before a smaller picture, a cut before a larger one: both halves are rounded down.
  const before = resized <= target ? Math.floor((target - resized) / 2) : -Math.floor((resized - target) / 2);
  const step = 1 / ratio;
  return Array.from({ length: target }, (_, at) => {
    const position = at - before;
    if (position < 0 || position >= resized) return OUTSIDE;
    return Math.min(source - 1, Math.floor(position * step));
  });
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function perChannel(values: readonly number[], channel: number, none: number): number {
  return values[values.length === 1 ? 0 : channel] ?? none;
}
