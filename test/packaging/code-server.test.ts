import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { useTempFolder } from '../support/temp-folder';

const module = pathToFileURL(path.resolve('scripts/lib/code-server.mjs')).href;

describe('the editor of the end-to-end tests', function () {
  this.timeout(60_000);
  const folder = useTempFolder();

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  /** What an expression of the installer gives, with a cache folder and an npm of this test's own. */
  function ask(expression: string): unknown {
    const script = `import * as editor from ${JSON.stringify(module)};
      console.log(JSON.stringify(await (${expression}).catch((error) => ({ refused: error.message }))));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: {
        PATH: `${folder.file('bin')}${path.delimiter}${process.env.PATH ?? ''}`,
        HOME: folder.path,
        MAIXCAM_ENV_DIR: folder.file('cache'),
        MAIXCAM_CHROMIUM: folder.file('no browser'),
      },
    });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    assert.ok(last !== '', stderr);
    return JSON.parse(last);
  }

  function writeInstallation(mark: unknown): void {
    const root = folder.file('cache/code-server');
    for (const file of [`node-linux-${process.arch}/bin/node`, 'code-server/out/node/entry.js']) {
      const target = path.join(root, 'node_modules', file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, '');
    }
    if (mark !== null) writeFileSync(path.join(root, 'maixcam-code-server.json'), JSON.stringify(mark));
  }

  function writeNpm(text: string): void {
    mkdirSync(folder.file('bin'));
    writeFileSync(folder.file('bin/npm'), text, { mode: 0o755 });
  }

  const find = 'Promise.resolve(editor.findCodeServer())';
  const install = 'editor.installCodeServer()';

  it('takes only an installation that was checked, of the version it wants', () => {
    assert.equal(ask(find), null);
    writeInstallation(null);
    assert.equal(ask(find), null);
    writeInstallation({ 'code-server': '4.1.0', node: '24.21.0' });
    assert.equal(ask(find), null);
    writeInstallation({ 'code-server': '4.139.1', node: '24.21.0' });
    assert.notEqual(ask(find), null);
    assert.deepEqual(ask(install), ask(find));
  });

  it('leaves nothing behind when it cannot be installed, and says why', () => {
    writeNpm('#!/bin/sh\necho "registry does not answer" >&2\nexit 7\n');
    const { refused } = ask(install) as { readonly refused: string };
    assert.match(refused, /npm install .* failed:\nregistry does not answer/);
    assert.deepEqual(readdirSync(folder.file('cache')), []);
  });

  it('names what keeps the ring from running, so that it is skipped and not failed', () => {
    assert.match(
      ask('editor.prepareEditor()') as string,
      /MAIXCAM_CHROMIUM is .*no browser, and there is no such file/,
    );
  });

  it('replaces a broken installation, and takes no new one that does not start', () => {
    writeInstallation(null);
    writeNpm('#!/bin/sh\nexit 0\n');
    assert.match((ask(install) as { readonly refused: string }).refused, /ENOENT|does not/);
    assert.equal(existsSync(folder.file('cache/code-server')), false);
  });

  it('takes over the lock of an installer that died', () => {
    mkdirSync(folder.file('cache/code-server.lock'), { recursive: true });
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(folder.file('cache/code-server.lock/pid'), String(pid));
    writeNpm('#!/bin/sh\nexit 7\n');
    assert.match((ask(install) as { readonly refused: string }).refused, /npm install/);
    assert.deepEqual(readdirSync(folder.file('cache')), []);
  });
});
