import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, unknown>> } };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const readme = readFileSync('README.md', 'utf8');

describe('manifest and readme', () => {
  it('pins every package to one version', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
    }
  });

  it('locks packages without naming a registry', () => {
    assert.ok(!readFileSync('package-lock.json', 'utf8').includes('"resolved"'));
  });

  it('names the two commands of a new user first', () => {
    const commands = [...readme.matchAll(/^npm .*$/gm)].map((match) => match[0].split('#')[0]?.trim());
    assert.deepEqual(commands.slice(0, 2), ['npm run demo', 'npm test']);
  });

  it('lists every setting in the readme', () => {
    const rows = [...readme.matchAll(/^\| `(maixcam\.[\w.]+)` +\| \S/gm)].map((match) => match[1]);
    assert.deepEqual(rows, Object.keys(manifest.contributes.configuration.properties));
  });

  it('lists every command of the terminal program in the readme', () => {
    const help = spawnSync(process.execPath, [manifest.bin.maixcam ?? '', '--help'], { encoding: 'utf8' }).stdout;
    const commands = [...(/^Commands:\n((?: .*\n)+)/m.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(
      (match) => match[1] ?? '',
    );
    assert.ok(commands.length >= 14, help);
    for (const command of commands.filter((name) => name !== 'help')) {
      assert.ok(new RegExp(`\`${command}[ \`]`).test(readme), `${command} is not in the readme`);
    }
  });

  for (const name of ['README.md', 'CONTRIBUTING.md']) {
    it(`links only to what is there: ${name}`, () => {
      const targets = [...readFileSync(name, 'utf8').matchAll(/\]\(([^)\s]+)/g)].map((match) => match[1] ?? '');
      const files = targets
        .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
        .map((target) => target.split('#')[0] ?? '');
      assert.deepEqual(
        files.filter((file) => !existsSync(path.join(path.dirname(name), decodeURI(file)))),
        [],
      );
    });
  }

  it('builds what the program needs at run time', () => {
    for (const file of ['dist/cli.js', 'dist/engine-child.js', 'dist/assets/index_bg.wasm', 'dist/schemas']) {
      assert.ok(existsSync(file), file);
    }
    const programs = readdirSync('client/python').filter((name) => name.endsWith('.py'));
    assert.deepEqual(
      readdirSync('dist/python').filter((name) => name.endsWith('.py')),
      programs,
    );
  });

  it('marks every program that imports Ultralytics as AGPL-3.0', () => {
    for (const name of readdirSync('client/python').filter((file) => file.endsWith('.py'))) {
      const text = readFileSync(`client/python/${name}`, 'utf8');
      const identifier = /SPDX-License-Identifier: (\S+)/.exec(text)?.[1];
      assert.equal(identifier, /^\s*(from|import) ultralytics/m.test(text) ? 'AGPL-3.0-only' : 'MIT', name);
    }
    assert.ok(readdirSync('LICENSES').some((name) => name.startsWith('AGPL-3.0')));
  });
});
