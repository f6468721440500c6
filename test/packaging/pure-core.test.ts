import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.join(folder, name));
}

/** The third fence (CONTRIBUTING.md): what compiles without Node must also bundle without it. */
describe('pure layers bundle for a browser', () => {
  for (const folder of ['server/src/core', 'client/src/domain', 'client/src/shared'].filter((one) => existsSync(one))) {
    it(folder, async function () {
      this.timeout(60_000);
      const entryPoints = sources(folder);
      assert.ok(entryPoints.length > 0);
      const result = await build({
        entryPoints: [...entryPoints],
        bundle: true,
        write: false,
        metafile: true,
        platform: 'browser',
        format: 'esm',
        mainFields: ['browser', 'module', 'main'],
        outdir: 'unused',
        logLevel: 'silent',
      });
      const external = Object.values(result.metafile.outputs)
        .flatMap((output) => output.imports)
        .filter((imported) => imported.external === true)
        .map((imported) => imported.path);
      assert.deepEqual(external, []);
    });
  }
});
