// Runs the built test files of one ring with mocha and writes its counts as JSON (used by scripts/test.mjs).
// Usage: node scripts/run-ring.mjs STATS.json FILE…
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import Mocha from 'mocha';

// Ended from outside, it ends like a program, not like a victim: what tests started is then ended by its exit hooks.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

// The same cases on every run, so that a build fails for its own changes only; FC_SEED and the soak look further.
const seed = process.env.SOAK === 'full' ? Date.now() : Number(process.env.FC_SEED ?? 1);
fc.configureGlobal({ seed });

const [statsFile, ...files] = process.argv.slice(2);
const settings = JSON.parse(readFileSync('.mocharc.json', 'utf8'));
const mocha = new Mocha({
  timeout: settings.timeout,
  forbidOnly: true,
  reporter: process.env.MAIXCAM_REPORTER ?? 'dot',
});
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
const skipped = [];
const runner = mocha.run((failures) => {
  const { passes, pending, duration } = runner.stats;
  writeFileSync(statsFile, JSON.stringify({ passes, failures, pending, duration, skipped }));
  // A test that leaves a handle open must not hold the ring; a leaked child process is a failure of its own test.
  process.exit(failures === 0 ? 0 : 1);
});
runner.on('pending', (test) => skipped.push(test.fullTitle()));
