import { MASK_CHANNELS } from '../accept/yolov8-scheme';
import { f32, sigmoid } from './float';
import type { Candidate, Mask } from './object';
import { mapReader, requireLength, rowReader } from './tensor';
import { tensorOf, type YoloV8Input } from './yolov8';

/** Mask of one object at the resolution of the prototypes; width or height may be zero. */
export interface MaskWindow extends Mask {
  readonly candidate: Candidate;
}

/**
 * Masks of the survivors (spec mud.md 6.6), in their order: the device sums up in the first prototype plane itself, so
 * an object that overlaps an earlier one sees changed values.
 */
export function maskWindows(
  candidates: readonly Candidate[],
  work: YoloV8Input,
  prototypeShape: readonly number[],
): MaskWindow[] {
  const { scheme, input } = work;
  const weights = rowReader(tensorOf(work, 'maskWeight'), scheme.layout, MASK_CHANNELS, scheme.anchors);
  const channelsFirst = prototypeShape[1] === MASK_CHANNELS;
  const height = prototypeShape[channelsFirst ? 2 : 1] ?? 0;
  const width = prototypeShape[channelsFirst ? 3 : 2] ?? 0;
  const prototypes = tensorOf(work, 'prototype');
  requireLength(prototypes, MASK_CHANNELS * width * height);
  const read = mapReader(prototypes, channelsFirst ? 'CHW' : 'HWC', MASK_CHANNELS, height, width);
  const first = new Float32Array(width * height);
  for (let at = 0; at < first.length; at += 1) first[at] = read(0, Math.trunc(at / width), at % width);

  return candidates.map((candidate) => {
    const { x, y, w, h, anchor } = candidate;
    const left = Math.trunc((x * width) / input.width);
    const right = Math.trunc(((x + w) * width) / input.width);
    const top = Math.trunc((y * height) / input.height);
    const bottom = Math.trunc(((y + h) * height) / input.height);
    const mask = {
      candidate,
      width: Math.max(0, right - left),
      height: Math.max(0, bottom - top),
      data: new Uint8Array(Math.max(0, right - left) * Math.max(0, bottom - top)),
    };
    for (let row = 0; row < mask.height; row += 1) {
      for (let column = 0; column < mask.width; column += 1) {
        const at = (top + row) * width + left + column;
        let sum = f32(weights(0, anchor.index) * (first[at] ?? 0));
        for (let channel = 1; channel < MASK_CHANNELS; channel += 1) {
          sum = f32(sum + f32(weights(channel, anchor.index) * read(channel, top + row, left + column)));
        }
        first[at] = sum;
        mask.data[row * mask.width + column] = Math.trunc(f32(sigmoid(sum) * 255));
      }
    }
    return mask;
  });
}

/** Nearest-neighbour resize of one channel. */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  const data = new Uint8Array(width * height);
  // OpenCV takes the inverse of a ratio: at exact multiples its rounding decides which pixel is read.
  const stepX = 1 / (width / mask.width);
  const stepY = 1 / (height / mask.height);
  for (let row = 0; row < height; row += 1) {
    const from = Math.min(mask.height - 1, Math.floor(row * stepY)) * mask.width;
    for (let column = 0; column < width; column += 1) {
      data[row * width + column] = mask.data[from + Math.min(mask.width - 1, Math.floor(column * stepX))] ?? 0;
    }
  }
  return { width, height, data };
}
