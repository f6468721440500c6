import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFailure } from '../../../../server/src/node/write-failure';
import type { StepName, StepResult } from '../../domain/pipeline/steps';
import { writeFileAtomic } from './files';
import { processStart } from './lock';

/** Older jobs are removed: a log is for the run that just failed, not for ever. */
const KEPT_JOBS = 20;

/** The record of one run, readable by any process while the run goes on and afterwards. */
export interface JobRecord {
  readonly format: 1;
  readonly id: string;
  readonly recipe: string;
  readonly pid: number;
  readonly processStarted: string | null;
  readonly startedAt: string;
  readonly log: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  endedAt: string | null;
  /** The step at work. */
  current: StepName | null;
  steps: StepResult[];
  error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

/** One run: its record and its log file. */
export class Job {
  readonly logFile: string;
  private readonly file: string;
  private readonly stream: WriteStream;
  private readonly record: JobRecord;

  private constructor(folder: string, recipe: string) {
    const startedAt = new Date().toISOString();
    const id = `${startedAt.replace(/[:.]/g, '-')}-${process.pid}`;
    this.file = path.join(folder, `${id}.json`);
    this.logFile = path.join(folder, `${id}.log`);
    this.stream = createWriteStream(this.logFile, { flags: 'a' });
    // A log that cannot be written must not end the run that it describes.
    this.stream.on('error', () => undefined);
    this.record = {
      format: 1,
      id,
      recipe,
      pid: process.pid,
      processStarted: processStart(process.pid),
      startedAt,
      log: this.logFile,
      state: 'running',
      endedAt: null,
      current: null,
      steps: [],
      error: null,
    };
  }

  /** Starts a job whose record and log lie in `folder`. */
  static async start(folder: string, recipe: string): Promise<Job> {
    try {
      mkdirSync(folder, { recursive: true });
      await removeOldJobs(folder);
    } catch (error) {
      throw writeFailure(folder, error);
    }
    const job = new Job(folder, recipe);
    await job.save();
    return job;
  }

  log(line: string): void {
    this.stream.write(`${line}\n`);
  }

  async begin(step: StepName): Promise<void> {
    this.record.current = step;
    this.log(`=== ${step} ${new Date().toISOString()}`);
    await this.save();
  }

  async finishStep(result: StepResult): Promise<void> {
    this.record.current = null;
    this.record.steps.push(result);
    this.log(`=== ${result.name} ${result.state}: ${result.summary.text}`);
    await this.save();
  }

  async end(state: JobRecord['state'], error: JobRecord['error']): Promise<void> {
    this.record.state = state;
    this.record.error = error;
    this.record.current = null;
    this.record.endedAt = new Date().toISOString();
    if (error !== null) this.log(`${error.message}\n${error.hint}`);
    // The end of a run must not fail because the disk is full: the run's own error says so.
    await this.save().catch(() => undefined);
    await new Promise<void>((resolve) => this.stream.end(resolve));
  }

  private save(): Promise<void> {
    return writeFileAtomic(this.file, `${JSON.stringify(this.record, null, 2)}\n`);
  }
}

/** The caller holds the recipe's lock: a record that is half-written is of a run that was killed. */
async function removeOldJobs(folder: string): Promise<void> {
  const all = await readdir(folder);
  for (const name of all) if (name.endsWith('.tmp')) await rm(path.join(folder, name), { force: true });
  const names = all.filter((name) => name.endsWith('.json')).sort();
  for (const name of names.slice(0, Math.max(0, names.length - KEPT_JOBS + 1))) {
    await rm(path.join(folder, name), { force: true });
    await rm(path.join(folder, name.replace(/\.json$/, '.log')), { force: true });
  }
}
