import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  fileForm,
  shownPosition,
  shownText,
  toUtf8,
  withLf,
  withoutBom,
  withoutNul,
  type TextEncoding,
} from '../../../server/src/core/text/file-form';

const WIDE: readonly Exclude<TextEncoding, 'utf-8'>[] = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'];

describe('file form', () => {
  it('says of plain UTF-8 that nothing is special', () => {
    assert.deepEqual(fileForm(utf8('a: ü 😀\n')), {
      encoding: 'utf-8',
      bom: 0,
      nul: null,
      invalid: null,
      lineEnds: { lf: 1, crlf: 0, cr: 0, firstCr: -1 },
    });
    assert.equal(fileForm(new Uint8Array()).encoding, 'utf-8');
  });

  it('finds the mark of each encoding and takes it away', () => {
    for (const encoding of WIDE) {
      const bytes = wide('\ufeffname: Ünï 😀\r\n', encoding);
      const form = fileForm(bytes);
      assert.deepEqual([form.encoding, form.bom], [encoding, encoding.startsWith('utf-16') ? 2 : 4]);
      assert.deepEqual([form.nul, form.invalid, form.lineEnds.crlf], [null, null, 1], encoding);
      assert.equal(shownText(bytes), 'name: Ünï 😀\r\n');
      assert.deepEqual(toUtf8(bytes), utf8('name: Ünï 😀\r\n'));
    }
    const marked = utf8('\ufeffa\n');
    assert.deepEqual([fileForm(marked).bom, shownText(marked)], [3, 'a\n']);
    assert.deepEqual(withoutBom(marked), utf8('a\n'));
    assert.deepEqual(withoutBom(utf8('a\ufeff')), utf8('a\ufeff'));
  });

  it('knows UTF-16 without a mark by its zero bytes, and NUL in UTF-8 by their lack', () => {
    assert.equal(fileForm(wide('board: maixcam\n', 'utf-16le')).encoding, 'utf-16le');
    assert.equal(fileForm(wide('board: maixcam\n', 'utf-16be')).encoding, 'utf-16be');
    const form = fileForm(utf8('ab\u0000c\u0000\n'));
    assert.deepEqual([form.encoding, form.nul], ['utf-8', { offset: 2, count: 2 }]);
    assert.deepEqual(withoutNul(utf8('ab\u0000c\u0000\n')), utf8('abc\n'));
  });

  it('counts the line ends of each kind', () => {
    assert.deepEqual(fileForm(utf8('a\rb\r\nc\nd\r')).lineEnds, { lf: 1, crlf: 1, cr: 2, firstCr: 1 });
    assert.deepEqual(withLf(utf8('a\rb\r\nc\nd\r\r\n')), utf8('a\nb\nc\nd\n\n'));
  });

  it('places a byte where the editor shows it', () => {
    const bytes = utf8('\ufeffa\rü\u0000b');
    assert.deepEqual(shownPosition(bytes, 0), { line: 0, character: 0 });
    assert.deepEqual(shownPosition(bytes, bytes.indexOf(0)), { line: 1, character: 1 });
    assert.deepEqual(shownPosition(bytes, 999), { line: 1, character: 3 });
    const badBytes = new Uint8Array([...utf8('x\nna'), 0xe9, ...utf8('me')]);
    assert.deepEqual(fileForm(badBytes).invalid, { offset: 4, count: 1 });
    assert.deepEqual(shownPosition(badBytes, 4), { line: 1, character: 2 });
  });

  it('judges UTF-8 as the platform decoder does', () => {
    const byte = fc.oneof(
      fc.constantFrom(0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), (list) => {
        const bytes = new Uint8Array([0x41, ...list]);
        const form = fileForm(bytes);
        assert.equal(form.invalid === null, accepted(bytes));
        if (form.invalid !== null) assert.ok(accepted(bytes.subarray(0, form.invalid.offset)));
      }),
      { numRuns: 3000 },
    );
  });

  it('brings any text from any encoding to the same UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...WIDE), (text, encoding) => {
        assert.deepEqual(toUtf8(wide(`\ufeff${text}`, encoding)), utf8(text));
      }),
    );
  });

  it('gives an answer for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(50), (bytes, offset) => {
        fileForm(bytes);
        shownPosition(bytes, offset);
        const lf = withLf(toUtf8(bytes));
        assert.equal(lf.includes(13), false);
      }),
    );
  });
});

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function wide(text: string, encoding: Exclude<TextEncoding, 'utf-8'>): Uint8Array {
  const little = encoding.endsWith('le');
  const width = encoding.startsWith('utf-16') ? 2 : 4;
  const units =
    width === 2
      ? Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
      : Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
  const bytes = new Uint8Array(units.length * width);
  const view = new DataView(bytes.buffer);
  units.forEach((unit, index) => {
    if (width === 2) view.setUint16(index * 2, unit, little);
    else view.setUint32(index * 4, unit, little);
  });
  return bytes;
}

function accepted(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
