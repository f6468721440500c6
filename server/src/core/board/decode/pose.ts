import { f32, sigmoid } from './float';
import type { Candidate } from './object';
import { rowReader, undefinedResult } from './tensor';
import { tensorOf, type YoloV8Input } from './yolov8';

const INVALID = -1;

/** Adds the keypoints to the survivors (spec mud.md 6.6): channels x, y, confidence per keypoint. */
export function addKeypoints(candidates: readonly Candidate[], work: YoloV8Input, threshold: number): void {
  const { scheme } = work;
  const data = tensorOf(work, 'keypoint');
  if (scheme.anchors === 0 || data.length % scheme.anchors !== 0) {
    throw undefinedResult('the keypoint output does not hold the same number of values for each anchor');
  }
  const channels = data.length / scheme.anchors;
  const read = rowReader(data, scheme.layout, channels, scheme.anchors);
  const limit = f32(threshold);
  for (const candidate of candidates) {
    const { index, column, row, stride } = candidate.anchor;
    const points: number[] = [];
    for (let at = 0; at + 2 < channels; at += 3) {
      if (sigmoid(read(at + 2, index)) > limit) {
        points.push(
          Math.trunc(f32(f32(f32(2 * read(at, index)) + column) * stride)),
          Math.trunc(f32(f32(f32(2 * read(at + 1, index)) + row) * stride)),
        );
      } else points.push(INVALID, INVALID);
    }
    candidate.points = points;
  }
}
