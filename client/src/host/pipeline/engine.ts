import { rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, messageOf } from '../../../../server/src/core/problems/app-error';
import { readFailure } from '../../../../server/src/node/file-source';
import { writeFailure } from '../../../../server/src/node/write-failure';
import { writeFileAtomic } from '../store/files';
import { reasonText } from '../../domain/pipeline/stale';
import { stepsUntil, type StepName, type StepPlan, type StepResult } from '../../domain/pipeline/steps';
import { Job } from '../store/job';
import { takeLock } from '../store/lock';
import { watchRun, type RunWatch } from '../jobs/watch-run';
import type { Progress } from '../process/progress';
import { openWorkFolder, publish, removeLeftovers } from '../store/publish';
import { makeResultsFolder, removeEmptied } from '../store/results-folder';
import { dependenciesOf, isOlderThan, makeStamp, readStamp, staleReason, type Stamp } from '../store/stamp';
import { lookAtSteps } from './look';
import type { EngineContext, Step, StepContext } from './step';

export interface RunOptions {
  readonly until?: StepName;
  /** Runs every step of the range, up to date or not. */
  readonly force?: boolean;
  readonly onStep?: (result: StepResult) => void;
}

/** How a run ended. `error` is set unless every step is done or skipped. */
export interface PipelineResult {
  readonly steps: readonly StepResult[];
  readonly error: AppError | null;
}

export type { EngineContext } from './step';

/**
 * Runs the steps that are out of date, in order (spec decisions.md 2).
 *
 * A step works in a folder of its own that takes the place of the old result in one rename when it is whole, so a
 * cancelled or failed step leaves the old result as it was. One run at a time per recipe.
 *
 * @throws AppError `RECIPE_BUSY`, what a step's preflight misses, or a failure to write the store. Failures of steps are
 *   in the result.
 */
export async function runPipeline(
  steps: readonly Step[],
  context: EngineContext,
  options: RunOptions = {},
): Promise<PipelineResult> {
  const { paths } = context;
  await makeResultsFolder(paths.results);
  const lock = await takeLock(paths.lock);
  try {
    await removeLeftovers(paths.results);
    const job = await Job.start(paths.jobs, paths.recipe);
    const watch = watchRun(job, lock, paths.results);
    const signal = AbortSignal.any([context.signal, watch.signal]);
    const progress: Progress = {
      report: (event) => {
        job.progress(event);
        context.progress.report(event);
      },
    };
    const run: Run = { job, watch, context: { ...context, signal, progress } };
    try {
      await preflight(steps, run, options.until);
      const result = await runSteps(steps, run, options);
      await endJob(job, result.error);
      return result;
    } catch (thrown) {
      await endJob(job, asAppError(thrown, signal));
      throw thrown;
    } finally {
      watch.stop();
    }
  } finally {
    await lock.release();
  }
}

/** A run while it goes on. */
interface Run {
  readonly job: Job;
  readonly watch: RunWatch;
  readonly context: EngineContext;
}

function endJob(job: Job, error: AppError | null): Promise<void> {
  const failure = error === null ? null : { code: error.code, message: error.message, hint: error.hint };
  return job.end(error === null ? 'done' : error.kind === 'cancelled' ? 'cancelled' : 'failed', failure);
}

/** A step that would fail is in the record like one that failed, and known by `preflight` in its summary. */
async function preflight(steps: readonly Step[], { job, context }: Run, until: StepName | undefined): Promise<void> {
  for (const step of inRange(steps, until)) {
    try {
      await step.preflight?.(context);
    } catch (thrown) {
      const error = asAppError(thrown, context.signal);
      const state = error.kind === 'cancelled' ? 'cancelled' : 'failed';
      const summary = { text: error.message, preflight: true };
      await job.finishStep({ name: step.name, state, seconds: 0, outputs: [], summary });
      throw thrown;
    }
  }
}

/** The plans of all steps as they are now, with why each would run (null: up to date), for `--dry-run`. */
export async function planPipeline(
  steps: readonly Step[],
  engine: EngineContext,
  until?: StepName,
): Promise<readonly { readonly plan: StepPlan; readonly reason: string | null }[]> {
  const plans: { plan: StepPlan; reason: string | null }[] = [];
  for await (const { error, plan, reason } of lookAtSteps(inRange(steps, until), engine)) {
    if (error !== null) throw error;
    if (plan !== null) plans.push({ plan, reason: reason === null ? null : reasonText(reason) });
  }
  return plans;
}

