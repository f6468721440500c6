import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PACKAGE_TIMEOUT_MS, readVsix, vsixFile, type Target } from '../support/vsix';

/** What may be in a package; anything else is a mistake. Paths below `extension/`. */
const ALLOWED = [
  /^package(\.nls(\.zh-cn)?)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^LICENSES\/AGPL-3\.0-only\.txt$/,
  /^THIRD-PARTY-NOTICES\.txt$/,
  /^client\/l10n\/bundle\.l10n(\.zh-cn)?\.json$/,
  /^client\/media\/(icon\.png|activity-bar\.svg|mud-(light|dark)\.svg)$/,
  /^client\/walkthrough\/[a-z]+\.svg$/,
  /^syntaxes\/(mud|recipe)\.(language-configuration|tmLanguage)\.json$/,
  /^syntaxes\/(mud|recipe)\.code-snippets\.json$/,
  /^dist\/(extension|server|engine-child|cli)\.js$/,
  /^dist\/[a-z-]+-worker\.js$/,
  /^dist\/cli\/(main|workbench|[a-z-]+-[A-Z0-9]{8})\.mjs$/,
  /^dist\/python\/[a-z_]+\.py$/,
  /^dist\/assets\/(index_bg\.wasm|DejaVuSans\.ttf)$/,
  /^dist\/schemas\/[a-z-]+\.schema\.json$/,
  /^dist\/node_modules\/onnxruntime-common\/(package\.json|dist\/(cjs|esm)\/[a-z-]+\.(js|json))$/,
  /^dist\/node_modules\/onnxruntime-web\/package\.json$/,
  /^dist\/node_modules\/onnxruntime-web\/dist\/(ort\.node\.min\.mjs|ort-wasm-simd-threaded\.(mjs|wasm))$/,
];
const NATIVE = [
  /^dist\/node_modules\/onnxruntime-node\/(package\.json|dist\/(backend|binding|index|version)\.js)$/,
  /^dist\/node_modules\/onnxruntime-node\/bin\/napi-v6\/linux\/x64\/(libonnxruntime\.so\.1|onnxruntime_binding\.node)$/,
];

const BUDGETS: Readonly<Record<Target, number>> = { universal: 8_000_000, 'linux-x64': 25_000_000 };
const BUNDLE_BUDGETS = { 'dist/extension.js': 900_000, 'dist/server.js': 700_000 };

/** Folders that only this computer has; what others built and we pass on may name theirs. */
const HERE = [process.cwd(), path.join(os.homedir(), '.cache'), path.join(os.homedir(), '.npm')];
/** A person's home folder, in a file that we wrote or bundled; the one of examples is called `me`. */
const HOME = /(?:\/home\/|\/Users\/|[A-Z]:\\+Users\\+)(?!me\b)[\w.-]+/;
const MADE_BY_OTHERS = /^dist\/(node_modules|assets)\/|^THIRD-PARTY-NOTICES\.txt$/;

