import assert from 'node:assert/strict';
import { mudFileRules } from '../../../server/src/core/mud/file-problems';
import { mudRules } from '../../../server/src/core/mud/rules';
import { validateMud } from '../../../server/src/core/mud/validate';
import { mudCodes } from '../../../server/src/core/problems/codes';
import { LineIndex } from '../../../server/src/core/text/line-index';
import { edited, mudDocument } from './documents';
import { BESIDE, failing, passing } from './examples';

/** Mistakes of the reference that need more than the text and its folder, or none of the language's own files. */
const ELSEWHERE = [27, 29, 31, 41, 44, 52, 53, 54, 55, 57, 62, 71, 72, 73];

describe('mud: rules', () => {
  for (const { code, marked, fixed, severity, beside, name } of failing) {
    it(`${code}: ${JSON.stringify(/.{0,20}⟦[^⟧]{0,40}⟧/su.exec(marked)?.[0] ?? '')}`, () => {
      const start = marked.indexOf('⟦');
      const end = marked.indexOf('⟧') - 1;
      const text = marked.replace(/[⟦⟧]/g, '');
      const files = { ...BESIDE, 't.bin': '', ...beside };
      const problems = validateMud(mudDocument(text, files, name));
      const range = new LineIndex(text).range(start, end);
      const found = problems.find((each) => each.code === code && JSON.stringify(each.range) === JSON.stringify(range));
      assert.ok(found, JSON.stringify(problems, null, 1));
      if (severity !== undefined) assert.equal(found.severity, severity);
      assert.match(found.message, /[.]$/);
      const preferred = (found.fixes ?? []).filter((fix) => fix.preferred);
      if (fixed === undefined) {
        assert.deepEqual(preferred, []);
      } else {
        assert.equal(preferred.length, 1);
        const mended = edited(text, preferred[0]!.edits);
        assert.equal(mended, fixed);
        const before = problems.filter((each) => each.code === code).length;
        assert.ok(validateMud(mudDocument(mended, files, name)).filter((each) => each.code === code).length < before);
      }
    });
  }

  for (const text of passing) {
    it(`says nothing of ${JSON.stringify(text.slice(0, 30))}…${JSON.stringify(text.slice(-50))}`, () => {
      const problems = validateMud(mudDocument(text, { ...BESIDE, 't.bin': '' }));
      assert.deepEqual(
        problems.filter(({ severity }) => severity !== 'hint' && severity !== 'information'),
        [],
      );
    });
  }

  it('has an example for each rule, and a rule for each code', () => {
    const rules = mudRules.map(({ code }) => code);
    const shown = new Set(failing.map(({ code }) => code));
    assert.deepEqual(
      rules.filter((code) => !shown.has(code)),
      [],
    );
    assert.deepEqual([...mudFileRules.map(({ code }) => code), ...rules].sort(), Object.keys(mudCodes));
  });

  it('knows which mistakes of the reference its rules find', () => {
    const known = new Set([...mudRules, ...mudFileRules].flatMap(({ mistakes }) => mistakes));
    const all = Array.from({ length: 73 }, (_, index) => index + 1);
    assert.deepEqual(
      all.filter((id) => !known.has(id)),
      ELSEWHERE,
    );
  });
});