async function runSteps(steps: readonly Step[], run: Run, options: RunOptions): Promise<PipelineResult> {
  const { job, watch } = run;
  const stamps = new Map<StepName, Stamp>();
  const context: StepContext = { ...run.context, logFile: job.logFile, stampOf: (step) => stamps.get(step) };
  const results: StepResult[] = [];
  for (const step of inRange(steps, options.until)) {
    const begun = performance.now();
    let ended: { result: StepResult; error: AppError | null };
    try {
      const lost = await watch.lost();
      if (lost !== null) throw lost;
      ended = await runStep(step, context, options, job, stamps);
    } catch (thrown) {
      // Whatever the step says: without its folder it could not but fail.
      const lost = await watch.lost();
      if (lost !== null) await removeEmptied(context.paths.results);
      const error = lost ?? asAppError(thrown, context.signal);
      const state = error.kind === 'cancelled' ? 'cancelled' : 'failed';
      const seconds = (performance.now() - begun) / 1000;
      ended = { result: { name: step.name, state, seconds, outputs: [], summary: { text: error.message } }, error };
      if (!(thrown instanceof AppError)) job.log(String((thrown as Error).stack ?? thrown));
    }
    results.push(ended.result);
    options.onStep?.(ended.result);
    await job.finishStep(ended.result);
    if (ended.error !== null) return { steps: results, error: ended.error };
  }
  return { steps: results, error: null };
}

async function runStep(
  step: Step,
  context: StepContext,
  options: RunOptions,
  job: Job,
  stamps: Map<StepName, Stamp>,
): Promise<{ result: StepResult; error: AppError | null }> {
  const { paths } = context;
  const idle = step.idle?.(context) ?? null;
  if (idle !== null) {
    const result: StepResult = { name: step.name, state: 'skipped', seconds: 0, outputs: [], summary: { text: idle } };
    return { result, error: null };
  }
  const begun = performance.now();
  context.signal.throwIfAborted();
  const plan = await step.plan(context);
  const folder = paths.step(step.name);
  const dependencies = await dependenciesOf(plan, paths.folder, (name) => stamps.get(name)?.key);
  const old = await readStamp(paths.stamp(step.name));
  const asked = options.force === true || step.always === true;
  const reason = asked ? null : await staleReason(old, dependencies, folder);
  if (!asked && reason === null && old !== null) {
    stamps.set(step.name, old);
    if (isOlderThan(old, dependencies)) {
      await writeFileAtomic(paths.stamp(step.name), stampText({ ...old, parts: dependencies.parts }));
    }
    const error = old.problem === null ? null : new AppError(old.problem);
    const state = error === null ? 'skipped' : 'failed';
    return { result: resultOf(old, folder, state, (performance.now() - begun) / 1000), error };
  }
  job.log(`${step.name}: ${reason === null ? 'asked for' : reasonText(reason)}`);
  await job.begin(step.name);
  const work = await openWorkFolder(paths.results, step.name);
  try {
    const outcome = await step.run(context, plan, work);
    context.signal.throwIfAborted();
    const { summary, problem } = outcome;
    const stamp = await makeStamp(plan, dependencies, work, {
      summary,
      problem: problem === undefined ? null : { code: problem.code, message: problem.message, hint: problem.hint },
      seconds: (performance.now() - begun) / 1000,
    });
    await writeFile(path.join(work, 'stamp.json'), stampText(stamp));
    await publish(work, folder);
    stamps.set(step.name, stamp);
    const done = outcome.unchanged === true ? 'skipped' : 'done';
    const state = problem === undefined ? done : 'failed';
    return { result: resultOf(stamp, folder, state, stamp.seconds), error: problem ?? null };
  } catch (thrown) {
    if (thrown instanceof AppError) throw aboutFolder(thrown, work, folder);
    throw fileFailure(thrown, paths.results);
  } finally {
    if ((await stat(work).catch(() => null)) !== null) await rm(work, { recursive: true, force: true });
  }
}

function stampText(stamp: Stamp): string {
  return `${JSON.stringify(stamp, null, 2)}\n`;
}

/** An error of the file system in words: about writing the results, or about reading the file that it names. */
function fileFailure(thrown: unknown, results: string): unknown {
  const { code, path: file } = thrown as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return thrown;
  const full = ['ENOSPC', 'EDQUOT', 'EROFS'].includes(code);
  if (full || file === undefined || file.startsWith(results)) return writeFailure(results, thrown);
  return readFailure(file, thrown);
}

/** The same failure with the step's own folder: the working folder is gone when a person reads the message. */
function aboutFolder(error: AppError, work: string, folder: string): AppError {
  const { code, kind, cause } = error;
  const inPlace = (text: string): string => text.replaceAll(work, folder);
  return new AppError({ code, kind, cause, message: inPlace(error.message), hint: inPlace(error.hint) });
}

function resultOf(stamp: Stamp, folder: string, state: StepResult['state'], seconds: number): StepResult {
  const outputs = stamp.outputs.map((output) => path.join(folder, output.path));
  return { name: stamp.step, state, seconds, outputs, summary: stamp.summary };
}

function inRange(steps: readonly Step[], until: StepName | undefined): readonly Step[] {
  const names = stepsUntil(until);
  return steps.filter((step) => names.includes(step.name));
}

function asAppError(thrown: unknown, signal: AbortSignal): AppError {
  if (thrown instanceof AppError) return thrown;
  if (signal.aborted) {
    return new AppError({
      code: 'CANCELLED',
      message: 'Cancelled.',
      hint: 'Steps that were done stay done; run again to go on from there.',
      kind: 'cancelled',
    });
  }
  return new AppError({
    code: 'INTERNAL',
    message: `Something unexpected happened: ${messageOf(thrown)}`,
    hint: 'The log of this run has the details.',
    cause: thrown,
  });
}