for (const target of ['universal', 'linux-x64'] as const) {
  describe(`contents of the ${target} package`, function () {
    this.timeout(PACKAGE_TIMEOUT_MS);
    let size = 0;
    let files: ReadonlyMap<string, Buffer> = new Map();
    let zipped: ReadonlyMap<string, Buffer> = new Map();

    before(async () => {
      const file = await vsixFile(target);
      size = statSync(file).size;
      zipped = await readVsix(file);
      files = new Map(
        [...zipped].flatMap(([name, content]) =>
          name.startsWith('extension/') ? [[name.slice('extension/'.length), content] as const] : [],
        ),
      );
    });

    it('stays in its size', () => {
      console.log(`      ${(size / 1e6).toFixed(2)} MB of ${(BUDGETS[target] / 1e6).toFixed(0)} MB`);
      assert.ok(size <= BUDGETS[target], `${size} bytes`);
    });

    it('has bundles that stay in their size', () => {
      for (const [name, budget] of Object.entries(BUNDLE_BUDGETS)) {
        const bytes = files.get(name)?.length ?? assert.fail(`${name} is missing`);
        console.log(`      ${name}: ${(bytes / 1e3).toFixed(0)} kB of ${budget / 1e3} kB`);
        assert.ok(bytes <= budget, `${name}: ${bytes} bytes`);
      }
      const pieces = [...files].filter(([name]) => name.startsWith('dist/cli/'));
      const sum = pieces.reduce((total, [, content]) => total + content.length, 0);
      const largest = pieces.sort(([, a], [, b]) => b.length - a.length).slice(0, 5);
      console.log(`      dist/cli: ${pieces.length} pieces, ${(sum / 1e3).toFixed(0)} kB; the largest:`);
      for (const [name, content] of largest) console.log(`        ${name}: ${(content.length / 1e3).toFixed(0)} kB`);
    });

    it('holds what is allowed and nothing else', () => {
      const allowed = target === 'universal' ? ALLOWED : [...ALLOWED, ...NATIVE];
      assert.deepEqual(
        [...files.keys()].filter((name) => !allowed.some((pattern) => pattern.test(name))),
        [],
      );
      // And each kind of thing that is allowed is there: a pattern without a file is out of date or hides a loss.
      assert.deepEqual(
        allowed.filter(
          (pattern) => !pattern.source.includes('worker') && ![...files.keys()].some((name) => pattern.test(name)),
        ),
        [],
      );
      assert.deepEqual([...zipped.keys()].filter((name) => !name.startsWith('extension/')).sort(), [
        '[Content_Types].xml',
        'extension.vsixmanifest',
      ]);
    });

    it('has every Python program and every schema of the clone', () => {
      const names = (folder: string, suffix: string): readonly string[] =>
        readdirSync(folder).filter((name) => name.endsWith(suffix));
      for (const name of names('client/python', '.py')) assert.ok(files.has(`dist/python/${name}`), name);
      for (const name of names('schemas', '.json')) assert.ok(files.has(`dist/schemas/${name}`), name);
    });

    it('marks the programs that import Ultralytics as AGPL-3.0, and holds nothing of Ultralytics itself', () => {
      let marked = 0;
      for (const [name, content] of files) {
        if (!name.endsWith('.py')) continue;
        const text = content.toString('utf8');
        const imports = /^\s*(from|import) ultralytics/m.test(text);
        assert.equal(text.includes('SPDX-License-Identifier: AGPL-3.0-only'), imports, name);
        marked += imports ? 1 : 0;
      }
      assert.ok(marked > 0);
      assert.match(
        files.get('LICENSES/AGPL-3.0-only.txt')?.toString('utf8') ?? '',
        /GNU AFFERO GENERAL PUBLIC LICENSE/,
      );
      // Weights and models start as archives of torch or carry the exporter's metadata.
      for (const [name, content] of files) {
        assert.ok(!/\.(pt|onnx|cvimodel|axmodel)$/.test(name), name);
        assert.ok(!content.includes('Ultralytics YOLO') || name === 'readme.md', name);
      }
    });

    it('has no source maps and no folder of this computer', () => {
      const found: string[] = [];
      for (const [name, content] of files) {
        const maps = !MADE_BY_OTHERS.test(name) && content.includes('//# sourceMappingURL=');
        if (name.endsWith('.map') || maps) found.push(`${name}: source map`);
        for (const folder of HERE) if (content.includes(folder)) found.push(`${name}: ${folder}`);
        const home = MADE_BY_OTHERS.test(name) ? undefined : HOME.exec(content.toString('latin1'))?.[0];
        if (home !== undefined) found.push(`${name}: ${home}`);
      }
      assert.deepEqual(found, []);
    });

    it('names the licence of every package that it holds', () => {
      const notices = files.get('THIRD-PARTY-NOTICES.txt')?.toString('utf8') ?? '';
      const runtime = [...files.keys()]
        .map((name) => /^dist\/node_modules\/([^/]+)\/package\.json$/.exec(name)?.[1])
        .filter((name) => name !== undefined);
      assert.equal(runtime.length, target === 'universal' ? 2 : 3);
      for (const name of [
        ...runtime,
        '@resvg/resvg-wasm',
        'dejavu-fonts-ttf',
        'ssh2',
        'yaml',
        'vscode-languageclient',
      ]) {
        assert.ok(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\nLicense: \\S`, 'm').test(notices), name);
      }
    });
  });
}
