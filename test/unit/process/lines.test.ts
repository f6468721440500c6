import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineSplitter, Tail, type LineEnd } from '../../../client/src/host/process/lines';

function split(chunks: readonly Uint8Array[]): [string, LineEnd][] {
  const lines: [string, LineEnd][] = [];
  const splitter = new LineSplitter((text, end) => lines.push([text, end]));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('output lines', () => {
  it('tells LF, CR LF, CR and a missing end apart', () => {
    assert.deepEqual(split([bytes('a\nb\r\nc\rd')]), [
      ['a', 'lf'],
      ['b', 'crlf'],
      ['c', 'cr'],
      ['d', 'none'],
    ]);
  });

  it('does not depend on where the chunks are cut', () => {
    const alphabet = fc.constantFrom('a', '\r', '\n', 'é', '图', '😀', '\u001b[31m');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 40 }), fc.array(fc.nat(120), { maxLength: 12 }), (parts, cuts) => {
        const whole = bytes(parts.join(''));
        const at = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
        assert.deepEqual(split(chunks), split([whole]));
      }),
    );
  });

  it('removes colours and erase-line sequences', () => {
    assert.deepEqual(split([bytes('\u001b[1;34mval:\u001b[0m 3\u001b[K\n')]), [['val: 3', 'lf']]);
  });

  it('keeps going over bytes that are no UTF-8', () => {
    assert.deepEqual(split([Uint8Array.of(0x61, 0xff, 0x62, 0x0a)]), [['a\ufffdb', 'lf']]);
  });

  it('hands an endless line on in pieces', () => {
    const piece = Buffer.alloc(700_000, 0x78);
    const lines = split([piece, piece, piece]);
    assert.equal(
      lines.reduce((sum, [text]) => sum + text.length, 0),
      2_100_000,
    );
    assert.ok(lines.length >= 2);
  });
});

describe('tail of an output', () => {
  it('shows a bar once, as a terminal would', () => {
    const tail = new Tail(1000);
    tail.add('start', 'lf');
    tail.add('10%', 'cr');
    tail.add('60%', 'cr');
    tail.add('100%', 'lf');
    tail.add('end', 'none');
    assert.equal(tail.toString(), 'start\n100%\nend');
  });

  it('keeps the last lines within its limit', () => {
    const tail = new Tail(100);
    for (let line = 0; line < 1000; line++) tail.add(`line ${line}`, 'lf');
    assert.ok(tail.toString().length <= 100);
    assert.match(tail.toString(), /line 998\nline 999$/);
  });
});
