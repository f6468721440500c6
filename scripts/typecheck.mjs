// Compiles every layer with its own settings (CONTRIBUTING.md, "fences"): the pure layers see neither DOM nor Node.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const projects = readdirSync('.')
  .filter((name) => /^tsconfig\.\w+\.json$/.test(name) && name !== 'tsconfig.base.json')
  .sort();
let failed = 0;
for (const project of projects) {
  const run = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { stdio: 'inherit' });
  if (run.status !== 0) failed += 1;
  console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} ${project}`);
}
process.exit(failed === 0 ? 0 : 1);
