import { encode } from 'fast-png';
import type { RgbPicture } from './picture';

/** A PNG file of a picture (8-bit RGB). */
export function encodePng(picture: RgbPicture): Uint8Array {
  const { width, height, data } = picture;
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** A PNG file as an address that an SVG or a web page can show. */
export function pngDataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png.buffer, png.byteOffset, png.length).toString('base64')}`;
}
