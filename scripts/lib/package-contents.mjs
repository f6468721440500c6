// What a package of the extension holds, per target, and how large it may become.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './launch.mjs';

/** Megabytes as the Marketplace counts them. */
const MB = 1_000_000;

/**
 * Targets → the folder of onnxruntime-node that has their native build (null: WebAssembly alone), the largest size of the
 * package in bytes, and whether the tests unpack and run it. Spec architecture.md 5.2, decisions.md 4.
 */
export const TARGETS = {
  universal: { native: null, budget: 8 * MB, tested: true },
  'linux-x64': { native: 'linux/x64', budget: 25 * MB, tested: true },
  'linux-arm64': { native: 'linux/arm64', budget: 25 * MB, tested: false },
  'win32-x64': { native: 'win32/x64', budget: 40 * MB, tested: false },
  'win32-arm64': { native: 'win32/arm64', budget: 40 * MB, tested: false },
  'darwin-arm64': { native: 'darwin/arm64', budget: 25 * MB, tested: false },
};

/** Bundles whose size in bytes is bounded, minified (spec architecture.md 3.10). */
export const BUNDLE_BUDGETS = { 'extension.js': 900_000, 'server.js': 700_000 };

/** Taken as they are; .vscodeignore says once more which of them may be in the package. */
const COPIED = [
  '.vscodeignore',
  'CHANGELOG.md',
  'LICENSE',
  'LICENSES/AGPL-3.0-only.txt',
  'client/l10n',
  'client/media',
  'client/walkthrough',
  'syntaxes',
];

/** Keys of package.json that concern the clone only. */
const CLONE_ONLY = ['private', 'scripts', 'allowScripts', 'dependencies', 'devDependencies', 'overrides'];

/** Files of the runtime packages that the engine's child process reads. The native engine falls back to WebAssembly. */
const COMMON = {
  'onnxruntime-common': (file) => file === 'package.json' || /^dist\/(cjs|esm)\/[\w.-]+\.(js|json)$/.test(file),
  'onnxruntime-web': (file) =>
    file === 'package.json' || /^dist\/(ort\.node\.min\.mjs|ort-wasm-simd-threaded\.(mjs|wasm))$/.test(file),
};

/** Names of the packages that a target carries in dist/node_modules. */
export function runtimePackages(target) {
  return Object.keys(runtimeFiles(TARGETS[target].native));
}

function runtimeFiles(native) {
  if (native === null) return COMMON;
  return {
    ...COMMON,
    'onnxruntime-node': (file) =>
      file === 'package.json' || /^dist\/\w+\.js$/.test(file) || file.startsWith(`bin/napi-v6/${native}/`),
  };
}

/** Puts everything that the package of a target holds into `folder`; `build` is a finished product build. */
export function stage({ target, build, notices, folder }) {
  mkdirSync(folder, { recursive: true });
  for (const name of COPIED) {
    if (existsSync(path.join(root, name))) cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  for (const name of readdirSync(root).filter((file) => /^package\.nls(\.[\w-]+)?\.json$/.test(file))) {
    cpSync(path.join(root, name), path.join(folder, name));
  }
  cpSync(build, path.join(folder, 'dist'), { recursive: true });
  copyRuntime(target, path.join(folder, 'dist', 'node_modules'));
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(shippedManifest(), null, 2)}\n`);
  writeFileSync(path.join(folder, 'README.md'), shippedReadme(folder));
  writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES.txt'), notices);
}

function copyRuntime(target, folder) {
  for (const [name, isNeeded] of Object.entries(runtimeFiles(TARGETS[target].native))) {
    const from = path.join(root, 'node_modules', name);
    const files = readdirSync(from, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
      .filter(isNeeded);
    const binaries = files.filter((file) => /\.(wasm|node)$/.test(file));
    if (name !== 'onnxruntime-common' && binaries.length === 0) {
      throw new Error(`The package ${name} has no binary for ${target}: its layout has changed.`);
    }
    for (const file of files) cpSync(path.join(from, file), path.join(folder, name, file));
  }
}

function shippedManifest() {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !CLONE_ONLY.includes(key)));
}

/** The readme without links to files of the clone that a package does not have: their words stay. */
function shippedReadme(folder) {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8');
  return text.replace(/(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g, (link, words, target) => {
    const isFile = !/^(?:[a-z]+:|#)/.test(target);
    return isFile && !existsSync(path.join(folder, target.split('#')[0])) ? words : link;
  });
}
