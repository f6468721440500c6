import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cancelJob } from '../../../client/src/host/jobs/cancel-job';
import { currentJob } from '../../../client/src/host/jobs/current-job';
import { runProgram } from '../../../client/src/host/jobs/run-program';
import { jobFile } from '../../../client/src/host/store/job';
import { processStart } from '../../../client/src/host/store/lock';
import { RecipePaths } from '../../../client/src/host/store/paths';
import { until } from '../../support/until';
import { lives, useJobs } from './job-fixture';

describe('detached jobs', function () {
  this.timeout(60_000);
  const jobs = useJobs();
  const paths = (): RecipePaths => new RecipePaths(jobs.recipe());
  const running = (): Promise<unknown> =>
    until('the second step', async () => (await currentJob(jobs.recipe()))?.current === 'train');

  it('start, are found while they run and after their end', async () => {
    const { job, pid, ended } = await jobs.start();
    assert.equal(job?.state, 'running');
    assert.equal(job.pid, pid);
    await jobs.tool();
    const found = await until('the last report', async () => {
      const now = await currentJob(jobs.recipe());
      return now?.progress?.fraction === 1 ? now : null;
    });
    assert.equal(found.id, job.id);
    assert.equal(found.lost, false);
    assert.equal(found.current, 'train');
    assert.deepEqual(found.progress, { step: 'train', fraction: 1, message: 'epoch 500 of 500' });
    assert.equal(found.steps[0]?.name, 'check');
    jobs.go();
    assert.deepEqual(await ended, { exitCode: 0, error: null });
    const after = await currentJob(jobs.recipe());
    assert.equal(after?.state, 'done');
    assert.equal(after.progress, null);
    assert.match(readFileSync(after.log, 'utf8'), /=== train done/);
  });

  it('leave nothing in the temporary folder, of the run and of what it printed', async () => {
    const outputs = (): string[] => readdirSync(os.tmpdir()).filter((name) => name.startsWith('maixcam-job-'));
    const before = outputs();
    const { ended } = await jobs.start();
    if (process.platform !== 'win32') assert.deepEqual(outputs(), before, 'while it runs');
    jobs.go();
    await ended;
    assert.deepEqual(outputs(), before);
  });

  it('refuse a second run of the recipe, and both windows see the one that runs', async () => {
    const first = await jobs.start();
    const second = await jobs.start();
    assert.equal(second.job, null);
    const { exitCode, error } = await second.ended;
    assert.equal(exitCode, 1);
    assert.equal(error?.code, 'RECIPE_BUSY');
    assert.match(error.message, new RegExp(`process ${first.pid}, for \\d+ s`));
    assert.equal(readdirSync(paths().jobs).filter((name) => name.endsWith('.json')).length, 1, 'no record of it');
    await running();
    const window = { program: jobs.program(), args: ['look', jobs.recipe()], cwd: jobs.temp.path, env: process.env };
    const { document } = await runProgram(window);
    const here = await currentJob(jobs.recipe());
    const there = document as typeof here;
    assert.equal(there?.id, first.job?.id);
    assert.equal(here?.id, there?.id);
    assert.deepEqual([there?.state, there?.lost, there?.current], ['running', false, 'train']);
    jobs.go();
    assert.equal((await first.ended).exitCode, 0);
  });

  it('go on when the window that started them is killed, and are found again', async () => {
    const { node, cli } = jobs.program();
    const window = spawn(node, [cli, '--json', '--progress', 'plain', 'window', jobs.recipe()], { stdio: 'ignore' });
    const note = jobs.temp.file('window.txt');
    const pid = Number(await until('the job of the window', () => existsSync(note) && readFileSync(note, 'utf8')));
    await jobs.tool();
    const exit = once(window, 'exit');
    window.kill('SIGKILL');
    await exit;
    const found = await currentJob(jobs.recipe());
    assert.deepEqual([found?.pid, found?.state, found?.lost], [pid, 'running', false]);
    jobs.go();
    const after = await until('the end of the job', async () => {
      const now = await currentJob(jobs.recipe());
      return now?.state === 'running' ? null : now;
    });
    assert.equal(after.state, 'done');
    assert.deepEqual(
      after.steps.map((step) => step.state),
      ['done', 'done'],
    );
  });

  it('are lost when they are killed, and the recipe can be run again', async () => {
    const { pid, ended } = await jobs.start();
    const tool = await jobs.tool();
    process.kill(pid ?? 0, 'SIGKILL');
    assert.equal((await ended).error?.code, 'PROGRAM_KILLED');
    const found = await currentJob(jobs.recipe());
    assert.deepEqual([found?.state, found?.lost], ['running', true]);
    assert.equal(await cancelJob(jobs.recipe()), false, 'nothing to cancel');
    process.kill(tool, 'SIGKILL');
    jobs.go();
    assert.equal((await (await jobs.start()).ended).exitCode, 0);
  });

  it('tell what they failed at', async () => {
    writeFileSync(jobs.temp.file('in.txt'), 'boom');
    const { ended } = await jobs.start();
    const { exitCode, error } = await ended;
    assert.equal(exitCode, 1);
    assert.deepEqual(error, { code: 'BOOM', message: 'The input says boom.', hint: 'Write something else.' });
    assert.deepEqual((await currentJob(jobs.recipe()))?.error, error);
  });

  it('tell of a Node program or a terminal program that is not there', async () => {
    const noNode = await jobs.start({ program: { ...jobs.program(), node: '/no/such/node' } });
    assert.deepEqual([noNode.job, noNode.pid], [null, null]);
    const { error } = await noNode.ended;
    assert.equal(error?.code, 'PROGRAM_NOT_STARTED');
    assert.match(error.message, /\/no\/such\/node \(ENOENT\)/);
    const noCli = await jobs.start({ program: { ...jobs.program(), cli: jobs.temp.file('no cli.js') } });
    assert.equal(noCli.job, null);
    assert.equal((await noCli.ended).error?.code, 'PROGRAM_FAILED');
  });

  it('do not need their folder to be there to say that it is not', async () => {
    const recipe = jobs.temp.file('gone/r.maixcam.yaml');
    const { job, ended } = await jobs.start({ recipe, args: ['fail', recipe] });
    assert.equal(job, null);
    assert.deepEqual(await ended, {
      exitCode: 3,
      error: { code: 'ENV_MISSING', message: 'Not there.', hint: 'Make it.' },
    });
  });

  describe('cancelled', () => {
    it('end as by Ctrl-C, with all their processes', async () => {
      const { pid, ended } = await jobs.start();
      const tool = await jobs.tool();
      assert.equal(await cancelJob(jobs.recipe()), true);
      const job = await currentJob(jobs.recipe());
      assert.equal(job?.state, 'cancelled');
      assert.deepEqual(
        job.steps.map(({ name, state }) => [name, state]),
        [
          ['check', 'done'],
          ['train', 'cancelled'],
        ],
      );
      assert.equal(lives(tool), false);
      const { exitCode, error } = await ended;
      assert.equal(exitCode, 4);
      assert.equal(error?.code, 'CANCELLED');
      assert.equal(lives(pid ?? 0), false);
      assert.deepEqual(readdirSync(paths().results).sort(), ['check', 'jobs']);
      assert.ok(!readdirSync(paths().jobs).some((name) => name.endsWith('.cancel')));
      assert.equal(await cancelJob(jobs.recipe()), false);
    });

    it('by another process', async () => {
      const { ended } = await jobs.start();
      await jobs.tool();
      const job = await currentJob(jobs.recipe());
      // What another window does is to write this file.
      writeFileSync(path.join(paths().jobs, `${job?.id ?? ''}.cancel`), '');
      assert.equal((await ended).exitCode, 4);
      assert.equal((await currentJob(jobs.recipe()))?.state, 'cancelled');
    });

    it('are ended by force where they do not react, with the tools that they run', async function () {
      if (process.platform !== 'linux') this.skip();
      const { pid, ended } = await jobs.start();
      const tool = await jobs.tool();
      process.kill(pid ?? 0, 'SIGSTOP');
      assert.equal(await cancelJob(jobs.recipe(), { noticeMs: 200, endMs: 200 }), true);
      assert.equal(lives(pid ?? 0), false);
      assert.equal(lives(tool), false);
      assert.equal((await ended).error?.code, 'PROGRAM_KILLED');
      const job = await currentJob(jobs.recipe());
      assert.deepEqual([job?.state, job?.lost, job?.error?.code], ['cancelled', false, 'CANCELLED']);
      assert.ok(!readdirSync(paths().jobs).some((name) => name.endsWith('.cancel')));
      jobs.go();
      assert.equal((await (await jobs.start()).ended).exitCode, 0, 'the recipe is free');
    });

    it('never end a process that has got the number of a dead one', async function () {
      if (process.platform !== 'linux') this.skip();
      const { job, ended } = await jobs.start();
      jobs.go();
      await ended;
      const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      try {
        const file = jobFile(paths().jobs, job?.id ?? '');
        const record = JSON.parse(readFileSync(file, 'utf8')) as object;
        writeFileSync(file, JSON.stringify({ ...record, state: 'running', current: 'train', pid: other.pid }));
        assert.equal((await currentJob(jobs.recipe()))?.lost, true);
        assert.equal(await cancelJob(jobs.recipe(), { noticeMs: 0, endMs: 0 }), false);
        assert.ok(lives(other.pid ?? 0));
        assert.notEqual(processStart(other.pid ?? 0), null);
      } finally {
        other.kill('SIGKILL');
      }
    });
  });

  describe('whose folder', () => {
    const goneEnd = async (ended: Promise<{ exitCode: number | null; error: unknown }>): Promise<void> => {
      const { exitCode, error } = await ended;
      assert.equal(exitCode, 1);
      assert.equal((error as { code: string }).code, 'RESULTS_GONE');
    };

    it('of results is removed end with that, and do not make it again', async () => {
      const { ended } = await jobs.start();
      const tool = await jobs.tool();
      rmSync(jobs.results(), { recursive: true });
      assert.equal(await currentJob(jobs.recipe()), null);
      assert.equal(await cancelJob(jobs.recipe()), false);
      await goneEnd(ended);
      assert.equal(existsSync(jobs.results()), false);
      assert.equal(lives(tool), false);
    });

    it('is removed altogether end with that', async () => {
      const folder = jobs.temp.file('work');
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'in.txt'), 'one');
      const recipe = path.join(folder, 'r.maixcam.yaml');
      const { ended } = await jobs.start({ recipe, args: ['run', recipe] });
      const pid = path.join(folder, 'tool.pid');
      const tool = Number(await until('the tool', () => existsSync(pid) && readFileSync(pid, 'utf8')));
      rmSync(folder, { recursive: true });
      await goneEnd(ended);
      assert.equal(existsSync(folder), false);
      assert.equal(lives(tool), false);
      assert.equal(await currentJob(recipe), null);
    });

    it('is moved end with that; the record in the new place is of a lost run', async () => {
      const { ended } = await jobs.start();
      await jobs.tool();
      const moved = `${jobs.temp.path} moved`;
      renameSync(jobs.temp.path, moved);
      try {
        await goneEnd(ended);
        const job = await currentJob(path.join(moved, 'r.maixcam.yaml'));
        assert.deepEqual([job?.state, job?.lost], ['running', true]);
        assert.match(readFileSync(job?.log ?? '', 'utf8'), /was removed, moved or taken over/);
      } finally {
        renameSync(moved, jobs.temp.path);
      }
    });

    it('is taken over by another run leave that one alone', async () => {
      const first = await jobs.start();
      await jobs.tool();
      rmSync(jobs.results(), { recursive: true });
      rmSync(jobs.temp.file('tool.pid'));
      const second = await jobs.start();
      await goneEnd(first.ended);
      await jobs.tool();
      const job = await currentJob(jobs.recipe());
      assert.deepEqual([job?.id, job?.lost], [second.job?.id, false]);
      assert.equal((await (await jobs.start()).ended).error?.code, 'RECIPE_BUSY', 'its lock stands');
      jobs.go();
      assert.equal((await second.ended).exitCode, 0);
    });

    it('is copied while they run: the copy does not run', async () => {
      const { ended } = await jobs.start();
      await jobs.tool();
      const copy = jobs.temp.file('copy');
      cpSync(jobs.results(), path.join(copy, '.maixcam'), { recursive: true });
      const job = await currentJob(path.join(copy, 'r.maixcam.yaml'));
      assert.deepEqual([job?.state, job?.lost], ['running', true]);
      jobs.go();
      await ended;
    });
  });

  describe('records', () => {
    it('that are half-written, foreign or of another release are skipped', async () => {
      const { job, ended } = await jobs.start();
      jobs.go();
      await ended;
      const good = JSON.parse(readFileSync(jobFile(paths().jobs, job?.id ?? ''), 'utf8')) as object;
      const newer = (name: string, content: unknown): void =>
        writeFileSync(
          path.join(paths().jobs, `${name}.json`),
          typeof content === 'string' ? content : JSON.stringify(content),
        );
      newer('9999-half', JSON.stringify(good).slice(0, 100));
      newer('9999-empty', '');
      newer('9999-list', []);
      newer('9999-null', 'null');
      newer('9999-format', { ...good, id: '9999-format', format: 2 });
      newer('9999-pid', { ...good, id: '9999-pid', pid: -1 });
      newer('9999-text', { ...good, id: '9999-text', pid: '1' });
      newer('9999-state', { ...good, id: '9999-state', state: 'odd' });
      newer('9999-time', { ...good, id: '9999-time', startedAt: 'yesterday' });
      newer('9999-name', good);
      mkdirSync(path.join(paths().jobs, '9999-folder.json'));
      assert.equal((await currentJob(jobs.recipe()))?.id, job?.id);
      newer('9999-good', { ...good, id: '9999-good', log: '/etc/hostname', steps: [{ name: 'odd' }, 1], progress: 4 });
      const found = await currentJob(jobs.recipe());
      assert.equal(found?.id, '9999-good');
      assert.equal(found.log, path.join(paths().jobs, '9999-good.log'), 'the log beside the record');
      assert.deepEqual([found.steps, found.progress], [[], null]);
    });

    it('are none before the first run', async () => {
      assert.equal(await currentJob(jobs.recipe()), null);
      assert.equal(await cancelJob(jobs.recipe()), false);
    });
  });
});
