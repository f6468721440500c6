import assert from 'node:assert/strict';
import type { FoundJob, JobRecord } from '../../../client/src/domain/jobs/job-record';
import type { StepRow } from '../../../client/src/domain/pipeline/overview';
import {
  overviewOf,
  type MadeResult,
  type RecipeFacts,
  type StepFacts,
} from '../../../client/src/domain/pipeline/rows';
import { ENGLISH } from '../../../client/src/domain/pipeline/words';
import { STEP_NAMES, type StepName } from '../../../client/src/domain/pipeline/steps';

const MADE_AT = Date.parse('2026-05-01T10:00:00Z');
const LATER = '2026-05-01T11:00:00Z';
const EARLIER = '2026-05-01T09:00:00Z';
const ERROR = { code: 'TRAIN_STOPPED', message: 'The trainer stopped: no memory.\nMore.', hint: 'A smaller batch.' };

/** Each step needs the one before it; only the push has no board. */
const NEEDS: Partial<Record<StepName, readonly StepName[]>> = Object.fromEntries(
  STEP_NAMES.map((name, at) => [name, STEP_NAMES.slice(Math.max(0, at - 1), at)]),
);

function made(more: Partial<MadeResult> = {}): MadeResult {
  return { seconds: 2, text: '280 pictures', problem: null, outputs: [], at: MADE_AT, ...more };
}

function step(name: StepName, more: Partial<StepFacts> = {}): StepFacts {
  const idle = name === 'push' ? 'no board chosen: give --host or set deploy.host' : null;
  const needs = NEEDS[name] ?? [];
  return { name, idle, needs, commands: [], reason: { kind: 'never-made' }, missing: null, made: null, ...more };
}

function job(more: Partial<FoundJob> = {}): FoundJob {
  const record: JobRecord = {
    format: 1,
    id: 'j1',
    recipe: '/w/r.maixcam.yaml',
    pid: 7,
    processStarted: '1',
    startedAt: LATER,
    log: '/w/j1.log',
    state: 'running',
    endedAt: null,
    current: null,
    progress: null,
    steps: [],
    error: null,
  };
  return { ...record, lost: false, ...more };
}

/** Rows of all steps: the first `done` of them are made, the others as `changes` says. */
function rows(done: number, changes: Partial<Record<StepName, Partial<StepFacts>>> = {}, running?: FoundJob) {
  const steps = STEP_NAMES.map((name, at) => {
    const state = at < done && name !== 'push' ? { reason: null, made: made() } : {};
    return step(name, { ...state, ...changes[name] });
  });
  const facts: RecipeFacts = { recipe: '/w/r.maixcam.yaml', description: 'd', steps, job: running ?? null };
  const overview = overviewOf(facts, ENGLISH);
  const byName = Object.fromEntries(overview.rows.map((row) => [row.name, row])) as Record<StepName, StepRow>;
  return { overview, ...byName, next: overview.rows.filter((row) => row.next).map((row) => row.name) };
}

