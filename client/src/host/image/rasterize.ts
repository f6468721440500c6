import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { messageOf } from '../../../../server/src/core/problems/app-error';
import { readAsset } from './assets';
import type { RgbPicture } from './picture';

export interface RasterizeOptions {
  /** Pixels per SVG unit. Default: 1. */
  readonly zoom?: number;
}

/** Draws SVG texts. Text uses DejaVu Sans, which travels with the program: the same pixels on every computer. */
export interface Rasterizer {
  /** The drawing as a PNG file. */
  png(svg: string, options?: RasterizeOptions): Uint8Array;
  /** The drawing's pixels; what is transparent is white. */
  rgb(svg: string, options?: RasterizeOptions): RgbPicture;
}

const FONT_FAMILY = 'DejaVu Sans';

let started: Promise<Uint8Array> | null = null;

/** Loads the drawing engine (once per process). Throws an AppError where a file of the program is missing. */
export async function loadRasterizer(): Promise<Rasterizer> {
  started ??= start();
  const font = await started;
  return {
    png: (svg, options = {}) => draw(svg, font, options, (image) => image.asPng()),
    rgb: (svg, options = {}) =>
      draw(svg, font, options, ({ width, height, pixels }) => ({ width, height, data: withoutAlpha(pixels) })),
  };
}

async function start(): Promise<Uint8Array> {
  const [wasm, font] = await Promise.all([readAsset('index_bg.wasm'), readAsset('DejaVuSans.ttf')]);
  try {
    await initWasm(new Uint8Array(wasm));
  } catch (error) {
    // The engine belongs to the process: another bundle in it may have started the engine before.
    if (!/already initialized/i.test(messageOf(error))) throw error;
  }
  return new Uint8Array(font);
}

interface Rendered {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  asPng(): Uint8Array;
}

/** The engine's memory is not collected by itself: both objects are freed, whatever happens. */
function draw<T>(svg: string, font: Uint8Array, options: RasterizeOptions, take: (image: Rendered) => T): T {
  const drawing = new Resvg(svg, {
    background: 'white',
    font: { fontBuffers: [font], defaultFontFamily: FONT_FAMILY, sansSerifFamily: FONT_FAMILY },
    fitTo: { mode: 'zoom', value: options.zoom ?? 1 },
  });
  try {
    const image = drawing.render();
    try {
      return take(image);
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}

function withoutAlpha(pixels: Uint8Array): Uint8Array {
  const data = new Uint8Array((pixels.length / 4) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    data[to] = pixels[from] ?? 0;
    data[to + 1] = pixels[from + 1] ?? 0;
    data[to + 2] = pixels[from + 2] ?? 0;
  }
  return data;
}
