import { AppError } from '../../problems/app-error';

/** One value of a map with channels, rows and columns. */
export type MapReader = (channel: number, row: number, column: number) => number;

/** Reads `[1, C, h, w]` or `[1, h, w, C]` values by position. */
export function mapReader(
  data: Float32Array,
  layout: 'CHW' | 'HWC',
  channels: number,
  height: number,
  width: number,
): MapReader {
  requireLength(data, channels * height * width);
  return layout === 'CHW'
    ? (channel, row, column) => data[(channel * height + row) * width + column] ?? 0
    : (channel, row, column) => data[(row * width + column) * channels + channel] ?? 0;
}

/** Reads `[1, C, A]` or `[1, A, C]` values by channel and anchor. */
export function rowReader(
  data: Float32Array,
  layout: 'CHW' | 'HWC',
  channels: number,
  anchors: number,
): (channel: number, anchor: number) => number {
  requireLength(data, channels * anchors);
  return layout === 'CHW'
    ? (channel, anchor) => data[channel * anchors + anchor] ?? 0
    : (channel, anchor) => data[anchor * channels + channel] ?? 0;
}

/** @throws AppError `DECODE_UNDEFINED` where the device would read past the end of a tensor. */
export function requireLength(data: Float32Array | undefined, length: number): void {
  if (data !== undefined && data.length >= length) return;
  throw undefinedResult(`it would read ${length} values from an output that has ${data?.length ?? 0}`);
}

/** For states in which the device computes with memory that nobody has set. */
export function undefinedResult(why: string): AppError {
  return new AppError({
    code: 'DECODE_UNDEFINED',
    message: `What the board would report for these outputs is undefined: ${why}.`,
    hint: 'Check the labels, the type and the output names in the MUD against the model.',
  });
}
