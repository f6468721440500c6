import { BOX_CHANNELS } from '../accept/yolov8-scheme';
import type { YoloV8Scheme } from '../accept/yolov8-scheme';
import { STRIDES } from '../accept/request';
import { f32, sigmoid } from './float';
import type { AnchorCell, Candidate, Size } from './object';
import { mapReader, requireLength, rowReader, undefinedResult } from './tensor';

const BINS = 16;
const HALF_TURN = f32(Math.PI);

/** Left, top, right, bottom, in strides. */
type Distances = readonly [number, number, number, number];

/** What one decoding works on. */
export interface YoloV8Input {
  readonly scheme: YoloV8Scheme;
  readonly tensors: readonly Float32Array[];
  readonly input: Size;
  readonly classes: number;
  readonly confidence: number;
}

/** All boxes above the threshold, in anchor order, in model pixels (spec mud.md 6.6). */
export function decodeYoloV8(work: YoloV8Input): Candidate[] {
  return work.scheme.scheme === 1 ? decodeLevelMaps(work) : decodeDistances(work);
}

function decodeLevelMaps(work: YoloV8Input): Candidate[] {
  const { scheme, input, classes, confidence } = work;
  const found: Candidate[] = [];
  const threshold = f32(confidence);
  let start = 0;
  for (const stride of STRIDES) {
    const width = Math.trunc(input.width / stride);
    const height = Math.trunc(input.height / stride);
    const data = tensorOf(work, `level${stride}`);
    // CHW needs no channel count; in HWC it is what the labels say, for the layout was recognised by it.
    const channels = scheme.layout === 'HWC' ? BOX_CHANNELS + classes : Math.floor(data.length / (width * height));
    if (channels < BOX_CHANNELS + classes) requireLength(data, (BOX_CHANNELS + classes) * width * height);
    const read = mapReader(data, scheme.layout, channels, height, width);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const best = bestClass(classes, (index) => read(BOX_CHANNELS + index, row, column));
        const score = sigmoid(best.value);
        if (!(score > threshold)) continue;
        const side = (from: number): number => expectation((bin) => read(from * BINS + bin, row, column));
        const cell = { index: start + row * width + column, column, row, stride };
        found.push(candidate(work, cell, [side(0), side(1), side(2), side(3)], best.index, score));
      }
    }
    start += width * height;
  }
  return found;
}

function decodeDistances(work: YoloV8Input): Candidate[] {
  const { scheme, input, classes, confidence } = work;
  const found: Candidate[] = [];
  const threshold = f32(confidence);
  const boxes = rowReader(tensorOf(work, 'box'), scheme.layout, 4, scheme.anchors);
  const scores = rowReader(tensorOf(work, 'score'), scheme.layout, classes, scheme.anchors);
  let index = 0;
  for (const stride of STRIDES) {
    const width = Math.trunc(input.width / stride);
    const height = Math.trunc(input.height / stride);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const anchor = index;
        index += 1;
        const best = bestClass(classes, (at) => scores(at, anchor));
        if (!(best.value > threshold)) continue;
        const distances: Distances = [boxes(0, anchor), boxes(1, anchor), boxes(2, anchor), boxes(3, anchor)];
        found.push(candidate(work, { index: anchor, column, row, stride }, distances, best.index, best.value));
      }
    }
  }
  return found;
}

/** The first maximum. */
function bestClass(classes: number, read: (index: number) => number): { index: number; value: number } {
  let index = 0;
  let value = read(0);
  for (let at = 1; at < classes; at += 1) {
    const other = read(at);
    if (other > value) {
      index = at;
      value = other;
    }
  }
  return { index, value };
}

/** Expected value of the softmax over the bins of one box side. */
function expectation(read: (bin: number) => number): number {
  let largest = read(0);
  for (let bin = 1; bin < BINS; bin += 1) largest = Math.max(largest, read(bin));
  const weights: number[] = [];
  let total = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const weight = f32(Math.exp(f32(read(bin) - largest)));
    weights.push(weight);
    total = f32(total + weight);
  }
  let expected = 0;
  for (const [bin, weight] of weights.entries()) expected = f32(expected + f32(f32(weight / total) * bin));
  return expected;
}

function candidate(
  work: YoloV8Input,
  anchor: AnchorCell,
  distances: Distances,
  classId: number,
  score: number,
): Candidate {
  if (work.scheme.type === 'obb') return rotated(work, anchor, distances, classId, score);
  const [left, top, right, bottom] = distances;
  const { stride } = anchor;
  const centreX = f32(anchor.column + 0.5);
  const centreY = f32(anchor.row + 0.5);
  const x = f32(f32(centreX - left) * stride);
  const y = f32(f32(centreY - top) * stride);
  const w = f32(f32(f32(centreX + right) * stride) - x);
  const h = f32(f32(f32(centreY + bottom) * stride) - y);
  return { x: Math.trunc(x), y: Math.trunc(y), w: Math.trunc(w), h: Math.trunc(h), classId, score, anchor };
}

function rotated(
  work: YoloV8Input,
  anchor: AnchorCell,
  [left, top, right, bottom]: Distances,
  classId: number,
  score: number,
): Candidate {
  const angles = tensorOf(work, 'angle');
  requireLength(angles, anchor.index + 1);
  const raw = angles[anchor.index] ?? 0;
  const angle = f32((work.scheme.angleNeedsSigmoid ? sigmoid(raw) : raw) - 0.25);
  const theta = f32(angle * HALF_TURN);
  const cos = f32(Math.cos(theta));
  const sin = f32(Math.sin(theta));
  const { stride } = anchor;
  const shiftX = f32(f32(right - left) / 2);
  const shiftY = f32(f32(bottom - top) / 2);
  const w = f32(f32(left + right) * stride);
  const h = f32(f32(top + bottom) * stride);
  const alongX = f32(f32(shiftX * cos) - f32(shiftY * sin));
  const alongY = f32(f32(shiftX * sin) + f32(shiftY * cos));
  const centreX = f32(f32(f32(alongX + anchor.column) + 0.5) * stride);
  const centreY = f32(f32(f32(alongY + anchor.row) + 0.5) * stride);
  const x = f32(centreX - f32(w / 2));
  const y = f32(centreY - f32(h / 2));
  return { x: Math.trunc(x), y: Math.trunc(y), w: Math.trunc(w), h: Math.trunc(h), classId, score, anchor, angle };
}

/** The tensor that the scheme has found for a role. */
export function tensorOf(
  { scheme, tensors }: Pick<YoloV8Input, 'scheme' | 'tensors'>,
  role: keyof YoloV8Scheme['indexes'],
): Float32Array {
  const index = scheme.indexes[role];
  const data = index === undefined ? undefined : tensors[index];
  if (data === undefined) throw undefinedResult(`no output was recognised as "${role}"`);
  return data;
}
