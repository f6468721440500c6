import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentKinds } from '../../client/src/host/python/kinds';
import { useTempFolder } from '../support/temp-folder';

const module = pathToFileURL(path.resolve('scripts/lib/preflight.mjs')).href;

interface Preflight {
  readonly KINDS: Readonly<Record<string, { readonly minors: readonly number[]; readonly cost: unknown }>>;
}

describe('what the demo finds out before long work', function () {
  this.timeout(30_000);
  const folder = useTempFolder();

  /** Runs the preflight with nothing of this machine's PATH, home or cache. */
  function preflight(kinds: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
    mkdirSync(folder.file('bin'), { recursive: true });
    const script = `import { preflight } from ${JSON.stringify(module)}; await preflight(${JSON.stringify(kinds)});`;
    return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: {
        PATH: folder.file('bin'),
        HOME: folder.path,
        // Nothing is looked up in a network here.
        HTTPS_PROXY: 'http://127.0.0.1:9',
        MAIXCAM_ENV_DIR: folder.file('cache'),
        ...env,
      },
    });
  }

  function addPython(name: string, version: string): void {
    mkdirSync(folder.file('bin'), { recursive: true });
    writeFileSync(folder.file(`bin/${name}`), `#!/bin/sh\necho '${version}'\n`);
    chmodSync(folder.file(`bin/${name}`), 0o755);
  }

  it('knows the versions and sizes of the environments', async () => {
    const { KINDS } = (await import(module)) as Preflight;
    assert.deepEqual(Object.keys(KINDS), Object.keys(environmentKinds));
    for (const kind of Object.values(environmentKinds)) {
      const { cpuIndex, packageIndex } = kind.cost;
      assert.deepEqual(KINDS[kind.name]?.cost, { cpuIndex, packageIndex });
      assert.deepEqual(
        KINDS[kind.name]?.minors,
        kind.versions.map(([, minor]) => minor).sort((a, b) => a - b),
      );
    }
  });

  it('names every missing Python and the way to it', function () {
    if (process.platform === 'win32') this.skip();
    const run = preflight(['train', 'convert']);
    assert.equal(run.status, 3, run.stdout + run.stderr);
    assert.match(run.stderr, /Python 3\.9 to 3\.13 for training: no Python 3 was found\. Get it with/);
    assert.match(run.stderr, /Python 3\.10 for converting: no Python 3 was found\. Get it with/);

    addPython('python3', '3 12');
    const half = preflight(['train', 'convert']);
    assert.equal(half.status, 3);
    assert.doesNotMatch(half.stderr, /for training/);
    assert.match(half.stderr, /Python 3\.10 for converting: only 3\.12 was found/);
  });

  it('raises no alarm where an interpreter may lie off PATH, was brought, or is not needed', function () {
    if (process.platform === 'win32') this.skip();
    const none: string[] = [];
    for (const [kinds, env] of [
      [['convert'], { MAIXCAM_CONVERT_PYTHON: '/somewhere/python' }],
      [['convert'], { MAIXCAM_PYTHON: '/somewhere/python' }],
      [none, {}],
    ] as const) {
      assert.doesNotMatch(preflight(kinds, env).stderr, /Python 3/);
    }
    mkdirSync(folder.file('.pyenv'));
    assert.doesNotMatch(preflight(['convert']).stderr, /Python 3/);
  });

  it('adds up what is to come onto one disk (a file system in memory: needs root and the right to mount)', function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const disk = folder.file('disk');
    mkdirSync(disk);
    // Room for either environment, not for both.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3g', 'none', disk]).status !== 0) this.skip();
    try {
      addPython('python3.10', '3 10');
      const env = { MAIXCAM_ENV_DIR: path.join(disk, 'not', 'there') };
      assert.equal(preflight(['train'], env).status, 0);
      assert.equal(preflight(['convert'], env).status, 0);
      const both = preflight(['train', 'convert'], env);
      assert.equal(both.status, 3);
      assert.match(both.stderr, /Room on the disk: about 3\.5 GB are needed in .*, and\s+3\.2 GB are free\./);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
