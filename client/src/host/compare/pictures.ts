import { readFile } from 'node:fs/promises';
import { letterbox, toTensor } from '../../../../server/src/core/board/letterbox';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { readLabels, type LabelForm, type TrueObject } from '../../../../server/src/core/dataset/labels';
import { INPUT_MEAN, INPUT_SCALE } from '../../domain/convert/normalisation';
import { shuffled } from '../../domain/random';
import { decodePicture, pictureFormat } from '../image/decode';
import type { RgbPicture } from '../image/picture';
import { runPythonProgram, type ProgramOptions } from '../python/program';
import type { DatasetPicture } from '../steps/pictures';

export const DECODE_PROGRAM = 'decode_pictures.py';

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

/**
 * Decodes PNG and JPEG here, other kinds with OpenCV in the environment of the converter. Null: not decodable.
 */
export async function decodePictures(
  sources: readonly DatasetPicture[],
  folder: string,
  run: Pick<ProgramOptions, 'environment' | 'env' | 'signal' | 'logFile'>,
): Promise<readonly (RgbPicture | null)[]> {
  const pictures: (RgbPicture | null)[] = [];
  for (const { image } of sources) {
    run.signal?.throwIfAborted();
    const bytes = await readFile(image);
    const own = ['PNG', 'JPEG'].includes(pictureFormat(bytes) ?? '');
    pictures.push(own ? decodeOrNull(bytes, image) : null);
  }
  const left = sources.flatMap(({ image }, index) => (pictures[index] === null ? [{ image, index }] : []));
  if (left.length === 0) return pictures;
  const done = await runPythonProgram({
    ...run,
    program: DECODE_PROGRAM,
    config: { pictures: left.map(({ image }) => image), outDir: folder },
    cwd: folder,
  });
  const decoded = done.pictures as readonly ({ width: number; height: number; file: string } | null)[];
  for (const [at, { index }] of left.entries()) {
    const found = decoded[at] ?? null;
    if (found === null) continue;
    pictures[index] = { width: found.width, height: found.height, data: new Uint8Array(await readFile(found.file)) };
  }
  return pictures;
}

function decodeOrNull(bytes: Uint8Array, name: string): RgbPicture | null {
  try {
    return decodePicture(bytes, name);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Letterboxes a decoded picture as the board does (spec mud.md 6.1), and reads its labels. */
export async function preparePicture(
  source: DatasetPicture,
  picture: RgbPicture,
  size: { readonly width: number; readonly height: number },
  form: Pick<LabelForm, 'task' | 'keypoints'> | null,
): Promise<PreparedPicture> {
  const input = toTensor(letterbox(picture, size, 'contain'), INPUT_MEAN, INPUT_SCALE);
  const text = source.label === null || form === null ? '' : await readFile(source.label, 'utf8');
  const truth = form === null ? [] : readLabels(text, { ...form, width: picture.width, height: picture.height });
  return { image: source.image, picture, truth, input };
}
