// `npm test`: installs what is needed and runs every ring; --fast, --soak and --bench run a part (README, "tests").
//   npm test -- cli real            only these rings
//   npm run bench -- cut            only benches whose file name has this
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareEditor } from './lib/code-server.mjs';
import { installPackages, buildProduct, requireNode, root, runNode, start } from './lib/launch.mjs';
import { preflight } from './lib/preflight.mjs';
import { installSystemPackages } from './lib/system-packages.mjs';

requireNode();
process.chdir(root);
const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknownFlags = [...flags].filter((flag) => !['--fast', '--soak', '--bench'].includes(flag));
if (unknownFlags.length > 0) refuse(`There is no option ${unknownFlags.join(', ')}: --fast, --soak, --bench.`);
const fast = flags.has('--fast');
const soak = flags.has('--soak');
const bench = flags.has('--bench');

/** Rings in the order of what breaks soonest. `minutes` bounds a ring that hangs. */
const RINGS = [
  { name: 'unit', minutes: 10 },
  { name: 'lsp', minutes: 5 },
  { name: 'client', minutes: 10 },
  { name: 'cli', minutes: 10 },
  { name: 'packaging', minutes: 10 },
  { name: 'soak', minutes: soak ? 600 : 15, slow: true },
  { name: 'real', minutes: 45, slow: true },
  // After the real tools: it uses the environments that they have made.
  { name: 'e2e', minutes: 60, slow: true, prepare: prepareEditor, keeps: 'out/e2e' },
];

const names = bench
  ? testFiles('test/bench', '.bench.ts').map((file) => path.basename(file, '.bench.ts'))
  : RINGS.map((ring) => ring.name);
const isKnown = (name) => (bench ? names.some((one) => one.includes(name)) : names.includes(name));
const unknown = only.filter((name) => !isKnown(name));
if (unknown.length > 0) {
  refuse(`There is no ${bench ? 'bench' : 'test ring'} called ${unknown.join(', ')}: ${names.join(', ')}.`);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
const table = [];

await preflight([]);
await installPackages();
if (!fast && !bench && !soak && only.length === 0) await runStatic();
await buildProduct();
await runNode(['esbuild.mjs', '--tests'], 'The tests could not be built.');
if (!fast) installSystemPackages(['ssh']);

if (bench) process.exit(await runBenches());
const wanted = RINGS.filter((ring) => {
  if (only.length > 0) return only.includes(ring.name);
  if (soak) return ring.name === 'soak';
  return !fast || ring.slow !== true;
});
// The inner loop keeps two cores busy: its rings run side by side, and each shows what it wrote at its end.
if (fast) await Promise.all(wanted.map((ring) => runRing(ring, 'at the end')));
else for (const ring of wanted) await runRing(ring);
table.sort((a, b) => rank(a) - rank(b));

console.log('\nRing        passed  failed  skipped  seconds');
for (const row of table) {
  console.log(
    `${row.name.padEnd(10)}  ${String(row.passes).padStart(6)}  ${String(row.failures).padStart(6)}  ` +
      `${String(row.pending).padStart(7)}  ${(row.duration / 1000).toFixed(1).padStart(7)}`,
  );
  for (const title of row.skipped) console.log(`  skipped: ${title}`);
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 ? 0 : 1);

/** Types, rules and format: a ring of three checks. */
async function runStatic() {
  const row = { name: 'static', passes: 0, failures: 0, pending: 0, duration: 0, skipped: [] };
  for (const [name, args] of [
    ['typecheck', ['scripts/typecheck.mjs']],
    ['lint', ['node_modules/eslint/bin/eslint.js', '.']],
    ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ]) {
    console.log(`\n# ${name}`);
    const begun = Date.now();
    const { status } = await start(process.execPath, args).ended;
    row.duration += Date.now() - begun;
    if (status === 0) row.passes += 1;
    else row.failures += 1;
  }
  count(row);
}

/** Place in the table: in the order of the rings, after the static checks. */
function rank(row) {
  return RINGS.findIndex((ring) => ring.name === row.name);
}

function count(row) {
  totals.passed += row.passes;
  totals.failed += row.failures;
  totals.skipped += row.pending;
  table.push(row);
}

async function runRing(ring, output) {
  if (output !== 'at the end') console.log(`\n# ${ring.name}`);
  const folder = path.join('out/test', ring.name);
  const files = existsSync(folder) ? testFiles(folder) : [];
  const failed = { passes: 0, failures: 1, pending: 0, duration: 0, skipped: [] };
  if (files.length === 0) {
    console.error(`The ring has no test file in ${folder}.`);
    count({ name: ring.name, ...failed });
    return;
  }
  const impossible = await ring.prepare?.();
  if (typeof impossible === 'string') {
    console.error(`THE RING ${ring.name} IS SKIPPED: ${impossible}`);
    count({
      name: ring.name,
      passes: 0,
      failures: 0,
      pending: 1,
      duration: 0,
      skipped: [`${ring.name}: ${impossible}`],
    });
    return;
  }
  // Pictures and logs of an earlier run would be taken for those of this one.
  if (ring.keeps !== undefined) rmSync(ring.keeps, { recursive: true, force: true });
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'maixcam-ring-'));
  const statsFile = path.join(temporary, 'stats.json');
  const written = output === 'at the end' ? openSync(path.join(temporary, 'output'), 'w') : 'inherit';
  const begun = Date.now();
  const end = await start(process.execPath, ['--enable-source-maps', 'scripts/run-ring.mjs', statsFile, ...files], {
    stdio: ['ignore', written, written],
    timeoutMs: ring.minutes * 60_000,
    env: { ...process.env, ...(soak ? { SOAK: 'full' } : {}) },
  }).ended;
  const duration = Date.now() - begun;
  if (output === 'at the end') {
    closeSync(written);
    console.log(`\n# ${ring.name}\n${readFileSync(path.join(temporary, 'output'), 'utf8')}`);
  }
  let stats = { ...failed, duration };
  if (existsSync(statsFile)) stats = JSON.parse(readFileSync(statsFile, 'utf8'));
  else if (end.timedOut) console.error(`The ring took longer than ${ring.minutes} minutes and was ended.`);
  else console.error(`The ring ended without a result (${end.signal ?? `exit status ${end.status}`}).`);
  rmSync(temporary, { recursive: true, force: true });
  count({ name: ring.name, ...stats });
}

async function runBenches() {
  const files = testFiles('out/test/bench', '.bench.mjs').filter(
    (file) => only.length === 0 || only.some((name) => file.includes(name)),
  );
  let failed = 0;
  for (const file of files) {
    const { status } = await start(process.execPath, [file]).ended;
    if (status !== 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
}

/** Wrong usage. */
function refuse(message) {
  console.error(message);
  process.exit(2);
}

function testFiles(folder, suffix = '.test.mjs') {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => path.join(folder, name));
}
