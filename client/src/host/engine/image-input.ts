import fs from 'node:fs/promises';
import { readFailure } from '../../../../server/src/node/file-source';
import { decodePicture } from '../image/decode';
import type { RgbPicture } from '../image/picture';

/**
 * A picture as a model's input: stretched to `width` × `height` (bilinear), RGB planes one after the other (or one
 * plane of their mean for one channel), values 0 to 1.
 *
 * @throws AppError the codes of `readFailure` and of `decodePicture`.
 */
export async function imageAsInput(
  path: string,
  channels: 1 | 3,
  height: number,
  width: number,
): Promise<Float32Array> {
  const bytes = await fs.readFile(path).catch((thrown: unknown) => {
    throw readFailure(path, thrown);
  });
  const picture = decodePicture(bytes, path);
  const planes = new Float32Array(channels * height * width);
  for (let row = 0; row < height; row += 1) {
    const y = position(row, height, picture.height);
    for (let column = 0; column < width; column += 1) {
      const x = position(column, width, picture.width);
      const at = row * width + column;
      const [red, green, blue] = [sample(picture, x, y, 0), sample(picture, x, y, 1), sample(picture, x, y, 2)];
      if (channels === 1) planes[at] = (red + green + blue) / 3;
      else {
        planes[at] = red;
        planes[height * width + at] = green;
        planes[2 * height * width + at] = blue;
      }
    }
  }
  return planes;
}

/** Pixel centres of the target in coordinates of the source. */
function position(index: number, target: number, source: number): number {
  return Math.min(source - 1, Math.max(0, ((index + 0.5) * source) / target - 0.5));
}

function sample(picture: RgbPicture, x: number, y: number, channel: number): number {
  const { width, height, data } = picture;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = Math.min(left + 1, width - 1);
  const bottom = Math.min(top + 1, height - 1);
  const at = (column: number, row: number): number => (data[(row * width + column) * 3 + channel] ?? 0) / 255;
  const upper = mix(at(left, top), at(right, top), x - left);
  const lower = mix(at(left, bottom), at(right, bottom), x - left);
  return mix(upper, lower, y - top);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
