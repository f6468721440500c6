import type { RgbPicture } from './picture';

/** EXIF tag that says how the camera was held. */
const ORIENTATION_TAG = 0x0112;

/**
 * The EXIF orientation of a JPEG file: 1 (upright) to 8; 1 where it says nothing. Trainers load pictures turned
 * upright (spec dataset-and-training.md 2.3), so labels refer to that.
 */
export function jpegOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // Start of scan or end of image: no EXIF behind it.
    if (marker === 0xda || marker === 0xd9) return 1;
    const length = view.getUint16(at + 2);
    if (marker === 0xe1 && isExif(bytes, at + 4)) return tiffOrientation(view, at + 10, at + 2 + length);
    at += 2 + length;
  }
  return 1;
}

function isExif(bytes: Uint8Array, at: number): boolean {
  return [0x45, 0x78, 0x69, 0x66, 0, 0].every((byte, index) => bytes[at + index] === byte);
}

function tiffOrientation(view: DataView, start: number, declaredEnd: number): number {
  const end = Math.min(declaredEnd, view.byteLength);
  if (start + 8 > end) return 1;
  const little = view.getUint16(start) === 0x4949;
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > end) return 1;
  const entries = view.getUint16(directory, little);
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + 12 * index;
    if (entry + 12 > end) return 1;
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Turns and mirrors a picture upright; orientations 5 to 8 swap width and height. */
export function turnUpright(picture: RgbPicture, orientation: number): RgbPicture {
  if (orientation <= 1 || orientation > 8) return picture;
  const { width, height, data } = picture;
  const swapped = orientation >= 5;
  const outWidth = swapped ? height : width;
  const outHeight = swapped ? width : height;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const [fromX, fromY] = sourceOf(orientation, x, y, width - 1, height - 1);
      const from = (fromY * width + fromX) * 3;
      out.set(data.subarray(from, from + 3), (y * outWidth + x) * 3);
    }
  }
  return { width: outWidth, height: outHeight, data: out };
}

/** Which stored pixel stands at `(x, y)` of the upright picture. */
function sourceOf(orientation: number, x: number, y: number, right: number, bottom: number): [number, number] {
  switch (orientation) {
    case 2:
      return [right - x, y];
    case 3:
      return [right - x, bottom - y];
    case 4:
      return [x, bottom - y];
    case 5:
      return [y, x];
    case 6:
      return [y, bottom - x];
    case 7:
      return [right - y, bottom - x];
    default:
      return [right - y, x];
  }
}
