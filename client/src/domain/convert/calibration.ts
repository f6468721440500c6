import { shuffled } from '../random';

/** Kinds of pictures that TPU-MLIR reads; one calibration folder holds one kind (spec conversion.md 1.3). */
const READABLE = ['jpg', 'png', 'bmp'] as const;

type ReadableKind = (typeof READABLE)[number];

/** Fewer pictures than this calibrate badly (spec conversion.md 5.5). */
export const FEWEST_CALIBRATION_PICTURES = 20;

/**
 * Picks the calibration pictures: the most frequent readable kind, shuffled by the seed, the first `count`. The
 * converter takes the first pictures in name order, which in a video dataset would be one scene.
 */
export function chooseCalibrationPictures(pictures: readonly string[], count: number, seed: number): readonly string[] {
  const kinds = new Map<ReadableKind, string[]>();
  for (const picture of pictures) {
    const kind = kindOf(picture);
    if (kind !== null) kinds.set(kind, [...(kinds.get(kind) ?? []), picture]);
  }
  const [largest = []] = [...kinds.values()].sort((a, b) => b.length - a.length);
  return shuffled([...largest].sort(), seed).slice(0, count);
}

/** The picture's kind by its suffix; null where the converter cannot read it. */
export function kindOf(picture: string): ReadableKind | null {
  const suffix = picture.slice(picture.lastIndexOf('.') + 1).toLowerCase();
  const kind = suffix === 'jpeg' ? 'jpg' : suffix;
  return READABLE.find((readable) => readable === kind) ?? null;
}
