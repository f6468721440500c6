// Builds the packages (VSIX) of the extension into out/package. The clone's own dist/ and node_modules stay as they are.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { newestTime, root, start } from './launch.mjs';
import { bundledPackages, thirdPartyNotices } from './notices.mjs';
import { BUNDLE_BUDGETS, runtimePackages, stage, TARGETS } from './package-contents.mjs';

export const PACKAGE_FOLDER = path.join(root, 'out', 'package');

/** All that a package is made from. */
const SOURCES = [
  '.vscodeignore',
  'CHANGELOG.md',
  'LICENSE',
  'LICENSES',
  'README.md',
  'client',
  'esbuild.mjs',
  'package-lock.json',
  'package.json',
  'package.nls.json',
  'package.nls.zh-cn.json',
  'schemas',
  'scripts/lib/notices.mjs',
  'scripts/lib/package-build.mjs',
  'scripts/lib/package-contents.mjs',
  'server',
  'syntaxes',
];

/** Assets that are copied beside the bundles, not read by esbuild. */
const ASSET_PACKAGES = ['node_modules/@resvg/resvg-wasm', 'node_modules/dejavu-fonts-ttf'];

/** Path of the finished package of a target. */
export function packagePath(target) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const suffix = target === 'universal' ? '' : `-${target}`;
  return path.join(PACKAGE_FOLDER, `maixcam-workbench-${version}${suffix}.vsix`);
}

/** Builds the packages that are older than their sources, or missing; returns their paths. */
export async function freshPackages(targets) {
  const newest = Math.max(...SOURCES.map((name) => newestTime(path.join(root, name))));
  const stale = targets.filter((target) => {
    const file = packagePath(target);
    return !existsSync(file) || statSync(file).mtimeMs < newest;
  });
  if (stale.length > 0) await buildPackages(stale);
  return targets.map(packagePath);
}

/**
 * Minified build, staging in a folder of its own, one package per target; prints sizes.
 *
 * @throws Error where a step fails, a licence text is missing, or something is larger than its budget.
 */
export async function buildPackages(targets) {
  mkdirSync(PACKAGE_FOLDER, { recursive: true });
  const work = mkdtempSync(path.join(PACKAGE_FOLDER, 'work-'));
  const removeWork = () => rmSync(work, { recursive: true, force: true });
  process.once('exit', removeWork);
  try {
    const begun = Date.now();
    const build = path.join(work, 'build');
    const metafile = await productionBuild(build);
    for (const target of targets) {
      const folder = path.join(work, target);
      const shipped = runtimePackages(target).map((name) => `node_modules/${name}`);
      const notices = thirdPartyNotices([...bundledPackages(metafile), ...ASSET_PACKAGES, ...shipped]);
      stage({ target, build, notices, folder });
      const made = await pack(target, folder, work);
      // A source that changed during the build is newer than what was built.
      utimesSync(made, begun / 1000, begun / 1000);
      publish(target, made);
    }
    printBundles(build);
    console.log(`Packaged in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
  } finally {
    process.off('exit', removeWork);
    removeWork();
  }
}

async function productionBuild(folder) {
  const metafile = `${folder}.json`;
  const below = (file) => path.relative(root, file);
  const args = ['esbuild.mjs', '--minify', '--outdir', below(folder), '--metafile', below(metafile)];
  const { status } = await start(process.execPath, args, { cwd: root }).ended;
  if (status !== 0) throw new Error('The production build failed.');
  return JSON.parse(readFileSync(metafile, 'utf8'));
}

async function pack(target, folder, work) {
  const made = path.join(work, `${target}.vsix`);
  const chatter = console.log;
  // vsce lists every file; the packaging tests read the finished zip instead.
  console.log = () => undefined;
  try {
    await createVSIX({
      cwd: folder,
      packagePath: made,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
      ...(target === 'universal' ? {} : { target }),
    });
  } finally {
    console.log = chatter;
  }
  return made;
}

function publish(target, made) {
  const { budget, tested } = TARGETS[target];
  const { size } = statSync(made);
  const file = packagePath(target);
  const line = `${path.relative(root, file)}: ${inUnits(size)} of ${inUnits(budget)}`;
  if (size > budget) throw new Error(`The package is too large: ${line}.`);
  renameSync(made, file);
  console.log(`${line}${tested ? '' : ' (this target is not tested)'}`);
}

function printBundles(build) {
  const over = [];
  for (const [name, budget] of Object.entries(BUNDLE_BUDGETS)) {
    const file = path.join(build, name);
    if (!existsSync(file)) continue;
    const { size } = statSync(file);
    console.log(`${name}: ${inUnits(size)} of ${inUnits(budget)}`);
    if (size > budget) over.push(name);
  }
  if (over.length > 0) throw new Error(`Larger than planned: ${over.join(', ')}.`);
}

function inUnits(bytes) {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(2)} MB` : `${(bytes / 1e3).toFixed(0)} kB`;
}
