// Builds the product (dist/) or, with --tests, the tests (out/). One table of bundles; see CONTRIBUTING.md, "build".
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = import.meta.dirname;
const wantTests = process.argv.includes('--tests');
const minify = process.argv.includes('--minify');
/** `--outdir DIR` builds beside the usual place; `--only PREFIX` builds only the tests below that folder. */
const outdir = argument('--outdir') ?? (wantTests ? 'out' : 'dist');
const only = argument('--only') ?? 'test';
/** `--metafile FILE` also writes which sources and packages went into which bundle. */
const metafile = argument('--metafile');

/** Native or optional modules that stay outside the bundles. */
const external = [
  'vscode',
  'onnxruntime-node',
  'onnxruntime-web',
  'cpu-features',
  './crypto/build/Release/sshcrypto.node',
];

const product = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external,
  sourcemap: false,
  minify,
  logLevel: 'warning',
  legalComments: 'none',
  metafile: metafile !== undefined,
};

/** Bundles of one file: output name → source. */
const bundles = {
  'engine-child': 'client/src/host/engine/child.ts',
  server: 'server/src/lsp/main.ts',
};

/**
 * The extension loads the host layer at its first need, as one of the terminal program's pieces, which both share: what
 * activation does not use costs it nothing.
 */
const hostLayer = {
  name: 'host-layer',
  setup(builder) {
    builder.onResolve({ filter: /\/host\/workbench$/ }, (call) =>
      call.kind === 'dynamic-import' ? { path: './cli/workbench.mjs', external: true } : undefined,
    );
  },
};
const extension = { entryPoints: { extension: 'client/src/extension.ts' }, plugins: [hostLayer] };

/**
 * The terminal program in pieces: a command reads only what it needs, and `--help` next to nothing. Pieces are ES
 * modules in a folder of their own; code asks for the product's folder by `__dirname`, as in a CommonJS bundle.
 */
const terminalProgram = {
  entryPoints: { main: 'client/src/cli/main.ts', workbench: 'client/src/host/workbench.ts' },
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { dirname as __folderOf } from 'node:path';",
      'const require = __createRequire(import.meta.url);',
      'const __dirname = __folderOf(import.meta.dirname);',
    ].join('\n'),
  },
};
const LAUNCHER = "#!/usr/bin/env node\nimport('./cli/main.mjs');\n";

/** The client ring runs without an editor: its module is a stub, for the language client too, which is bundled for that. */
const editorStub = {
  name: 'editor-stub',
  setup(builder) {
    builder.onResolve({ filter: /^vscode$/ }, () => ({ path: path.join(root, 'test/support/vscode-stub.ts') }));
    builder.onResolve({ filter: /^vscode-languageclient\// }, () => ({
      path: createRequire(import.meta.url).resolve('vscode-languageclient/node'),
    }));
  },
};

if (wantTests) await buildTests();
else await buildProduct();

async function buildProduct() {
  rmSync(path.join(root, outdir), { recursive: true, force: true });
  const entryPoints = Object.entries(bundles)
    .filter(([, source]) => existsSync(path.join(root, source)))
    .map(([out, source]) => ({ in: source, out }));
  const results = [
    await build({ ...product, entryPoints, outdir }),
    await build({ ...product, ...extension, outdir }),
    await build({ ...product, ...terminalProgram, outdir: path.join(outdir, 'cli') }),
  ];
  if (metafile !== undefined) {
    const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
    writeFileSync(path.join(root, metafile), JSON.stringify({ outputs }));
  }
  writeFileSync(path.join(root, outdir, 'cli.js'), LAUNCHER, { mode: 0o755 });
  cpSync(path.join(root, 'client/python'), path.join(root, outdir, 'python'), {
    recursive: true,
    filter: (source) => !source.includes('__pycache__'),
  });
  mkdirSync(path.join(root, outdir, 'assets'), { recursive: true });
  for (const asset of [
    'node_modules/@resvg/resvg-wasm/index_bg.wasm',
    'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  ]) {
    cpSync(path.join(root, asset), path.join(root, outdir, 'assets', path.basename(asset)));
  }
  cpSync(path.join(root, 'schemas'), path.join(root, outdir, 'schemas'), { recursive: true });
}

/** Each test file becomes a bundle of its own; packages stay imports, so that a test sees what Node sees. */
async function buildTests() {
  if (only === 'test') rmSync(path.join(root, outdir, 'test'), { recursive: true, force: true });
  const entryPoints = walk('test').filter((file) => file.startsWith(only) && /\.(test|bench)\.ts$/.test(file));
  const common = {
    ...product,
    format: 'esm',
    packages: 'external',
    outdir,
    outbase: '.',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
    // Code that was written for the CommonJS bundles may ask where it lies.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  };
  const isClient = (file) => file.startsWith(path.join('test', 'client'));
  await build({ ...common, entryPoints: entryPoints.filter((file) => !isClient(file)) });
  await build({ ...common, entryPoints: entryPoints.filter(isClient), plugins: [editorStub] });
}

function argument(name) {
  const index = process.argv.indexOf(name);
  return index === -1 ? undefined : process.argv[index + 1];
}

function walk(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : walk(inside);
    return [inside];
  });
}
