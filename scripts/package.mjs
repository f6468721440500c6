// `npm run package`: the extension as VSIX files in out/package, universal and for Linux x64.
//   npm run package -- --target linux-arm64    another target (repeatable; only the two above are tested)
//   npm run package -- --if-stale              only what is older than its sources; prints the paths (used by the tests)
import { installPackages, requireNode, root } from './lib/launch.mjs';

requireNode();
process.chdir(root);
await installPackages();
// Read after the packages are there: they need vsce.
const { TARGETS } = await import('./lib/package-contents.mjs');
const { buildPackages, freshPackages } = await import('./lib/package-build.mjs');

const targets = [];
const ifStale = process.argv.includes('--if-stale');
const left = process.argv.slice(2).filter((argument) => argument !== '--if-stale');
while (left.length > 0) {
  const option = left.shift();
  const target = option === '--target' ? left.shift() : undefined;
  if (!Object.hasOwn(TARGETS, target ?? '')) {
    console.error(`Usage: npm run package -- [--if-stale] [--target ${Object.keys(TARGETS).join('|')}]…`);
    process.exit(2);
  }
  targets.push(target);
}
if (targets.length === 0) targets.push('universal', 'linux-x64');

try {
  if (ifStale) console.log((await freshPackages(targets)).join('\n'));
  else await buildPackages(targets);
} catch (thrown) {
  console.error(thrown.message);
  process.exit(1);
}
