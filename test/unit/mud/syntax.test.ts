import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mudLanguage } from '../../../server/src/core/mud/service';
import { parseMud } from '../../../server/src/core/mud/tree';
import { mudDocument } from './documents';
import { failing, passing } from './examples';

interface Pattern {
  readonly include?: string;
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Pattern[];
}

interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Pattern[];
  readonly repository: Readonly<Record<string, Pattern>>;
}

const grammar = JSON.parse(readFileSync('syntaxes/mud.tmLanguage.json', 'utf8')) as Grammar;
const SUFFIX = '.maixcam-mud';

function resolved(pattern: Pattern): Pattern {
  const found = pattern.include === undefined ? pattern : grammar.repository[pattern.include.slice(1)];
  assert.ok(found, `${pattern.include ?? ''} is in the repository`);
  return found;
}

/**
 * The scopes of a line in the manner of TextMate: at each place the pattern that matches first counts, of several the
 * one listed first. Enough for a grammar whose only nested rule ends with its line.
 */
function scopes(line: string): (readonly [text: string, scope: string])[] {
  const found: [string, string][] = [];
  const add = (text: string, scope: string | undefined): void => {
    if (scope !== undefined && text.trim() !== '') found.push([text.trim(), scope.replace(SUFFIX, '')]);
  };
  let patterns = grammar.patterns;
  for (let at = 0; at < line.length;) {
    const candidates = patterns.map(resolved).flatMap((pattern) => {
      const expression = new RegExp(pattern.match ?? pattern.begin ?? '$', 'dg');
      expression.lastIndex = at;
      const match = expression.exec(line);
      return match === null || match[0] === '' ? [] : [{ pattern, match }];
    });
    const first = candidates.reduce<(typeof candidates)[number] | null>(
      (best, each) => (best === null || each.match.index < best.match.index ? each : best),
      null,
    );
    if (first === null) break;
    const { pattern, match } = first;
    add(match[0], pattern.name);
    const captures = Object.entries(pattern.captures ?? pattern.beginCaptures ?? {});
    for (const [group, { name }] of captures) add(match[Number(group)] ?? '', name);
    if (pattern.begin !== undefined) patterns = pattern.patterns ?? [];
    at = match.index + match[0].length;
  }
  return found;
}

describe('mud: the grammar', () => {
  it('colours what the device reads', () => {
    assert.deepEqual(scopes('# a = [b]'), [
      ['# a = [b]', 'comment.line.number-sign'],
      ['#', 'punctuation.definition.comment'],
    ]);
    assert.deepEqual(scopes('  [basic] # head'), [
      ['[', 'punctuation.definition.section.begin'],
      ['basic', 'entity.name.section'],
      [']', 'punctuation.definition.section.end'],
      ['# head', 'comment.line.number-sign'],
      ['#', 'punctuation.definition.comment'],
    ]);
    assert.deepEqual(scopes('mean = 0, 1.5e-3,abc#x'), [
      ['mean', 'variable.other.key'],
      ['=', 'keyword.operator.assignment'],
      ['0', 'constant.numeric'],
      [',', 'punctuation.separator'],
      ['1.5e-3', 'constant.numeric'],
      [',', 'punctuation.separator'],
      ['abc', 'string.unquoted'],
      ['#x', 'comment.line.number-sign'],
      ['#', 'punctuation.definition.comment'],
    ]);
    assert.deepEqual(scopes('type = cvimodel').at(-1), ['cvimodel', 'constant.language']);
    assert.deepEqual(scopes('scale = 1/255').at(-1), ['1/255', 'string.unquoted']);
    assert.deepEqual(scopes('labels = "a; b"').at(-1), ['"a; b"', 'string.unquoted']);
  });

  it('marks what the device refuses or drops', () => {
    assert.deepEqual(scopes('; note'), [['; note', 'invalid.illegal.line']]);
    assert.deepEqual(scopes('[basic] type = x').at(-1), ['type = x', 'invalid.illegal.behind-header']);
    assert.deepEqual(scopes('[basic'), [['[basic', 'invalid.illegal.line']]);
  });

  it('takes each line for what the tree takes it for', () => {
    const texts = [...failing.map(({ marked }) => marked.replace(/[⟦⟧]/g, '')), ...passing];
    for (const { kind, content, start, end } of new Set(
      texts.flatMap((text) => parseMud(text).lines.map((line) => ({ ...line, text }))),
    )) {
      assert.ok(start <= end);
      const found = scopes(content.text).map(([, scope]) => scope);
      const isBroken = found.includes('invalid.illegal.line');
      if (kind === 'section')
        assert.ok(
          found.includes('entity.name.section') ||
            isBroken ||
            content.text.startsWith('[ ]') ||
            content.text.startsWith('[]'),
          content.text,
        );
      if (kind === 'item') assert.ok(found.includes('keyword.operator.assignment') && !isBroken, content.text);
      if (kind === 'broken') assert.ok(isBroken, content.text);
    }
  });
});

describe('mud: language configuration and snippets', () => {
  it('comments with # and nothing else', () => {
    const configuration = JSON.parse(readFileSync('syntaxes/mud.language-configuration.json', 'utf8')) as {
      comments: unknown;
      wordPattern: string;
    };
    assert.deepEqual(configuration.comments, { lineComment: '#' });
    assert.deepEqual('model_npu = a-b.axmodel, c'.match(new RegExp(configuration.wordPattern, 'g')), [
      'model_npu',
      'a-b.axmodel',
      'c',
    ]);
  });

  const snippets = JSON.parse(readFileSync('syntaxes/mud.code-snippets.json', 'utf8')) as Record<
    string,
    { readonly prefix: readonly string[]; readonly body: readonly string[]; readonly description: string }
  >;

  for (const [name, { body }] of Object.entries(snippets)) {
    it(`${name}: nothing is wrong with what the snippet writes`, () => {
      const text = body
        .join('\n')
        .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
        .replace(/\$\{\d+:([^}]*)\}/g, '$1')
        .replace('$0', '');
      const files = { 'model.cvimodel': '', 'model_npu.axmodel': '', 'model_vnpu.axmodel': '' };
      const problems = mudLanguage.validate(mudDocument(text, files));
      assert.deepEqual(
        problems.filter(({ severity }) => severity !== 'hint'),
        [],
      );
    });
  }

  it('has one for each usual class on each board, with prefixes of their own', () => {
    const prefixes = Object.values(snippets).flatMap(({ prefix }) => prefix);
    assert.equal(Object.keys(snippets).length, 10);
    assert.equal(new Set(prefixes).size, prefixes.length);
  });
});

describe('mud: file icons', () => {
  for (const theme of ['light', 'dark']) {
    it(`${theme}: a small picture without scripts or references`, () => {
      const svg = readFileSync(`client/media/mud-${theme}.svg`, 'utf8');
      assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 16 16"/);
      assert.doesNotMatch(svg, /<script|href|url\(/);
    });
  }
});
