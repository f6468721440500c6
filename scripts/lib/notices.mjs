// The licence texts of everything in a package that others wrote.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './launch.mjs';

const TEXTS = 'LICENSES/third-party';

/** Packages that name their licence and bring no text of it → the text, kept here. */
const KEPT_TEXTS = {
  '@resvg/resvg-wasm': ['resvg-wasm.txt'],
  '@vscode/l10n': ['microsoft-mit.txt'],
  'onnxruntime-common': ['microsoft-mit.txt'],
  'onnxruntime-web': ['microsoft-mit.txt', 'onnxruntime-parts.txt'],
  'onnxruntime-node': ['microsoft-mit.txt'],
};

const RULE = '='.repeat(80);

/** Folders (below the clone) of the packages of which at least one byte is in a bundle, by esbuild's metafile. */
export function bundledPackages(metafile) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort();
}

/**
 * The text of THIRD-PARTY-NOTICES.txt for package folders below the clone.
 *
 * @throws Error naming every package without a licence text.
 */
export function thirdPartyNotices(folders) {
  const missing = [];
  const sections = [...new Set(folders)].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const texts = licenceTexts(folder, manifest.name);
    if (texts.length === 0) missing.push(`${manifest.name} ${manifest.version}`);
    const source = typeof manifest.repository === 'string' ? manifest.repository : manifest.repository?.url;
    const head = [`${manifest.name} ${manifest.version}`, `License: ${licenceName(manifest)}`];
    if (source !== undefined) head.push(`Source: ${source}`);
    return [RULE, ...head, RULE, '', texts.join('\n\n'), ''].join('\n');
  });
  if (missing.length > 0) {
    throw new Error(`These packages would be shipped without a licence text: ${missing.join(', ')}.`);
  }
  return [
    'MaixCAM Workbench contains the following software of others, under the licences given with each.',
    '',
    ...sections,
  ].join('\n');
}

function licenceTexts(folder, name) {
  const own = readdirSync(path.join(root, folder))
    .filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file))
    .map((file) => path.join(root, folder, file));
  const kept = (KEPT_TEXTS[name] ?? []).map((file) => path.join(root, TEXTS, file));
  return [...own, ...kept]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim())
    .filter((text) => text !== '');
}

function licenceName({ license, licenses }) {
  if (typeof license === 'string') return license;
  return (
    [license, ...(licenses ?? [])]
      .map((one) => one?.type)
      .filter(Boolean)
      .join(', ') || 'see below'
  );
}
