import { f32 } from './float';
import type { Candidate, Size } from './object';
import { deviceSort } from './sort';

/**
 * Non-maximum suppression of YOLOv5, YOLOv8 and YOLO11 (spec mud.md 6.2): per class, on whole pixels, and then the
 * survivors are clipped to the model's input. Clipping can leave widths and heights of zero or less; they stay.
 */
export function suppress(candidates: readonly Candidate[], iou: number, input: Size): Candidate[] {
  const sorted = [...candidates];
  deviceSort(sorted, (a, b) => a.score > b.score);
  const dropped = new Set<Candidate>();
  const threshold = f32(iou);
  for (const [index, kept] of sorted.entries()) {
    if (dropped.has(kept)) continue;
    for (let other = index + 1; other < sorted.length; other += 1) {
      const candidate = sorted[other];
      if (candidate?.classId !== kept.classId || dropped.has(candidate)) continue;
      if (overlap(kept, candidate) > threshold) dropped.add(candidate);
    }
  }
  const survivors = sorted.filter((candidate) => !dropped.has(candidate));
  for (const survivor of survivors) clip(survivor, input);
  return survivors;
}

/** Intersection over union of whole-pixel boxes. */
function overlap(a: Candidate, b: Candidate): number {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return f32(shared / (a.w * a.h + b.w * b.h - shared));
}

/** Cuts a box at the edges of a picture. */
export function clip(box: { x: number; y: number; w: number; h: number }, size: Size): void {
  if (box.x < 0) {
    box.w += box.x;
    box.x = 0;
  }
  if (box.y < 0) {
    box.h += box.y;
    box.y = 0;
  }
  if (box.x + box.w > size.width) box.w = size.width - box.x;
  if (box.y + box.h > size.height) box.h = size.height - box.y;
}

/** `sort` of `detect`: 1 largest area first, -1 smallest first, 0 leaves the order. */
export function sortByArea(candidates: Candidate[], sort: -1 | 0 | 1): void {
  if (sort !== 0) deviceSort(candidates, (a, b) => sort * (a.w * a.h - b.w * b.h) > 0);
}
