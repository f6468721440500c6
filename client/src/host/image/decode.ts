import { decode as decodePngFile, type DecodedPng } from 'fast-png';
import jpeg from 'jpeg-js';
import { AppError, messageOf } from '../../../../server/src/core/problems/app-error';
import { jpegOrientation, turnUpright } from './orientation';
import type { RgbPicture } from './picture';

/** Larger pictures would need more memory than a program should take unasked. */
const MAX_MEGAPIXELS = 200;
const MAX_MEMORY_MB = 2048;

/**
 * Decodes a PNG or JPEG file as a trainer does: three 8-bit channels, transparency dropped, JPEG turned upright by
 * its EXIF orientation. `name` names the file in messages. Throws an AppError for anything else.
 */
export function decodePicture(bytes: Uint8Array, name: string): RgbPicture {
  const format = pictureFormat(bytes);
  if (format !== 'PNG' && format !== 'JPEG') throw unsupported(format, name);
  try {
    return format === 'PNG' ? decodePng(bytes) : decodeJpeg(bytes);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const tooLarge = /limit exceeded/i.test(messageOf(cause));
    throw new AppError({
      code: tooLarge ? 'IMAGE_TOO_LARGE' : 'IMAGE_DAMAGED',
      message: tooLarge
        ? `${name} has more than ${MAX_MEGAPIXELS} million pixels; it would not fit into memory.`
        : `${name} is a damaged ${format} file and cannot be decoded (${messageOf(cause)}).`,
      hint: tooLarge ? 'Scale the picture down.' : 'Save the picture again with an image program, or remove it.',
      cause,
    });
  }
}

/** What a file is, by its first bytes; null where nothing is recognised. */
export function pictureFormat(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 64));
  if (head.startsWith('\u0089PNG\r\n\u001a\n')) return 'PNG';
  if (head.startsWith('\u00ff\u00d8\u00ff')) return 'JPEG';
  if (head.startsWith('GIF8')) return 'GIF';
  if (head.startsWith('BM')) return 'BMP';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'WebP';
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return 'TIFF';
  if (/^.{4}ftyp(?:avif|avis)/s.test(head)) return 'AVIF';
  if (/^.{4}ftyp(?:heic|heix|mif1|msf1)/s.test(head)) return 'HEIC';
  if (head.startsWith('version https://git-lfs')) return 'Git LFS pointer';
  if (/^\s*<(?:!doctype|html)/i.test(head)) return 'HTML';
  return null;
}

function unsupported(format: string | null, name: string): AppError {
  if (format === 'Git LFS pointer') {
    return new AppError({
      code: 'IMAGE_LFS_POINTER',
      message: `${name} is a Git LFS pointer: the picture itself has not been fetched.`,
      hint: 'Run git lfs pull in the repository that holds it.',
    });
  }
  const what = format === null ? 'is no picture that this program knows' : `is a ${format} file`;
  return new AppError({
    code: 'IMAGE_FORMAT',
    message: `${name} ${what}; PNG and JPEG can be decoded here.`,
    hint: 'Save the picture as PNG or JPEG.',
  });
}

function decodeJpeg(bytes: Uint8Array): RgbPicture {
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_MEGAPIXELS,
    maxMemoryUsageInMB: MAX_MEMORY_MB,
  });
  return turnUpright({ width, height, data }, jpegOrientation(bytes));
}

function decodePng(bytes: Uint8Array): RgbPicture {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length >= 24 && size.getUint32(16) * size.getUint32(20) > MAX_MEGAPIXELS * 1e6) {
    throw new Error('size limit exceeded');
  }
  const png = decodePngFile(bytes, { checkCrc: true });
  const { width, height } = png;
  const samples = eightBit(png);
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * png.channels;
    const to = pixel * 3;
    if (png.palette !== undefined) {
      const colour = png.palette[samples[from] ?? 0];
      if (colour === undefined) throw new Error('a pixel names a colour that the palette lacks');
      data.set(colour.slice(0, 3), to);
    } else if (png.channels < 3) {
      data.fill(samples[from] ?? 0, to, to + 3);
    } else {
      data[to] = samples[from] ?? 0;
      data[to + 1] = samples[from + 1] ?? 0;
      data[to + 2] = samples[from + 2] ?? 0;
    }
  }
  return { width, height, data };
}

/** One byte per sample: 16 bits lose the lower half, 1, 2 and 4 bits are unpacked (grey levels stretched to 255). */
function eightBit(png: DecodedPng): Uint8Array {
  const { data, depth, width, height, channels } = png;
  if (depth === 8) return data as Uint8Array;
  if (depth === 16) return Uint8Array.from(data as Uint16Array, (value) => value >> 8);
  const levels = (1 << depth) - 1;
  const factor = png.palette === undefined ? 255 / levels : 1;
  const perRow = width * channels;
  const rowBytes = Math.ceil((perRow * depth) / 8);
  const out = new Uint8Array(perRow * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < perRow; column++) {
      const bit = column * depth;
      const byte = data[row * rowBytes + (bit >> 3)] ?? 0;
      out[row * perRow + column] = ((byte >> (8 - depth - (bit & 7))) & levels) * factor;
    }
  }
  return out;
}
