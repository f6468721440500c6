import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contactSheet, type ContactSheet } from '../../../client/src/domain/drawing/contact-sheet';
import { drawObjects, skeleton } from '../../../client/src/domain/drawing/objects';
import { classColour, PAPER } from '../../../client/src/domain/drawing/palette';
import { escapeXml, fitText, textWidth } from '../../../client/src/domain/drawing/text';
import { encodePng, pngDataUri } from '../../../client/src/host/image/encode';
import { loadRasterizer } from '../../../client/src/host/image/rasterize';

const grey = pngDataUri(encodePng({ width: 2, height: 2, data: new Uint8Array(12).fill(128) }));

function sheetOf(pictures: ContactSheet['rows'][number]['pictures']): ContactSheet {
  return {
    title: 'shapes',
    columns: [{ heading: 'Labelled' }, { heading: 'ONNX', note: 'float' }, { heading: 'cvimodel', note: 'INT8' }],
    rows: [{ name: 'val/001.png', note: '1 of 1 found', pictures }],
    classes: ['circle', 'square', 'triangle'],
    summary: ['Both found 1 of 1.', 'second line'],
  };
}

describe('contact sheet', () => {
  it('shows every picture at 1:1 with its boxes where they belong', async () => {
    const object = { x: 100, y: 60, w: 80, h: 50, classIndex: 1, label: 'square', score: 0.91 };
    const cell = { href: grey, width: 320, height: 224, objects: [object] };
    const missed = { href: grey, width: 320, height: 224, objects: [], missed: [object] };
    const { svg, width, height } = contactSheet(sheetOf([cell, cell, missed]));
    const { rgb } = { rgb: (await loadRasterizer()).rgb(svg) };
    assert.deepEqual([rgb.width, rgb.height], [width, height]);
    const at = (x: number, y: number): string => {
      const from = (y * width + x) * 3;
      return `#${Buffer.from(rgb.data.subarray(from, from + 3)).toString('hex')}`;
    };
    // Left top corner of the first picture: margin 24, below the head (104) and the row's name (22).
    for (const left of [24, 24 + 332]) {
      assert.equal(at(left + 10, 126 + 10), '#808080', 'the picture itself');
      assert.equal(at(left + 100, 126 + 85), classColour(1).fill, 'left edge of the box');
      assert.equal(at(left + 180, 126 + 85), classColour(1).fill, 'right edge of the box');
      assert.equal(at(left + 140, 126 + 110), classColour(1).fill, 'lower edge of the box');
      assert.equal(at(left + 140, 126 + 85), '#808080', 'nothing inside the box');
    }
    const lower = Array.from({ length: 70 }, (_, step) => at(24 + 664 + 105 + step, 126 + 110));
    const coloured = lower.filter((colour) => colour === classColour(1).fill).length;
    assert.ok(coloured > 20 && coloured < 60, `${coloured} of 70 pixels of the dashed edge are coloured`);
    assert.equal(at(5, 5), PAPER.ground);
  });

  it('names objects with label and score, says what was missed', () => {
    const object = { x: 1, y: 1, w: 9, h: 9, classIndex: 0, label: 'a<b>&"c"', score: 0.5 };
    const style = { scale: 1, width: 320, height: 224 };
    assert.match(drawObjects([object], style), />a&lt;b&gt;&amp;&quot;c&quot; 0\.50</);
    assert.match(drawObjects([{ ...object, label: 'x', missed: true }], style), /stroke-dasharray.*>x missed 0\.50</);
  });

  it('moves a name where it would cover another', () => {
    const objects = [0, 20, 40].map((x) => ({ x, y: 60, w: 18, h: 30, classIndex: 0, label: 'long name', score: 1 }));
    const svg = drawObjects(objects, { scale: 1, width: 320, height: 224 });
    const tops = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y));
    assert.equal(tops.length, 3);
    const sorted = tops.sort((a, b) => a - b);
    for (let index = 1; index < 3; index++) assert.ok(sorted[index]! - sorted[index - 1]! >= 15, sorted.join());
    assert.ok(svg.lastIndexOf('stroke') < svg.indexOf('<text'), 'names lie above all boxes');
  });

  it('scales large pictures down to the width of a cell', () => {
    const { width, svg } = contactSheet(sheetOf([{ href: grey, width: 1600, height: 800, objects: [] }, null, null]));
    assert.equal(width, 48 + 3 * 400 + 24);
    assert.match(svg, /<image width="400" height="200"/);
  });

  it('joins keypoints: a body, a ring, a chain; what is not visible is left out', () => {
    assert.equal(skeleton(17).length, 19);
    assert.deepEqual(skeleton(4), [[0, 1], [1, 2], [2, 3], [3, 0]]); // prettier-ignore
    assert.deepEqual(skeleton(2), [[0, 1]]);
    assert.equal(skeleton(7).length, 6);
    assert.deepEqual(skeleton(0), []);
    const points = [{ x: 5, y: 5 }, null, { x: 9, y: 9 }, { x: 5, y: 9 }];
    const svg = drawObjects([{ x: 1, y: 1, w: 9, h: 9, classIndex: 0, label: 'x', points }], {
      scale: 1,
      width: 50,
      height: 50,
    });
    assert.equal(svg.match(/<circle/g)?.length, 3);
    assert.equal(svg.match(/<line/g)?.length, 4);
  });

  it('draws a keypoint that a model puts far outside', async () => {
    const points = [
      { x: -17452765.005000003, y: 0 },
      { x: 171, y: 1e300 },
    ];
    const object = { x: 0, y: 0, w: 1e9, h: Infinity, classIndex: 0, label: '', score: 0, points };
    const { svg, width } = contactSheet(
      sheetOf([{ href: grey, width: 64, height: 48, objects: [object] }, null, null]),
    );
    assert.equal((await loadRasterizer()).rgb(svg).width, width);
  });

  it('draws whatever a model or a file name contains', async function () {
    this.timeout(60_000);
    const rasterizer = await loadRasterizer();
    const number = fc.oneof(fc.double({ noDefaultInfinity: false }), fc.integer({ min: -50, max: 400 }));
    const object = fc.record({
      x: number,
      y: number,
      w: number,
      h: number,
      classIndex: fc.integer(),
      label: fc.string({ unit: 'binary', maxLength: 30 }),
      score: number,
      points: fc.array(fc.option(fc.record({ x: number, y: number })), { maxLength: 18 }),
    });
    fc.assert(
      fc.property(fc.array(object, { maxLength: 3 }), fc.string({ unit: 'binary' }), (objects, text) => {
        const picture = { href: grey, width: 64, height: 48, objects, missed: objects };
        const sheet = sheetOf([picture, null, picture]);
        const { svg, width, height } = contactSheet({ ...sheet, title: text, classes: [text, text], summary: [text] });
        const drawn = rasterizer.rgb(svg);
        assert.deepEqual([drawn.width, drawn.height], [width, height]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('text in drawings', () => {
  it('is cut where there is no room, and never wider than the room', () => {
    assert.equal(fitText('short', 11, 200), 'short');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 20, max: 300 }), (text, room) => {
        const cut = fitText(text, 12, room);
        assert.ok(textWidth(cut, 12) <= room);
        assert.ok(cut === text || (cut.endsWith('…') && text.startsWith(cut.slice(0, -1))));
      }),
    );
  });

  it('is estimated no narrower than it is drawn', async () => {
    const rasterizer = await loadRasterizer();
    for (const text of [
      'triangle missed 0.91',
      'WWWWMMMM',
      'illicit iii',
      'The quick brown fox, 0123456789',
      'ÄÖÜ éèà ñ',
    ]) {
      const { width, data } = rasterizer.rgb(
        `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="30"><text y="20" font-family="sans-serif" font-size="16">${text}</text></svg>`,
      );
      let right = 0;
      for (let pixel = 0; pixel * 3 < data.length; pixel++) {
        if ((data[pixel * 3] ?? 255) < 200) right = Math.max(right, pixel % width);
      }
      const estimate = textWidth(text, 16);
      assert.ok(
        right > 0 && right <= estimate && estimate < right * 1.35,
        `${text}: drawn ${right}, estimated ${estimate}`,
      );
    }
  });

  it('escapes what XML would read as markup or cannot hold', () => {
    assert.equal(escapeXml('<a href="x">&\u0000\ud800😀'), '&lt;a href=&quot;x&quot;&gt;&amp;  😀');
  });
});
