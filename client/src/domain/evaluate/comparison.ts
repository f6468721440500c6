import type { TrueObject } from '../../../../server/src/core/dataset/labels';
import { matchObjects, type FoundObject, type MatchResult, type MatchRule } from './match';

/** One picture with its true objects and what both models find. */
export interface ComparedPicture {
  /** Absolute path. */
  readonly image: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly truth: readonly TrueObject[];
  readonly onnx: Judged;
  readonly converted: Judged;
}

export interface Judged extends MatchResult {
  readonly objects: readonly FoundObject[];
}

/** Detections of one model against the truth. */
export function judge(truth: readonly TrueObject[], objects: readonly FoundObject[], rule: MatchRule): Judged {
  return { objects, ...matchObjects(truth, objects, rule) };
}

/** Figures of one model over all pictures. */
export interface ModelFigures {
  /** True objects that were found. */
  readonly matched: number;
  /** Share of the true objects, 0 to 1; 0 where there are none: nothing is proved then. */
  readonly share: number;
  /** Detections without a true object. */
  readonly extra: number;
  /** Mean overlap of the matches; null without matches. */
  readonly meanIou: number | null;
}

export interface ComparisonFigures {
  readonly pictures: number;
  readonly objects: number;
  readonly onnx: ModelFigures;
  readonly converted: ModelFigures;
}

/** Sums over all pictures. */
export function comparisonFigures(pictures: readonly ComparedPicture[]): ComparisonFigures {
  const objects = pictures.reduce((sum, picture) => sum + picture.truth.length, 0);
  return {
    pictures: pictures.length,
    objects,
    onnx: modelFigures(
      pictures.map((picture) => picture.onnx),
      objects,
    ),
    converted: modelFigures(
      pictures.map((picture) => picture.converted),
      objects,
    ),
  };
}

function modelFigures(judged: readonly Judged[], objects: number): ModelFigures {
  const matches = judged.flatMap((one) => one.matches);
  return {
    matched: matches.length,
    share: objects === 0 ? 0 : matches.length / objects,
    extra: judged.reduce((sum, one) => sum + one.extra.length, 0),
    meanIou: matches.length === 0 ? null : matches.reduce((sum, match) => sum + match.iou, 0) / matches.length,
  };
}

/** `ONNX 82/85, INT8 81/85 objects found`. */
export function comparisonText(figures: ComparisonFigures, precision: string): string {
  const { objects, onnx, converted } = figures;
  return `found by ONNX ${onnx.matched}/${objects}, by ${precision.toUpperCase()} ${converted.matched}/${objects}`;
}
