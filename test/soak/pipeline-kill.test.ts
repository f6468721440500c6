import assert from 'node:assert/strict';
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runPipeline } from '../../client/src/host/pipeline/engine';
import { sha256OfFile } from '../../client/src/host/store/files';
import { RecipePaths } from '../../client/src/host/store/paths';
import { readStamp } from '../../client/src/host/store/stamp';
import { testProgram } from '../support/bundles';
import { campaign } from '../support/campaign';
import { useTempFolder } from '../support/temp-folder';
import { contextIn } from '../unit/pipeline/fixture-steps';
import type { Answer, Order } from './pipeline-child';
import { lastResult, soakSteps } from './pipeline-steps';

const RESULTS = ['check', 'cut', 'export', 'jobs', 'train'];
const tell = (child: ChildProcess, order: Order): boolean => child.send(order);

describe('soak: runs that are killed, runs at the same moment', () => {
  const temp = useTempFolder();
  let program = '';
  before(async () => {
    program = await testProgram('test/soak/pipeline-child.ts');
  });

  campaign('run killed at any moment', 400, async ({ random }) => {
    const folder = mkdtempSync(path.join(temp.path, 'kill '));
    const paths = new RecipePaths(path.join(folder, 'r.maixcam.yaml'));
    const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const answers: Answer[] = [];
    child.on('message', (answer: Answer) => answers.push(answer));
    tell(child, { folder, mode: 'loop', size: random.below(2) === 0 ? random.below(100) : random.below(400_000) });
    await once(child, 'message');
    await delay(random.below(120));
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    assert.deepEqual(answers, ['begun'], 'the runs went well until the kill');

    const visible = existsSync(paths.results) ? readdirSync(paths.results) : [];
    const steps = visible.filter((name) => !name.startsWith('.work-') && !/^(jobs|run\.lock.*)$/.test(name));
    for (const step of steps) await checkWhole(path.join(paths.results, step));
    const leftovers = visible.some((name) => !RESULTS.includes(name));

    // What is on the disk counts: the input of the killed loop may be of any of its turns, or missing at the start.
    const input = existsSync(path.join(folder, 'in.txt')) ? readFileSync(path.join(folder, 'in.txt'), 'utf8') : 'new';
    writeFileSync(path.join(folder, 'in.txt'), input);
    const { error } = await runPipeline(soakSteps(), contextIn(folder));
    assert.equal(error, null);
    assert.deepEqual(readdirSync(paths.results).sort(), RESULTS);
    assert.deepEqual(
      readdirSync(paths.jobs).filter((name) => !/\.(json|log)$/.test(name)),
      [],
    );
    for (const step of RESULTS) if (step !== 'jobs') await checkWhole(path.join(paths.results, step));
    assert.equal(readFileSync(path.join(paths.step('cut'), 'out.txt'), 'utf8'), lastResult(input));
    rmSync(folder, { recursive: true });
    return leftovers ? 'repaired' : steps.length === 0 ? 'before the first result' : 'nothing to repair';
  });

  describe('over one recipe', () => {
    const children: ChildProcess[] = [];
    before(() => {
      for (let count = 0; count < 4; count += 1) {
        children.push(fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
      }
    });
    after(() => {
      for (const child of children) child.kill('SIGKILL');
    });

    campaign('runs started at the same moment', 1500, async ({ random }) => {
      const folder = mkdtempSync(path.join(temp.path, 'race '));
      const paths = new RecipePaths(path.join(folder, 'r.maixcam.yaml'));
      writeFileSync(path.join(folder, 'in.txt'), 'x');
      const dead = random.chance(0.5);
      if (dead) {
        mkdirSync(paths.results, { recursive: true });
        writeFileSync(paths.lock, JSON.stringify({ ...DEAD_OWNER, token: `dead ${random.next()}` }));
      }
      const starters = children.slice(0, 2 + random.below(children.length - 1));
      const first = starters.map(async (child) => (await once(child, 'message'))[0] as Answer);
      for (const child of starters) tell(child, { folder, mode: 'hold', size: 1 });
      const answers = await Promise.all(first);
      const winners = starters.filter((_, at) => answers[at] === 'holding');
      const ends = winners.map(async (child) => (await once(child, 'message'))[0] as Answer);
      for (const child of winners) tell(child, 'end');
      assert.deepEqual(
        await Promise.all(ends),
        winners.map(() => 'done'),
      );
      assert.equal(winners.length, 1, JSON.stringify(answers));
      for (const answer of answers) {
        if (answer !== 'holding') assert.deepEqual(answer, { failed: 'RECIPE_BUSY' });
      }
      assert.deepEqual(readdirSync(paths.results).sort(), ['check', 'jobs']);
      rmSync(folder, { recursive: true });
      return `${starters.length} runs${dead ? ' over a dead lock' : ''}`;
    });
  });
});

/** A process that has ended and was collected. */
const DEAD_OWNER = {
  pid: spawnSync(process.execPath, ['-e', '']).pid,
  started: '1',
  since: '2026-01-01T00:00:00.000Z',
};

/** A result folder that can be seen agrees with its stamp in every file. */
async function checkWhole(folder: string): Promise<void> {
  // The old result on its way out may have lost files; it is never taken for a result while the new one is there.
  if (folder.endsWith('.old') && existsSync(folder.slice(0, -'.old'.length))) return;
  const stamp = await readStamp(path.join(folder, 'stamp.json'));
  assert.ok(stamp !== null, `${folder} has no stamp`);
  const names = readdirSync(folder).filter((name) => name !== 'stamp.json');
  assert.deepEqual(
    names,
    stamp.outputs.map((output) => output.path),
  );
  for (const { path: name, sha256 } of stamp.outputs) {
    assert.equal(await sha256OfFile(path.join(folder, name)), sha256, `${folder}/${name}`);
  }
}
