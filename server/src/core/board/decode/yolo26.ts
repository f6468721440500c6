import type { Yolo26Scheme } from '../accept/yolo26-scheme';
import { f32, sigmoid } from './float';
import type { Candidate, Size } from './object';
import { mapReader } from './tensor';

/** Logits below this are dropped before anything else: scores under 0.450166 never appear. */
const LOGIT_FLOOR = f32(-0.2);

/** All boxes above the threshold, in model pixels: there is no suppression and no sorting (spec mud.md 6.7). */
export function decodeYolo26(work: {
  readonly scheme: Yolo26Scheme;
  readonly tensors: readonly Float32Array[];
  readonly input: Size;
  readonly confidence: number;
}): Candidate[] {
  const { scheme, tensors, input } = work;
  const threshold = f32(work.confidence);
  const found: Candidate[] = [];
  for (const { box, score: scoreIndex, gridWidth, gridHeight } of scheme.levels) {
    const boxes = mapReader(tensors[box] ?? new Float32Array(0), scheme.layout, 4, gridHeight, gridWidth);
    const scores = mapReader(
      tensors[scoreIndex] ?? new Float32Array(0),
      scheme.layout,
      scheme.classes,
      gridHeight,
      gridWidth,
    );
    const stride = Math.trunc(input.width / gridWidth);
    for (let row = 0; row < gridHeight; row += 1) {
      for (let column = 0; column < gridWidth; column += 1) {
        let classId = 0;
        let logit = scores(0, row, column);
        for (let at = 1; at < scheme.classes; at += 1) {
          const other = scores(at, row, column);
          if (other > logit) {
            classId = at;
            logit = other;
          }
        }
        if (logit < LOGIT_FLOOR) continue;
        const score = sigmoid(logit);
        if (!(score > threshold)) continue;
        const distance = (at: number): number => boxes(at, row, column);
        const horizontal = extent(f32(f32(column + 0.5) * stride), distance(0), distance(2), stride, input.width);
        const vertical = extent(f32(f32(row + 0.5) * stride), distance(1), distance(3), stride, input.height);
        if (!(horizontal.length > 0) || !(vertical.length > 0)) continue;
        found.push({
          x: Math.trunc(horizontal.start),
          y: Math.trunc(vertical.start),
          w: Math.trunc(horizontal.length),
          h: Math.trunc(vertical.length),
          classId,
          score,
          anchor: { index: found.length, column, row, stride },
        });
      }
    }
  }
  return found;
}

/** Clamped to the input; the length does not shrink by what the start was moved. */
function extent(
  centre: number,
  before: number,
  after: number,
  stride: number,
  size: number,
): { start: number; length: number } {
  const start = Math.max(0, f32(centre - f32(before * stride)));
  const length = f32(f32(before + after) * stride);
  return { start, length: Math.min(length, f32(size - start)) };
}
