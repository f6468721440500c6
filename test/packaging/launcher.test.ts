import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { processesMentioning } from '../support/processes';
import { useTempFolder } from '../support/temp-folder';

const launch = pathToFileURL(path.resolve('scripts/lib/launch.mjs')).href;

/** A launcher that starts the embedded board as the demo does, and waits for its end. */
const LAUNCHER = `
  import { start } from ${JSON.stringify(launch)};
  const args = ['dist/cli.js', 'simulate-board', '--root', process.argv[1], '--until-stdin-ends', '--json'];
  const { child, ended } = start(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.once('data', () => console.log('started'));
  await ended;
  console.log('went on');
`;

describe('a launcher that is ended', function () {
  this.timeout(60_000);
  const folder = useTempFolder();

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGKILL'] as const) {
    it(`by ${signal} leaves no board behind`, async function () {
      if (process.platform !== 'linux') this.skip();
      const launcher = spawn(process.execPath, ['--input-type=module', '-e', LAUNCHER, folder.path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let written = '';
      launcher.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
      await once(launcher.stdout, 'data');
      assert.equal(processesMentioning(folder.path).length, 2, 'the launcher and its board');

      launcher.kill(signal);
      const [status, by] = (await once(launcher, 'close')) as [number | null, string | null];
      assert.deepEqual([status, by], signal === 'SIGKILL' ? [null, 'SIGKILL'] : [4, null]);
      // Killed, it cannot wait: the board ends by itself, soon.
      while (signal === 'SIGKILL' && processesMentioning(folder.path).length > 0) await delay(20);
      assert.deepEqual(processesMentioning(folder.path), []);
      assert.equal(written, 'started\n', 'it does not go on');
    });
  }
});

describe('the launcher of the tests', () => {
  const folder = useTempFolder();

  it('refuses a ring, a bench or an option that it does not know, before any work', () => {
    for (const [args, message] of [
      [['unti'], 'There is no test ring called unti: unit, lsp, client, cli, packaging, soak, real, e2e.\n'],
      [['--bench', 'nothing-like-it'], /^There is no bench called nothing-like-it: .*\bcut\b/],
      [['--fats'], 'There is no option --fats: --fast, --soak, --bench.\n'],
    ] as const) {
      const run = spawnSync(process.execPath, ['scripts/test.mjs', ...args], { encoding: 'utf8' });
      assert.equal(run.status, 2);
      assert.equal(run.stdout, '');
      if (typeof message === 'string') assert.equal(run.stderr, message);
      else assert.match(run.stderr, message);
    }
  });

  it('ends a ring that hangs with all that it started', async function () {
    if (process.platform !== 'linux') this.skip();
    this.timeout(30_000);
    // The leader ends at SIGTERM; what it started ignores it, and mentions the folder in its command line.
    const stubborn = `process.on('SIGTERM', () => 0); setInterval(() => 0, 1000); console.log('ready')`;
    const leader = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}, process.argv[1]], { stdio: 'inherit' });`;
    const launcher = `
      import { start } from ${JSON.stringify(launch)};
      const { ended } = start(process.execPath, ['-e', ${JSON.stringify(leader)}, process.argv[1]], { timeoutMs: 2000 });
      const end = await ended;
      console.log(JSON.stringify(end));`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', launcher, folder.path], { encoding: 'utf8' });
    assert.deepEqual(run.stdout.trim().split('\n'), ['ready', '{"status":null,"signal":"SIGTERM","timedOut":true}']);
    while (processesMentioning(folder.path).length > 0) await delay(20);
  });
});
