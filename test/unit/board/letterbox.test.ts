import assert from 'node:assert/strict';
import fc from 'fast-check';
import { letterbox, toTensor, type RgbImage } from '../../../server/src/core/board/letterbox';

/** Red tells the column, green the row, blue is 7 everywhere: bars are the only black. */
function ramp(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) data.set([column, row, 7], (row * width + column) * 3);
  }
  return { width, height, data };
}

const pixel = (image: RgbImage, column: number, row: number): number[] => [
  ...image.data.subarray((row * image.width + column) * 3, (row * image.width + column) * 3 + 3),
];
const blackRows = (image: RgbImage): number[] =>
  Array.from({ length: image.height }, (_, row) => row).filter((row) => pixel(image, 0, row)[2] === 0);
const blackColumns = (image: RgbImage): number[] =>
  Array.from({ length: image.width }, (_, column) => column).filter((column) => pixel(image, column, 0)[2] === 0);

describe('letterbox', () => {
  it('contain: bars above and below a wide picture, the extra row below', () => {
    const out = letterbox(ramp(8, 3), { width: 8, height: 8 });
    assert.deepEqual(blackRows(out), [0, 1, 5, 6, 7]);
    assert.deepEqual(pixel(out, 5, 2), [5, 0, 7]);
    assert.deepEqual(pixel(out, 5, 4), [5, 2, 7]);
  });

  it('contain: bars beside a high picture', () => {
    const out = letterbox(ramp(4, 16), { width: 8, height: 8 }, 'contain');
    assert.deepEqual(blackColumns(out), [0, 1, 2, 5, 6, 7]);
    assert.deepEqual(pixel(out, 3, 0), [0, 0, 7]);
    assert.deepEqual(pixel(out, 4, 3), [2, 6, 7]);
  });

  it('contain: 640×480 on 320×224 is 299 wide, 10 columns of bar on the left', () => {
    const out = letterbox(
      { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3).fill(9) },
      { width: 320, height: 224 },
    );
    const columns = Array.from({ length: 320 }, (_, column) => pixel(out, column, 100)[0]);
    assert.equal(columns.indexOf(9), 10);
    assert.equal(columns.lastIndexOf(9), 10 + 299 - 1);
  });

  it('cover: no bars, the middle of the picture', () => {
    const out = letterbox(ramp(16, 8), { width: 8, height: 8 }, 'cover');
    assert.deepEqual(blackRows(out), []);
    assert.deepEqual(pixel(out, 0, 0), [4, 0, 7]);
    assert.deepEqual(pixel(out, 7, 7), [11, 7, 7]);
  });

  it('fill: stretched', () => {
    const out = letterbox(ramp(2, 4), { width: 4, height: 2 }, 'fill');
    assert.deepEqual(
      Array.from({ length: 4 }, (_, column) => pixel(out, column, 1)),
      [
        [0, 2, 7],
        [0, 2, 7],
        [1, 2, 7],
        [1, 2, 7],
      ],
    );
  });

  it('a picture of the model’s size stays as it is in every fit', () => {
    for (const fit of ['contain', 'cover', 'fill'] as const) {
      assert.deepEqual(letterbox(ramp(7, 5), { width: 7, height: 5 }, fit).data, ramp(7, 5).data);
    }
  });

  it('cover and fill leave no bar for any size', () => {
    const side = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.constantFrom('cover' as const, 'fill' as const),
        (w, h, width, height, fit) => {
          const out = letterbox(ramp(w, h), { width, height }, fit);
          assert.deepEqual([blackRows(out), blackColumns(out)], [[], []]);
        },
      ),
    );
  });
});

describe('toTensor', () => {
  it('separates the channels and normalises each', () => {
    const image: RgbImage = { width: 2, height: 1, data: Uint8Array.from([10, 20, 30, 40, 50, 60]) };
    assert.deepEqual([...toTensor(image, [10, 0, 30], [1, 0.5, 2])], [0, 30, 10, 25, 0, 60]);
  });

  it('uses one value for all channels', () => {
    const image: RgbImage = { width: 1, height: 1, data: Uint8Array.from([255, 0, 51]) };
    const scale = 1 / 255;
    const rounded = Math.fround(scale);
    assert.deepEqual(
      [...toTensor(image, [0], [scale])],
      [255, 0, 51].map((value) => Math.fround(value * rounded)),
    );
  });
});
