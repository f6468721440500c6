import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { toText } from '../../../server/src/core/mud/bytes';
import { parseIni } from '../../../server/src/core/mud/ini';
import { itemOf, parseMud, type MudTree } from '../../../server/src/core/mud/tree';

/** What the device reads, as text, and what the tree says of the same text. */
function compare(text: string): void {
  const device = parseIni(new TextEncoder().encode(text));
  const tree = parseMud(text);
  if (!device.ok) {
    const [first] = tree.errors;
    assert.deepEqual(
      { error: first?.code, line: first?.line.index },
      { error: device.error, line: device.line },
      JSON.stringify(text),
    );
    return;
  }
  assert.deepEqual(tree.errors, []);
  const expected = device.sections.map(({ name, items }) => ({
    name: toText(name),
    items: items.map(({ key, value }) => [toText(key), toText(value)]),
  }));
  const actual = tree.sections.map(({ name, items }) => ({
    name,
    items: items.map(({ key, value }) => [key.text, value.text]),
  }));
  assert.deepEqual(actual, expected, JSON.stringify(text));
}

/** Every span tells where its text stands, and the lines with their LFs are the text. */
function checkSpans(tree: MudTree): void {
  assert.equal(tree.lines.map(({ start, end }) => tree.text.slice(start, end)).join('\n'), tree.text);
  const spans = [
    ...tree.lines.flatMap(({ content, comment }) => (comment === null ? [content] : [content, comment])),
    ...tree.sections.flatMap(({ header }) =>
      header === null ? [] : [header.span, header.name, ...(header.trailing === null ? [] : [header.trailing])],
    ),
    ...tree.sections.flatMap(({ items }) => items.flatMap(({ key, value }) => [key, value])),
  ];
  for (const { start, end, text } of spans) assert.equal(tree.text.slice(start, end), text);
}

/** Texts made of what the dialect is sensitive to. */
const pieces = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('\n', '[', ']', '=', '#', ';', ' ', '\t', '\r', '\r\n', '\v', '\0') },
      {
        weight: 3,
        arbitrary: fc.constantFrom('basic', 'extra', 'type', 'a', '"', '\u00a0', '\u3000', '标签', '\ufeff'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('mud: the tree', () => {
  it('reads what the device reads, or finds its error, in any text', () => {
    fc.assert(fc.property(fc.oneof(pieces, fc.string({ unit: 'binary' })), compare), { seed: 7, numRuns: 3000 });
  });

  it('covers any text and knows where everything stands', () => {
    fc.assert(
      fc.property(pieces, (text) => checkSpans(parseMud(text))),
      { seed: 8, numRuns: 1000 },
    );
  });

  it('agrees with the device on the recorded files that are UTF-8', () => {
    const recorded = JSON.parse(
      gunzipSync(readFileSync('test/fixtures/mud/mud-conformance.json.gz')).toString('utf8'),
    ) as { cases: readonly { readonly bytes_b64?: string }[] };
    let compared = 0;
    for (const { bytes_b64 } of recorded.cases) {
      const bytes = Buffer.from(bytes_b64 ?? '', 'base64');
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      if (!Buffer.from(text).equals(bytes)) continue;
      compare(text);
      compared += 1;
    }
    assert.ok(compared > 450, `${compared} files compared`);
  });

  it('goes on after errors', () => {
    const tree = parseMud('[basic]\ntype = a\noops\n[extra\nb = 1\n[basic]\nmodel = m # note\n');
    assert.deepEqual(
      tree.errors.map(({ code, line }) => [code, line.index]),
      [
        [5, 2],
        [2, 3],
        [4, 5],
      ],
    );
    assert.equal(itemOf(tree, 'extra', 'b')?.value.text, '1');
    assert.equal(itemOf(tree, 'basic', 'model')?.value.text, 'm');
    assert.equal(tree.lines[6]?.comment?.text, '# note');
  });
});
