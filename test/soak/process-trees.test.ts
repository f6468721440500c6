import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { childEnvironment } from '../../client/src/host/process/environment';
import { runProcess } from '../../client/src/host/process/run';
import { campaign, type Random } from '../support/campaign';
import { useTempFolder } from '../support/temp-folder';

/** Environment variable that marks what a round started; the runner knows nothing of it. */
const MARK = 'LC_SOAK_ROUND';

/**
 * A shell program that starts others below itself to a depth: in its group, in a session of their own, or as a daemon
 * whose parent ends at once. Each may ignore the polite signals, answer them by starting another one, write without
 * end, or end early.
 */
function treeScript(random: Random, depth: number): string {
  const lines: string[] = [];
  const manner = random.below(6);
  if (manner === 0) lines.push("trap '' INT TERM HUP");
  if (manner === 1) lines.push("trap '' INT");
  if (manner === 2) lines.push("trap 'sleep 300 & exit 1' TERM");
  if (manner === 3) lines.push("trap 'setsid sleep 300 & wait' INT TERM");
  const children = depth === 0 ? 0 : random.below(4);
  for (let child = 0; child < children; child += 1) {
    const script = quoted(treeScript(random, depth - 1));
    if (random.chance(0.2)) lines.push(`sleep 0.0${random.below(10)}`);
    lines.push(
      random.pick([
        `sh -c ${script} &`,
        `sh -c ${script} &`,
        `setsid sh -c ${script} &`,
        `( setsid sh -c ${script} >/dev/null 2>&1 </dev/null & )`,
        `sh -c ${quoted(`setsid sh -c ${script} & exit 0`)}`,
      ]),
    );
  }
  lines.push(random.pick(['wait; sleep 300', 'sleep 300', 'wait', 'while :; do sleep 0.05; done', 'yes', 'exit 0']));
  return lines.join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Command lines of the living processes that carry the mark. */
function living(mark: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return [];
      if (/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 80)}`];
    } catch {
      return [];
    }
  });
}

describe('soak: process trees', () => {
  const temp = useTempFolder();
  before(function () {
    // Only /proc tells about daemons, and only there does the runner promise to find them.
    if (process.platform !== 'linux') this.skip();
  });

  campaign('process trees cancelled at any moment', 300, async ({ random, seed }) => {
    const mark = `${process.pid}-${seed}`;
    const abort = new AbortController();
    const script = treeScript(random, 1 + random.below(3));
    const timer = setTimeout(() => abort.abort(), random.below(random.chance(0.5) ? 60 : 400));
    const result = await runProcess({
      command: 'sh',
      args: ['-c', script],
      cwd: temp.path,
      env: { ...childEnvironment(process.env), [MARK]: mark },
      signal: abort.signal,
      graceMs: random.below(4) * 40,
    });
    clearTimeout(timer);
    assert.deepEqual(living(`${MARK}=${mark}`), [], script);
    assert.equal(result.timedOut, false);
    return result.cancelled ? (result.signal ?? 'cancelled, exited') : 'ended before';
  });
});
