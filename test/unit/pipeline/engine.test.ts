import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../../server/src/core/problems/app-error';
import { currentJob } from '../../../client/src/host/jobs/current-job';
import { runPipeline, planPipeline } from '../../../client/src/host/pipeline/engine';
import type { JobRecord } from '../../../client/src/domain/jobs/job-record';
import { failure } from '../../support/failure';
import { until } from '../../support/until';
import { contextIn, copyStep, type CopyStep } from './fixture-steps';

describe('step engine', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam engine ä-'));
    writeFileSync(path.join(folder, 'in.txt'), 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const first = () => copyStep('check', { file: 'in.txt' });
  const second = () => copyStep('train', { step: 'check' });
  const states = (result: { steps: readonly { state: string }[] }): string[] => result.steps.map((step) => step.state);

  it('runs what is out of date and skips the rest', async () => {
    const steps = [first(), second()];
    assert.deepEqual(states(await runPipeline(steps, contextIn(folder))), ['done', 'done']);
    const again = await runPipeline(steps, contextIn(folder));
    assert.deepEqual(states(again), ['skipped', 'skipped']);
    assert.equal(readFileSync(again.steps[1]?.outputs[0] ?? '', 'utf8'), 'train:check:one');
    assert.deepEqual(
      steps.map((step) => step.runs),
      [1, 1],
    );
  });

  it('notices a changed input, and says which', async () => {
    const steps = [first(), second()];
    await runPipeline(steps, contextIn(folder));
    writeFileSync(path.join(folder, 'in.txt'), 'two');
    const plans = await planPipeline(steps, contextIn(folder));
    assert.deepEqual(
      plans.map((plan) => plan.reason),
      ['in.txt changed', 'depends on check'],
    );
    assert.deepEqual(states(await runPipeline(steps, contextIn(folder))), ['done', 'done']);
  });

  it('does not mind a touched file with the same content', async () => {
    const steps = [first()];
    await runPipeline(steps, contextIn(folder));
    utimesSync(path.join(folder, 'in.txt'), new Date(), new Date(Date.now() + 5000));
    assert.deepEqual(states(await runPipeline(steps, contextIn(folder))), ['skipped']);
  });

  it('notices a changed part of the recipe and a result changed by hand', async () => {
    const steps = [first()];
    const { steps: made } = await runPipeline(steps, contextIn(folder));
    const [other] = await planPipeline(steps, contextIn(folder, undefined, '640x480'));
    assert.equal(other?.reason, 'the recipe changed');
    writeFileSync(made[0]?.outputs[0] ?? '', 'by hand');
    const [plan] = await planPipeline(steps, contextIn(folder));
    assert.equal(plan?.reason, 'out.txt was changed by hand');
    rmSync(made[0]?.outputs[0] ?? '');
    assert.equal((await planPipeline(steps, contextIn(folder)))[0]?.reason, 'out.txt is gone');
  });

  it('stops at a failure, keeps the old result and leaves nothing half-made', async () => {
    const steps = [first(), second()];
    await runPipeline(steps, contextIn(folder));
    writeFileSync(path.join(folder, 'in.txt'), 'boom');
    const result = await runPipeline(steps, contextIn(folder));
    assert.deepEqual(states(result), ['failed']);
    assert.equal(result.error?.code, 'BOOM');
    const results = path.join(folder, '.maixcam', 'r');
    assert.equal(readFileSync(path.join(results, 'check', 'out.txt'), 'utf8'), 'check:one');
    assert.deepEqual((await readdir(results)).sort(), ['check', 'jobs', 'train']);
  });

  it('cancels: nothing half-made, state cancelled', async () => {
    const abort = new AbortController();
    const step = first();
    const run = step.run.bind(step);
    step.run = async (...args) => {
      const outcome = await run(...args);
      abort.abort();
      return outcome;
    };
    const result = await runPipeline([step, second()], contextIn(folder, abort.signal));
    assert.deepEqual(states(result), ['cancelled']);
    assert.equal(result.error?.kind, 'cancelled');
    assert.deepEqual(await readdir(path.join(folder, '.maixcam', 'r')), ['jobs']);
  });

  it('repairs what a killed run left', async () => {
    const steps = [first()];
    await runPipeline(steps, contextIn(folder));
    const results = path.join(folder, '.maixcam', 'r');
    await mkdir(path.join(results, '.work-train-abc'));
    // Killed between the two renames of a publication.
    await rename(path.join(results, 'check'), path.join(results, 'check.old'));
    assert.deepEqual(states(await runPipeline(steps, contextIn(folder))), ['skipped']);
    assert.deepEqual((await readdir(results)).sort(), ['check', 'jobs']);
  });

  it('does not run what follows a step that made the same again', async () => {
    const steps = [first(), second()];
    await runPipeline(steps, contextIn(folder));
    rmSync(path.join(folder, '.maixcam/r/check/out.txt'));
    assert.deepEqual(states(await runPipeline(steps, contextIn(folder))), ['done', 'skipped']);
  });

  it('has nothing to do in a copied or moved workspace', async () => {
    const pictures = path.join(folder, 'pictures');
    await mkdir(pictures);
    writeFileSync(path.join(pictures, 'a.txt'), 'label');
    const reads = (): CopyStep => {
      const step = first();
      const plan = step.plan.bind(step);
      step.plan = async (context) => {
        const made = await plan(context);
        return { ...made, inputs: [...made.inputs, { path: context.paths.resolve('pictures'), by: 'tree' }] };
      };
      return step;
    };
    await runPipeline([reads(), second()], contextIn(folder));
    const copy = `${folder} copy`;
    try {
      cpSync(folder, copy, { recursive: true });
      assert.deepEqual(states(await runPipeline([reads(), second()], contextIn(copy))), ['skipped', 'skipped']);
      writeFileSync(path.join(copy, 'pictures', 'a.txt'), 'LABEL');
      const [plan] = await planPipeline([reads()], contextIn(copy));
      assert.equal(plan?.reason, 'pictures changed');
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it('looks for what a person gives before any step runs', async () => {
    const late = second();
    late.preflight = () =>
      Promise.reject(new AppError({ code: 'GONE', message: 'The file is gone.', hint: 'Bring it back.' }));
    const early = first();
    await assert.rejects(runPipeline([early, late], contextIn(folder)), { code: 'GONE' });
    assert.equal(early.runs, 0);
    await runPipeline([early, late], contextIn(folder), { until: 'check' });
  });

  it('records what was missing before the first step', async () => {
    const late = second();
    const missing = { code: 'GONE', message: 'The file is gone.', hint: 'Bring it back.' };
    late.preflight = () => Promise.reject(new AppError(missing));
    await assert.rejects(runPipeline([first(), late], contextIn(folder)), { code: 'GONE' });
    const job = await currentJob(path.join(folder, 'r.maixcam.yaml'));
    assert.equal(job?.state, 'failed');
    assert.deepEqual(job.error, missing);
    assert.deepEqual(
      job.steps.map(({ name, state, summary }) => [name, state, summary]),
      [['train', 'failed', { text: 'The file is gone.', preflight: true }]],
    );
    assert.match(readFileSync(job.log, 'utf8'), /The file is gone\.\nBring it back\./);
  });

  it('makes no record of a run that finds the recipe busy', async () => {
    const busy = first();
    const run = busy.run.bind(busy);
    const again: Promise<unknown>[] = [];
    busy.run = async (...args) => {
      again.push(failure(runPipeline([first()], contextIn(folder))));
      await Promise.all(again);
      return run(...args);
    };
    await runPipeline([busy], contextIn(folder));
    assert.equal(((await again[0]) as AppError).code, 'RECIPE_BUSY');
    assert.equal((await readdir(path.join(folder, '.maixcam/r/jobs'))).length, 2, 'one record, one log');
  });

  it('reports progress into the record without a write for each', async () => {
    const told: unknown[] = [];
    const context = { ...contextIn(folder), progress: { report: (event: unknown) => void told.push(event) } };
    const step = first();
    const run = step.run.bind(step);
    const seen = new Set<string>();
    step.run = async (stepContext, plan, work) => {
      for (let batch = 0; batch < 2000; batch += 1) {
        stepContext.progress.report({ step: 'check', fraction: batch / 1999, message: `batch ${batch}`, stage: 'x' });
        if (batch % 100 === 0) await new Promise(setImmediate);
        const now = await currentJob(path.join(folder, 'r.maixcam.yaml'));
        const message = now?.progress?.message;
        if (message !== undefined) seen.add(message);
      }
      await until('the last report', async () => {
        const now = await currentJob(path.join(folder, 'r.maixcam.yaml'));
        return now?.progress?.message === 'batch 1999';
      });
      return run(stepContext, plan, work);
    };
    const begun = performance.now();
    await runPipeline([step], context);
    const writes = Math.ceil((performance.now() - begun) / 350) + 1;
    assert.equal(told.length, 2000, 'every report goes on to whoever called');
    assert.ok(seen.size <= writes, `${seen.size} writes`);
    assert.equal((await currentJob(path.join(folder, 'r.maixcam.yaml')))?.progress, null);
  });

  it('goes on where the record can no longer be written', async () => {
    const jobs = path.join(folder, '.maixcam/r/jobs');
    const step = first();
    const run = step.run.bind(step);
    step.run = async (stepContext, plan, work) => {
      const [record = ''] = (await readdir(jobs)).filter((name) => name.endsWith('.json'));
      // A folder in the record's place: every write of it fails from here on.
      rmSync(path.join(jobs, record));
      mkdirSync(path.join(jobs, record, 'x'), { recursive: true });
      stepContext.progress.report({ step: 'check', fraction: 0.5, message: 'half' });
      return run(stepContext, plan, work);
    };
    assert.deepEqual(states(await runPipeline([step, second()], contextIn(folder))), ['done', 'done']);
    assert.equal(await currentJob(path.join(folder, 'r.maixcam.yaml')), null);
  });

  it('forces every step on request', async () => {
    const steps = [first()];
    await runPipeline(steps, contextIn(folder));
    assert.deepEqual(states(await runPipeline(steps, contextIn(folder), { force: true })), ['done']);
    assert.equal(steps[0]?.runs, 2);
  });

  it('publishes a result that is not good enough, and stops on it again', async () => {
    const weak = first();
    const run = weak.run.bind(weak);
    weak.run = async (...args) => ({
      ...(await run(...args)),
      problem: new AppError({ code: 'WEAK', message: 'Too little was found.', hint: 'Train longer.' }),
    });
    for (const runs of [1, 1]) {
      const result = await runPipeline([weak, second()], contextIn(folder));
      assert.deepEqual(states(result), ['failed']);
      assert.equal(result.error?.code, 'WEAK');
      assert.equal(weak.runs, runs);
      assert.equal(result.steps[0]?.outputs.length, 1);
    }
  });

  it('records each run with its log', async () => {
    await runPipeline([first()], contextIn(folder));
    const jobs = path.join(folder, '.maixcam', 'r', 'jobs');
    const [record] = (await readdir(jobs)).filter((name) => name.endsWith('.json'));
    const job = JSON.parse(readFileSync(path.join(jobs, record ?? ''), 'utf8')) as JobRecord;
    assert.equal(job.state, 'done');
    assert.equal(job.steps[0]?.name, 'check');
    assert.match(readFileSync(job.log, 'utf8'), /check done: one/);
  });

  it('keeps results out of Git, unless the person decided otherwise', async () => {
    await runPipeline([first()], contextIn(folder));
    const ignore = path.join(folder, '.maixcam', '.gitignore');
    assert.equal(readFileSync(ignore, 'utf8'), '*\n');
    rmSync(ignore);
    await runPipeline([first()], contextIn(folder));
    assert.equal(existsSync(ignore), false);
  });
});
