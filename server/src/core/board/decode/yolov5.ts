import type { YoloV5Scheme } from '../accept/scheme';
import { f32, sigmoid } from './float';
import type { Candidate, OutputTensor, Size } from './object';
import { mapReader } from './tensor';

/** x, y, width, height and objectness come before the classes. */
const BOX_CHANNELS = 5;

/** All boxes above the threshold, in model pixels (spec mud.md 6.4). */
export function decodeYoloV5(work: {
  readonly scheme: YoloV5Scheme;
  readonly outputs: readonly OutputTensor[];
  readonly tensors: readonly Float32Array[];
  readonly anchors: readonly number[];
  readonly input: Size;
  readonly classes: number;
  readonly confidence: number;
}): Candidate[] {
  const { scheme, outputs, tensors, anchors, input, classes } = work;
  const threshold = f32(work.confidence);
  const found: Candidate[] = [];
  for (const [layer, index] of scheme.order.entries()) {
    const [, , height = 0, width = 0] = outputs[index]?.shape ?? [];
    const perAnchor = BOX_CHANNELS + classes;
    const read = mapReader(
      tensors[index] ?? new Float32Array(0),
      'CHW',
      scheme.anchorsPerLayer * perAnchor,
      height,
      width,
    );
    const strideX = Math.trunc(input.width / width);
    const strideY = Math.trunc(input.height / height);
    for (let anchor = 0; anchor < scheme.anchorsPerLayer; anchor += 1) {
      const pair = 2 * (layer * scheme.anchorsPerLayer + anchor);
      const anchorWidth = f32(anchors[pair] ?? 0);
      const anchorHeight = f32(anchors[pair + 1] ?? 0);
      for (let row = 0; row < height; row += 1) {
        for (let column = 0; column < width; column += 1) {
          const value = (channel: number): number => read(anchor * perAnchor + channel, row, column);
          const objectness = sigmoid(value(4));
          if (!(objectness > threshold)) continue;
          let classId = 0;
          for (let at = 1; at < classes; at += 1) {
            if (value(BOX_CHANNELS + at) > value(BOX_CHANNELS + classId)) classId = at;
          }
          const score = f32(objectness * sigmoid(value(BOX_CHANNELS + classId)));
          if (!(score > threshold)) continue;
          const centreX = centre(value(0), column, strideX);
          const centreY = centre(value(1), row, strideY);
          const w = side(value(2), anchorWidth);
          const h = side(value(3), anchorHeight);
          found.push({
            x: Math.trunc(f32(centreX - f32(w / 2))),
            y: Math.trunc(f32(centreY - f32(h / 2))),
            w: Math.trunc(w),
            h: Math.trunc(h),
            classId,
            score,
            anchor: { index: found.length, column, row, stride: strideX },
          });
        }
      }
    }
  }
  return found;
}

function centre(raw: number, cell: number, stride: number): number {
  return f32(f32(f32(f32(sigmoid(raw) * 2) + cell) - 0.5) * stride);
}

function side(raw: number, anchor: number): number {
  const twice = f32(sigmoid(raw) * 2);
  return f32(f32(twice * twice) * anchor);
}
