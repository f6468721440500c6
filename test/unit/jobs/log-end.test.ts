import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { logEnd } from '../../../client/src/host/jobs/log-end';
import { useTempFolder } from '../../support/temp-folder';

describe('end of a log', () => {
  const temp = useTempFolder();
  const endOf = (content: string | Uint8Array, maxBytes: number): Promise<string> => {
    writeFileSync(temp.file('a.log'), content);
    return logEnd(temp.file('a.log'), maxBytes);
  };

  it('is the whole of a short one', async () => {
    assert.equal(await endOf('one\ntwo\n', 8), 'one\ntwo\n');
    assert.equal(await endOf('one\ntwo\n', 1000), 'one\ntwo\n');
    assert.equal(await endOf('', 10), '');
  });

  it('starts with a line', async () => {
    assert.equal(await endOf('one\ntwo\nthree\n', 10), 'two\nthree\n');
    assert.equal(await endOf('one\ntwo\nthree\n', 9), 'three\n');
    assert.equal(await endOf('10%\r20%\r30%\r', 6), '30%\r');
    assert.equal(await endOf('one\r\ntwo\r\nthree', 7), 'three');
  });

  it('starts with a character inside one endless line', async () => {
    assert.equal(await endOf('图'.repeat(100), 10), '图图图');
    assert.equal(await endOf('ä'.repeat(100), 10), 'ä'.repeat(5));
    assert.equal(await endOf('x'.repeat(100), 10), 'x'.repeat(10));
    assert.equal(await endOf('long line that ends\n', 5), 'ends\n');
  });

  it('is never longer than asked for, valid, and a part of the log', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', '图', '🙂', '\n', '\r'), maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 0, max: 120 }), async (log, most) => {
        const end = await endOf(log, most);
        assert.ok(Buffer.byteLength(end) <= most, 'no longer');
        assert.ok(log.endsWith(end), 'a part of it');
        if (Buffer.byteLength(log) <= most) assert.equal(end, log);
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('replaces bytes that are no UTF-8', async () => {
    assert.equal(await endOf(Uint8Array.of(0x61, 0xff, 0x0a, 0xfe, 0x62), 10), 'a\ufffd\n\ufffdb');
  });

  it('does not read a log of 200 MB for its end', async () => {
    const file = openSync(temp.file('big.log'), 'w');
    ftruncateSync(file, 200_000_000);
    writeSync(file, 'first\nsecond ä\nlast line\n', 200_000_000);
    closeSync(file);
    const before = process.memoryUsage().arrayBuffers;
    const end = await logEnd(temp.file('big.log'), 64 << 10);
    assert.ok(process.memoryUsage().arrayBuffers - before < 1 << 20);
    // The zeros before it are one endless line.
    assert.equal(end, 'second ä\nlast line\n');
  });

  it('is empty where there is no log', async () => {
    assert.equal(await logEnd(temp.file('none.log'), 100), '');
    assert.equal(await logEnd(temp.path, 100), '');
  });
});
