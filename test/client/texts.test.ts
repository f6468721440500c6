import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { shownTexts } from '../support/l10n-strings';

const bundle = (name: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(`client/l10n/${name}`, 'utf8')) as Readonly<Record<string, string>>;
const places = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('texts of the extension', () => {
  const shown = shownTexts('client/src');
  const english = bundle('bundle.l10n.json');
  const chinese = bundle('bundle.l10n.zh-cn.json');

  it('are found', () => {
    assert.ok(shown.length > 150);
  });

  for (const [name, texts] of [
    ['English', english],
    ['Chinese', chinese],
  ] as const) {
    it(`are all in the ${name} bundle, which has no others`, () => {
      const missing = shown.filter(({ text }) => texts[text] === undefined || texts[text] === '');
      assert.deepEqual(missing, []);
      const used = new Set(shown.map(({ text }) => text));
      assert.deepEqual(
        Object.keys(texts).filter((text) => !used.has(text)),
        [],
      );
    });
  }

  it('have the same places for values in both languages', () => {
    for (const [text, translated] of Object.entries(chinese)) assert.deepEqual(places(translated), places(text), text);
  });

  it('say what happens without shouting, and are written as they are shown', () => {
    for (const [text, translated] of Object.entries(chinese)) {
      assert.doesNotMatch(text, /!(?!\w)|\p{Extended_Pictographic}/u, text);
      assert.doesNotMatch(translated, /[!！]|\p{Extended_Pictographic}/u, translated);
      assert.equal(english[text], text);
    }
  });
});
