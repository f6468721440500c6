import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { openRecipe } from '../../../client/src/host/pipeline/open-recipe';
import { RecipeInvalid } from '../../../client/src/host/pipeline/recipe-invalid';
import { recipeLanguage } from '../../../server/src/core/recipe/service';
import { useTempFolder } from '../../support/temp-folder';

const GOOD = 'board: maixcam\ndataset: dätä.yaml # ü\ntrain:\n';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf16 = (text: string): Uint8Array =>
  new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer);

/** Name, bytes, code, severity, line and column, whether there is a fix. */
const failing: readonly (readonly [string, Uint8Array, string, string, string, boolean])[] = [
  ['a byte order mark', utf8(`\ufeff${GOOD}`), 'RECIPE029', 'warning', '0:0', true],
  ['UTF-16 with mark', utf16(`\ufeff${GOOD}`), 'RECIPE030', 'error', '0:0', true],
  ['UTF-16 without mark', utf16(GOOD.replace(/[äü]/g, 'a')), 'RECIPE030', 'error', '0:0', true],
  ['Latin-1', latin1(GOOD), 'RECIPE030', 'error', '1:10', false],
  ['NUL', utf8(GOOD.replace('train', '\u0000train')), 'RECIPE031', 'error', '2:0', true],
  ['CR-only line ends', utf8(GOOD.replaceAll('\n', '\r')), 'RECIPE032', 'error', '0:14', true],
  ['one CR in a comment', utf8(GOOD.replace('ü\n', 'ü\r')), 'RECIPE032', 'error', '1:22', true],
];

describe('bytes of a recipe', () => {
  const folder = useTempFolder();
  const read = async (bytes: Uint8Array): Promise<readonly string[]> => {
    writeFileSync(folder.file('a.maixcam.yaml'), bytes);
    try {
      const { recipe } = await openRecipe(folder.file('a.maixcam.yaml'));
      assert.match(recipe.dataset ?? '', /^d.t.\.yaml$/u);
      return [];
    } catch (error) {
      assert.ok(error instanceof RecipeInvalid);
      return error.problems.map(({ code }) => code);
    }
  };

  for (const [name, bytes, code, severity, place, hasFix] of failing) {
    it(`${code}: ${name}; the runner agrees and the fix mends it`, async () => {
      const [problem, ...more] = recipeLanguage.validateFile(bytes, 'a.maixcam.yaml');
      assert.ok(problem);
      assert.deepEqual(more, []);
      const { line, character } = problem.range.start;
      assert.deepEqual([problem.code, problem.severity, `${line}:${character}`], [code, severity, place]);
      assert.deepEqual(await read(bytes), severity === 'error' ? [code] : []);
      assert.equal(problem.fix !== null, hasFix);
      if (problem.fix === null) return;
      const fixed = problem.fix.apply(bytes);
      assert.deepEqual(recipeLanguage.validateFile(fixed, 'a.maixcam.yaml'), []);
      assert.deepEqual(await read(fixed), []);
    });
  }

  it('takes UTF-8 with LF, CR LF or both', async () => {
    for (const text of [GOOD, GOOD.replaceAll('\n', '\r\n'), GOOD.replace('\n', '\r\n')]) {
      assert.deepEqual(recipeLanguage.validateFile(utf8(text), 'a.maixcam.yaml'), []);
      assert.deepEqual(await read(utf8(text)), []);
    }
  });

  it('every fix of any bytes makes its problem vanish', () => {
    const piece = fc.constantFrom<readonly number[]>(
      [0xef, 0xbb, 0xbf],
      [0xff, 0xfe],
      [0],
      [13],
      [13, 10],
      [10],
      [0xe9],
      [0xc3, 0xa4],
      [97, 58, 32],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        let bytes = Uint8Array.from(pieces.flat());
        for (let round = 0; round < 6; round += 1) {
          const [problem] = recipeLanguage.validateFile(bytes, 'a').filter(({ fix }) => fix !== null);
          if (!problem?.fix) return;
          const next = problem.fix.apply(bytes);
          assert.notDeepEqual(next, bytes);
          bytes = Uint8Array.from(next);
        }
        assert.fail('the fixes do not come to an end');
      }),
      { numRuns: 1000 },
    );
  });
});