describe('rows of the pipeline view', () => {
  it('show what was never made', () => {
    const { check, train, convert, push, next } = rows(0);
    assert.deepEqual([check.state, check.text], ['ready', 'not made yet']);
    assert.deepEqual([train.state, train.text], ['waiting', 'waits for Check']);
    assert.deepEqual([convert.state, convert.text], ['waiting', 'waits for Cut']);
    assert.deepEqual([push.state, push.text], ['idle', 'no board chosen']);
    assert.equal(push.detail, 'no board chosen: give --host or set deploy.host');
    assert.deepEqual(next, ['check']);
  });

  it('show results, their time and the file that says most first', () => {
    const outputs = ['/w/best.pt', '/w/results.csv', '/w/results.png'];
    const { train, next } = rows(2, { train: { made: made({ outputs, text: 'mAP50 0.965' }), reason: null } });
    assert.deepEqual([train.state, train.text, train.seconds], ['done', 'mAP50 0.965', 2]);
    assert.deepEqual(train.outputs, ['/w/results.png', '/w/results.csv', '/w/best.pt']);
    assert.deepEqual(next, ['export']);
  });

  it('say why something is out of date, and what it would run', () => {
    const commands = [{ program: '<train>/python', args: ['train.py', '--config', '<config.json>'] }];
    const { check, train, next } = rows(8, {
      check: { reason: { kind: 'input', name: 'data.yaml' } },
      train: { reason: { kind: 'step-stale', step: 'check' }, commands },
    });
    assert.deepEqual([check.state, check.text], ['outdated', 'out of date: data.yaml changed']);
    assert.deepEqual([train.state, train.text], ['outdated', 'out of date: Check has to run again first']);
    assert.equal(
      train.detail,
      'Out of date: Check has to run again first.\nLast result: 280 pictures.\nRuns:\n  <train>/python train.py --config <config.json>',
    );
    assert.deepEqual(next, ['check']);
  });

  it('show a run at work; nothing is to be done meanwhile', () => {
    const progress = { step: 'convert', fraction: 0.57, message: 'calibrating 17/30' };
    const { convert, mud, next, overview } = rows(5, {}, job({ current: 'convert', progress }));
    assert.deepEqual([convert.state, convert.text, convert.progress], ['running', 'calibrating 17/30', progress]);
    assert.equal(mud.text, 'waits for Convert');
    assert.deepEqual(next, []);
    assert.deepEqual(overview.job, { id: 'j1', state: 'running', pid: 7, log: '/w/j1.log', startedAt: LATER });
    assert.equal(rows(5, {}, job({ current: 'convert' })).convert.text, 'running');
    const compare = { needs: ['check', 'outputs', 'cut', 'convert', 'mud'] as const };
    const changed = { reason: { kind: 'input', name: 'data.yaml' } } as const;
    const known = { check: changed, compare, mud: { reason: null, made: made() } };
    assert.equal(rows(5, known, job({ current: 'convert' })).compare.text, 'waits for Convert', 'the last open one');
  });

  const failed = (name: StepName, more: object = {}): FoundJob => {
    const result = { name, state: 'failed' as const, seconds: 9, outputs: [], summary: { text: 'x', ...more } };
    return job({ state: 'failed', steps: [result], error: ERROR });
  };

  it('show the cause of a failure until the step is made', () => {
    const { train, next } = rows(1, {}, failed('train'));
    assert.deepEqual([train.state, train.text, train.seconds], ['failed', 'The trainer stopped: no memory.', 9]);
    assert.equal(train.detail, `${ERROR.message}\n${ERROR.hint}`);
    assert.deepEqual(train.error, ERROR);
    assert.deepEqual(next, ['train']);
    assert.equal(rows(2, {}, failed('train')).train.state, 'failed', 'an older result does not hide it');
    assert.equal(rows(2, {}, { ...failed('train'), startedAt: EARLIER }).train.state, 'done');
  });

  it('do not hold on to what was missing before a run', () => {
    assert.equal(rows(1, {}, failed('train', { preflight: true })).train.state, 'ready');
  });

  it('show a cancelled step', () => {
    const result = {
      name: 'train' as const,
      state: 'cancelled' as const,
      seconds: 9,
      outputs: [],
      summary: { text: 'x' },
    };
    const cancelled = job({ state: 'cancelled', steps: [result], error: ERROR });
    const { train, next } = rows(1, {}, cancelled);
    assert.deepEqual([train.state, train.text, train.error], ['cancelled', 'cancelled', null]);
    assert.equal(train.detail, 'Cancelled. Nothing half-made was left behind.');
    assert.deepEqual(next, ['train']);
    assert.equal(rows(2, {}, cancelled).train.detail, 'Cancelled. The earlier result is kept.');
  });

  it('show where a run was lost', () => {
    const { train, next, overview } = rows(1, {}, job({ current: 'train', lost: true }));
    assert.deepEqual([train.state, train.error?.code], ['failed', 'JOB_LOST']);
    assert.equal(overview.job?.state, 'lost');
    assert.deepEqual(next, ['train']);
  });

  it('show a result that is not good enough', () => {
    const { compare, next } = rows(8, { compare: { reason: null, made: made({ problem: ERROR }) } });
    assert.deepEqual([compare.state, compare.error], ['failed', ERROR]);
    assert.deepEqual(next, ['compare']);
  });

  it('show what is missing, and make what stops a run the next thing', () => {
    const tool = { ...ERROR, kind: 'missing-tool' as const, blocks: true };
    const environment = rows(1, { convert: { missing: tool } });
    assert.deepEqual([environment.convert.state, environment.convert.error], ['waiting', ERROR]);
    assert.deepEqual(environment.next, ['convert']);
    const dataset = rows(0, { check: { missing: { ...tool, kind: 'problem' } } });
    assert.deepEqual([dataset.check.state, dataset.check.error], ['failed', ERROR]);
    const later = rows(1, { mud: { missing: { ...tool, kind: 'problem', blocks: false } } });
    assert.deepEqual(later.next, ['train'], 'what shows only at its turn does not stop the steps before it');
  });

  it('ask for a board when all else is done, and then for nothing', () => {
    assert.deepEqual(rows(8).next, ['push']);
    assert.deepEqual(rows(8, { push: { idle: null } }).next, ['push']);
    assert.deepEqual(rows(8, { push: { idle: null, reason: null, made: made() } }).next, []);
  });
});
