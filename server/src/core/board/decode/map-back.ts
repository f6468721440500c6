import { f32 } from './float';
import { clip } from './nms';
import type { Candidate, Fit, Size } from './object';

/** How a class undoes the scaling: YOLOv5, YOLOv8 and YOLO11 multiply by the inverse, YOLO26 divides. */
export type Unscale = 'multiply' | 'divide';

/**
 * Brings objects from the model's input to the picture (spec mud.md 6.3), in float32, each result truncated to whole
 * pixels. The padding is a fraction here although the resize rounds it down: the device's own error of up to one
 * model pixel. With `cover` keypoints move by the padding in the wrong direction, as on the device.
 */
export function mapBack(
  candidates: readonly Candidate[],
  input: Size,
  image: Size,
  fit: Fit,
  unscale: Unscale = 'multiply',
): void {
  if (image.width === input.width && image.height === input.height) return;
  const { x: mapX, y: mapY } = axes(input, image, fit, unscale);
  for (const candidate of candidates) {
    candidate.x = mapX.position(candidate.x);
    candidate.y = mapY.position(candidate.y);
    candidate.w = mapX.length(candidate.w);
    candidate.h = mapY.length(candidate.h);
    clip(candidate, image);
    if (candidate.points === undefined) continue;
    candidate.points = candidate.points.map((value, at) => (at % 2 === 0 ? mapX.point(value) : mapY.point(value)));
  }
}

interface Axis {
  position(value: number): number;
  length(value: number): number;
  point(value: number): number;
}

function axes(input: Size, image: Size, fit: Fit, unscale: Unscale): { x: Axis; y: Axis } {
  const ratioX = f32(input.width / image.width);
  const ratioY = f32(input.height / image.height);
  if (fit === 'fill') {
    // YOLO26 divides by the ratio of model to picture, the others multiply by that of picture to model.
    const stretch = (ratio: number, factor: number): ((value: number) => number) =>
      unscale === 'divide' ? (value) => f32(value / ratio) : (value) => f32(value * factor);
    return {
      x: axis(stretch(ratioX, f32(image.width / input.width)), 0, fit),
      y: axis(stretch(ratioY, f32(image.height / input.height)), 0, fit),
    };
  }
  const scale = fit === 'contain' ? Math.min(ratioX, ratioY) : Math.max(ratioX, ratioY);
  const inverse = f32(1 / scale);
  const grow = (value: number): number => f32(unscale === 'divide' ? value / scale : value * inverse);
  const padding = (model: number, picture: number): number => f32(f32(model - f32(picture * scale)) / 2);
  return {
    x: axis(grow, padding(input.width, image.width), fit),
    y: axis(grow, padding(input.height, image.height), fit),
  };
}

/** @param padding model pixels before the picture; negative where `cover` cuts it. */
function axis(grow: (value: number) => number, padding: number, fit: Fit): Axis {
  return {
    position: (value) => Math.trunc(grow(f32(value - padding))),
    length: (value) => Math.trunc(grow(value)),
    point: (value) => Math.trunc(grow(f32(value - (fit === 'cover' ? -padding : padding)))),
  };
}
