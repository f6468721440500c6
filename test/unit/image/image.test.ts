import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { decodePicture, pictureFormat } from '../../../client/src/host/image/decode';
import { encodePng, pngDataUri } from '../../../client/src/host/image/encode';
import { loadRasterizer } from '../../../client/src/host/image/rasterize';
import { AppError } from '../../../server/src/core/problems/app-error';

const FOLDER = 'test/fixtures/image';

interface Expected {
  readonly pictures: Readonly<Record<string, { width: number; height: number; rgb: string }>>;
}

const expected = JSON.parse(readFileSync(path.join(FOLDER, 'expected.json'), 'utf8')) as Expected;

describe('decoding pictures', () => {
  for (const [name, record] of Object.entries(expected.pictures)) {
    it(`reads ${name} as OpenCV does`, () => {
      const picture = decodePicture(readFileSync(path.join(FOLDER, name)), name);
      assert.deepEqual([picture.width, picture.height], [record.width, record.height]);
      const rgb = Buffer.from(record.rgb, 'base64');
      assert.equal(picture.data.length, rgb.length);
      const differences = [...rgb].map((value, index) => Math.abs(value - (picture.data[index] ?? -999)));
      const mean = differences.reduce((sum, value) => sum + value, 0) / rgb.length;
      // A PNG has one reading; JPEG decoders round differently, and those with coarse chroma blur it differently.
      const [worst, average] = name.endsWith('.png') ? [0, 0] : name === 'progressive.jpg' ? [90, 5] : [40, 3];
      assert.ok(
        Math.max(...differences) <= worst && mean <= average,
        `worst ${Math.max(...differences)}, mean ${mean}`,
      );
    });
  }

  it('knows every fixture', () => {
    const pictures = readdirSync(FOLDER).filter((name) => /\.(png|jpg)$/.test(name));
    assert.deepEqual(pictures.sort(), Object.keys(expected.pictures).sort());
  });

  const png = readFileSync(path.join(FOLDER, 'rgb.png'));
  const jpg = readFileSync(path.join(FOLDER, 'progressive.jpg'));
  const refused: readonly (readonly [string, Uint8Array, string])[] = [
    ['a cut PNG', png.subarray(0, png.length - 30), 'IMAGE_DAMAGED'],
    ['a cut JPEG', jpg.subarray(0, jpg.length >> 1), 'IMAGE_DAMAGED'],
    ['a PNG with a wrong checksum', Uint8Array.from(png, (byte, at) => (at === 50 ? byte ^ 1 : byte)), 'IMAGE_DAMAGED'],
    ['a GIF', Buffer.from('GIF89a................'), 'IMAGE_FORMAT'],
    ['a web page', Buffer.from('<!DOCTYPE html><html>'), 'IMAGE_FORMAT'],
    ['an LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'IMAGE_LFS_POINTER'],
    ['an empty file', new Uint8Array(0), 'IMAGE_FORMAT'],
    ['a PNG that claims 4 gigapixels', hugePng(png), 'IMAGE_TOO_LARGE'],
  ];
  for (const [what, bytes, code] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => decodePicture(bytes, 'a.png'),
        (error) =>
          error instanceof AppError && error.code === code && error.message.includes('a.png') && error.hint !== '',
      );
    });
  }

  it('never fails with anything but an AppError on damaged files', function () {
    this.timeout(60_000);
    const originals = Object.keys(expected.pictures).map((name) => readFileSync(path.join(FOLDER, name)));
    const damage = fc.record({
      which: fc.nat(originals.length - 1),
      at: fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 6 }),
      keep: fc.nat(2000),
    });
    fc.assert(
      fc.property(damage, ({ which, at, keep }) => {
        const bytes = Uint8Array.from(originals[which] ?? []);
        for (const [offset, value] of at) if (offset < bytes.length) bytes[offset] = value;
        try {
          const { width, height, data } = decodePicture(bytes.subarray(0, Math.max(keep, 1)), 'x');
          assert.equal(data.length, width * height * 3);
        } catch (error) {
          assert.ok(error instanceof AppError, String(error));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('recognises formats by their first bytes', () => {
    assert.equal(pictureFormat(Buffer.from('RIFF\0\0\0\0WEBPVP8 ')), 'WebP');
    assert.equal(pictureFormat(Buffer.from('\0\0\0\u0020ftypavif')), 'AVIF');
    assert.equal(pictureFormat(Buffer.from('hello')), null);
  });
});

describe('encoding and drawing pictures', () => {
  it('writes PNG files that read back the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(), (width, height, seed) => {
        const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 37 + seed) & 255);
        assert.deepEqual(decodePicture(encodePng({ width, height, data }), 'x'), { width, height, data });
      }),
    );
  });

  it('draws SVG with text in the font of the program, zoomed, and pictures inside', async () => {
    const rasterizer = await loadRasterizer();
    const inside = pngDataUri(encodePng({ width: 1, height: 1, data: Uint8Array.of(10, 200, 30) }));
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20">
      <image x="0" y="0" width="10" height="20" preserveAspectRatio="none" xlink:href="${inside}"/>
      <text x="14" y="16" font-family="sans-serif" font-size="16" fill="#000000">M</text></svg>`;
    const small = rasterizer.rgb(svg);
    assert.deepEqual([small.width, small.height], [40, 20]);
    assert.deepEqual([...small.data.subarray((10 * 40 + 4) * 3, (10 * 40 + 4) * 3 + 3)], [10, 200, 30]);
    const dark = [...Array(20 * 40).keys()].filter((pixel) => (small.data[pixel * 3] ?? 255) < 100 && pixel % 40 > 12);
    assert.ok(dark.length > 20, `${dark.length} dark pixels: the letter is not there`);
    assert.deepEqual([...small.data.subarray(39 * 3, 40 * 3)], [255, 255, 255]);
    const large = decodePicture(rasterizer.png(svg, { zoom: 2 }), 'drawn');
    assert.deepEqual([large.width, large.height], [80, 40]);
    assert.deepEqual(decodePicture(rasterizer.png(svg), 'drawn'), small);
  });
});

/** The same file with a header that claims 65536 × 65536 pixels. */
function hugePng(png: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(png);
  bytes.set([0, 1, 0, 0, 0, 1, 0, 0], 16);
  return bytes;
}
