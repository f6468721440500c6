import { readFile } from 'node:fs/promises';
import { letterbox, toTensor } from '../../../../server/src/core/board/letterbox';
import { readLabels, type LabelForm, type TrueObject } from '../../../../server/src/core/dataset/labels';
import { INPUT_MEAN, INPUT_SCALE } from '../../domain/convert/normalisation';
import { shuffled } from '../../domain/random';
import { decodePicture } from '../image/decode';
import type { RgbPicture } from '../image/picture';
import type { DatasetPicture } from '../steps/pictures';

/** A validation picture, prepared as the board prepares a camera picture. */
export interface PreparedPicture {
  readonly image: string;
  readonly picture: RgbPicture;
  readonly truth: readonly TrueObject[];
  /** [1, 3, height, width] of the model, float32. */
  readonly input: Float32Array;
}

/** Compared pictures are the same on every run: chosen by this seed, shown in name order. */
const SEED = 0;

/** `count` pictures of the split, spread over it. */
export function choosePictures(pictures: readonly DatasetPicture[], count: number): readonly DatasetPicture[] {
  const chosen = shuffled(pictures, SEED).slice(0, count);
  return chosen.sort((a, b) => (a.image < b.image ? -1 : 1));
}

/** Decodes a picture, letterboxes it as the board does (spec mud.md 6.1), and reads its labels. */
export async function preparePicture(
  source: DatasetPicture,
  size: { readonly width: number; readonly height: number },
  form: Pick<LabelForm, 'task' | 'keypoints'> | null,
): Promise<PreparedPicture> {
  const picture = decodePicture(await readFile(source.image), source.image);
  const input = toTensor(letterbox(picture, size, 'contain'), INPUT_MEAN, INPUT_SCALE);
  const text = source.label === null || form === null ? '' : await readFile(source.label, 'utf8');
  const truth = form === null ? [] : readLabels(text, { ...form, width: picture.width, height: picture.height });
  return { image: source.image, picture, truth, input };
}
