import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readRecipe } from '../../../server/src/core/recipe/read';

interface Snippet {
  readonly prefix: readonly string[];
  readonly body: readonly string[];
}

describe('recipe snippets and grammar', () => {
  const snippets = JSON.parse(readFileSync('syntaxes/recipe.code-snippets.json', 'utf8')) as Readonly<
    Record<string, Snippet>
  >;

  for (const [name, { body }] of Object.entries(snippets)) {
    it(`${name} is a recipe without problems, with every choice`, () => {
      const texts = [0, 1, 2, 3, 4].map((choice) =>
        body
          .join('\n')
          .replace(
            /\$\{\d+\|([^|]*)\|\}/g,
            (_all, words: string) => words.split(',')[choice] ?? words.split(',')[0] ?? '',
          )
          .replace(/\$\{\d+:([^}]*)\}/g, '$1')
          .replace('$0', ''),
      );
      for (const text of texts) {
        const { recipe, problems } = readRecipe(text, 'a.maixcam.yaml');
        assert.deepEqual(problems, [], text);
        assert.notEqual(recipe, null);
      }
    });
  }

  it('the fallback patterns colour keys, texts, numbers and comments', () => {
    const grammar = JSON.parse(readFileSync('syntaxes/recipe.tmLanguage.json', 'utf8')) as {
      readonly patterns: readonly { readonly include: string }[];
      readonly repository: Readonly<Record<string, { readonly match?: string }>>;
    };
    assert.equal(grammar.patterns[0]?.include, 'source.yaml');
    const matches = (rule: string, line: string): readonly string[] =>
      [...line.matchAll(new RegExp(grammar.repository[rule]?.match ?? '$^', 'g'))].map(([found]) => found);
    const line = '  size: 0.5 # why: "not"';
    assert.deepEqual(matches('key', line), ['size:', 'why:']);
    assert.deepEqual(matches('number', line), ['0.5']);
    assert.deepEqual(matches('comment', line), ['# why: "not"']);
    assert.deepEqual(matches('comment', 'a#b'), []);
    assert.deepEqual(matches('constant', 'a: [true, auto, nullx]'), ['true', 'auto']);
  });
});
