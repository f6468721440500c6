import assert from 'node:assert/strict';
import { build } from 'esbuild';

describe('start of the terminal program', () => {
  it('reads commander and the registration of commands, and no work of a command', async () => {
    const { metafile } = await build({
      entryPoints: { main: 'client/src/cli/main.ts' },
      outdir: 'out',
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      packages: 'external',
      metafile: true,
      write: false,
      logLevel: 'error',
    });
    const read = new Set<string>();
    const packages = new Set<string>();
    const follow = (file: string): void => {
      if (read.has(file)) return;
      read.add(file);
      for (const { path, kind, external } of metafile.outputs[file]?.imports ?? []) {
        if (kind !== 'import-statement') continue;
        if (external === true) packages.add(path);
        else follow(path);
      }
    };
    follow('out/main.js');
    const sources = [...read].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
    assert.ok(sources.includes('client/src/cli/commands/cut.ts'), sources.join(' '));
    assert.deepEqual(
      sources.filter((source) => /^client\/src\/(?:host|cli\/work)\/|^server\/src\/(?:node|core\/onnx)\//.test(source)),
      [],
    );
    assert.deepEqual([...packages], ['commander']);
  });
});
