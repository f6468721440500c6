import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PACKAGE_TIMEOUT_MS, readVsix, vsixFile } from '../support/vsix';

interface Command {
  readonly command: string;
  readonly title?: string;
  readonly category?: string;
  readonly icon?: string;
}

interface Shipped {
  readonly name: string;
  readonly version: string;
  readonly main: string;
  readonly icon: string;
  readonly l10n: string;
  readonly license: string;
  readonly engines: { readonly vscode: string };
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly languages: readonly { readonly id: string }[];
    readonly grammars: readonly { readonly language: string }[];
  };
}

describe('manifest in the package', function () {
  this.timeout(PACKAGE_TIMEOUT_MS);
  let files: ReadonlyMap<string, Buffer> = new Map();
  let manifest: Shipped;
  const own = JSON.parse(readFileSync('package.json', 'utf8')) as Shipped & {
    readonly devDependencies: Readonly<Record<string, string>>;
  };

  before(async () => {
    files = await readVsix(await vsixFile('universal'));
    manifest = json('package.json') as Shipped;
  });

  function json(name: string): unknown {
    return JSON.parse(files.get(`extension/${name}`)?.toString('utf8') ?? assert.fail(`${name} is missing`));
  }

  it('is the one of the clone without what concerns the clone only', () => {
    assert.equal(manifest.name, own.name);
    assert.equal(manifest.version, own.version);
    assert.deepEqual(manifest.contributes, own.contributes);
    for (const key of ['scripts', 'dependencies', 'devDependencies', 'overrides', 'private']) {
      assert.ok(!Object.hasOwn(manifest, key), key);
    }
  });

  it('names only files that are there', () => {
    const named = new Set<string>();
    visit(manifest, (text) => {
      if (/^(\.\/)?(client|dist|syntaxes|schemas)\/[^*]+\.[a-z0-9-]+$/.test(text)) named.add(text.replace(/^\.\//, ''));
    });
    assert.ok(
      named.has('dist/extension.js') && named.has('client/media/icon.png') && named.size >= 10,
      [...named].join(),
    );
    assert.deepEqual(
      [...named].filter((file) => !files.has(`extension/${file}`)),
      [],
    );
    const bundles = [...files.keys()].filter((name) =>
      name.startsWith(`extension/${manifest.l10n.replace('./', '')}/`),
    );
    assert.ok(
      bundles.some((name) => name.endsWith('bundle.l10n.zh-cn.json')),
      bundles.join(),
    );
  });

  it('activates only when it is needed', () => {
    for (const event of manifest.activationEvents) assert.match(event, /^onLanguage:yaml$|^on[A-Z]\w+:.+/);
    assert.deepEqual(
      manifest.activationEvents.filter((event) => event === '*' || event === 'onStartupFinished'),
      [],
    );
  });

  it('asks for an editor that has every call that the types allow', () => {
    const versionOf = (text: string | undefined): readonly number[] =>
      (text ?? '').replace(/^\D+/, '').split('.').map(Number);
    const [engine, types] = [versionOf(manifest.engines.vscode), versionOf(own.devDependencies['@types/vscode'])];
    assert.match(manifest.engines.vscode, /^\^\d+\.\d+\.\d+$/);
    assert.equal(engine[0], types[0]);
    assert.ok((engine[1] ?? 0) >= (types[1] ?? 0), `${manifest.engines.vscode} and ${types.join('.')}`);
    assert.ok((engine[1] ?? 0) <= 139, 'the editor that tests it is 1.139');
  });

  it('gives every command a title and its category', () => {
    assert.ok(manifest.contributes.commands.length > 10);
    for (const { command, title, category } of manifest.contributes.commands) {
      assert.match(command, /^maixcam\.[a-zA-Z]+$/);
      assert.equal(title, `%command.${command.slice('maixcam.'.length)}%`);
      assert.equal(category, 'MaixCAM', command);
    }
    const known = new Set(manifest.contributes.commands.map(({ command }) => command));
    for (const [menu, items] of Object.entries(manifest.contributes.menus)) {
      for (const { command } of items) assert.ok(known.has(command), `${menu}: ${command}`);
      // What stands in a title bar is drawn as an icon.
      if (!menu.endsWith('/title')) continue;
      for (const { command } of items) {
        assert.ok(manifest.contributes.commands.find((one) => one.command === command)?.icon, `${menu}: ${command}`);
      }
    }
  });

  it('has each text in both languages, and no text without a use', () => {
    const used = new Set<string>();
    visit(manifest, (text) => {
      const key = /^%(.+)%$/.exec(text)?.[1];
      if (key !== undefined) used.add(key);
    });
    for (const name of ['package.nls.json', 'package.nls.zh-cn.json']) {
      const texts = json(name) as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(texts).sort(), [...used].sort(), name);
      for (const [key, text] of Object.entries(texts)) assert.ok(text.trim() !== '', `${name}: ${key}`);
    }
  });

  it('keeps placeholders, links and commands in the other language', () => {
    const english = json('package.nls.json') as Readonly<Record<string, string>>;
    const chinese = json('package.nls.zh-cn.json') as Readonly<Record<string, string>>;
    const marks = (text: string): readonly string[] =>
      [...text.matchAll(/\(command:[^)]+\)|(`+)[^`]+\1|\$\{[^}]+\}/g)].map((match) => match[0]).sort();
    for (const [key, text] of Object.entries(english)) assert.deepEqual(marks(chinese[key] ?? ''), marks(text), key);
  });

  it('shows a readme whose links lead somewhere', () => {
    const text = files.get('extension/readme.md')?.toString('utf8') ?? '';
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const dead = targets.filter((target) => !/^(?:https?:|#)/.test(target) && !files.has(`extension/${target}`));
    assert.deepEqual(dead, []);
  });
});

/** Calls `seen` for every string in a JSON value. */
function visit(value: unknown, seen: (text: string) => void): void {
  if (typeof value === 'string') seen(value);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach((inner) => visit(inner, seen));
}
