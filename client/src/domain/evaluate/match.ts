import type { TrueObject } from '../../../../server/src/core/dataset/labels';

/** A detection in the pixels of the picture, as the board reports it. */
export interface FoundObject {
  readonly classId: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly score: number;
  /** Flat x, y, x, y …; empty unless the model finds keypoints. */
  readonly points: readonly number[];
}

export interface MatchRule {
  /** Least overlap of the boxes, 0 to 1. */
  readonly iou: number;
  /** Largest distance of a labelled keypoint, as a fraction of the longer side of the true box; null: not compared. */
  readonly keypointDistance: number | null;
}

export interface Match {
  readonly truth: number;
  readonly found: number;
  readonly iou: number;
}

/** Indexes into the two lists. */
export interface MatchResult {
  readonly matches: readonly Match[];
  readonly missed: readonly number[];
  readonly extra: readonly number[];
}

/** Overlap of two upright boxes: area of the intersection over the area of the union, 0 to 1. */
export function boxIou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.w * a.h + b.w * b.h - shared);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * Pairs true objects with detections of the same class, each at most once. Detections choose in order of their score,
 * each the free true object that it overlaps most, as in the COCO evaluation.
 */
export function matchObjects(
  truth: readonly TrueObject[],
  found: readonly FoundObject[],
  rule: MatchRule,
): MatchResult {
  const matches: Match[] = [];
  const free = new Set(truth.keys());
  const extra: number[] = [];
  const order = [...found.keys()].sort((a, b) => (found[b]?.score ?? 0) - (found[a]?.score ?? 0));
  for (const index of order) {
    const candidate = found[index];
    if (candidate === undefined) continue;
    let best: Match | null = null;
    for (const truthIndex of free) {
      const object = truth[truthIndex];
      if (object?.classId !== candidate.classId) continue;
      const iou = boxIou(object, candidate);
      if (iou < rule.iou || (best !== null && iou <= best.iou)) continue;
      if (!keypointsAgree(object, candidate, rule.keypointDistance)) continue;
      best = { truth: truthIndex, found: index, iou };
    }
    if (best === null) extra.push(index);
    else {
      free.delete(best.truth);
      matches.push(best);
    }
  }
  return { matches, missed: [...free], extra: extra.sort((a, b) => a - b) };
}

/** Whether every labelled keypoint lies near enough. */
function keypointsAgree(truth: TrueObject, found: FoundObject, distance: number | null): boolean {
  if (distance === null) return true;
  const limit = distance * Math.max(truth.w, truth.h);
  return truth.keypoints.every((point, index) => {
    if (!point.visible) return true;
    const x = found.points[2 * index];
    const y = found.points[2 * index + 1];
    return x !== undefined && y !== undefined && Math.hypot(x - point.x, y - point.y) <= limit;
  });
}
