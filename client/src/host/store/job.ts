import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFailure } from '../../../../server/src/node/write-failure';
import type { JobProgress, JobRecord } from '../../domain/jobs/job-record';
import type { StepName, StepResult } from '../../domain/pipeline/steps';
import { writeFileAtomic } from './files';
import { processStart } from './lock';

/** Older jobs are removed: a log is for the run that just failed, not for ever. */
const KEPT_JOBS = 20;

/** Between two writes of the progress. */
const PROGRESS_MS = 350;

/** The record of a job. */
export function jobFile(folder: string, id: string): string {
  return path.join(folder, `${id}.json`);
}

/** Appears beside the record where somebody wishes the run to be cancelled. */
export function cancelFile(folder: string, id: string): string {
  return path.join(folder, `${id}.cancel`);
}

/**
 * One run: its record and its log file. The record is for those who watch; a disk that does not take it must not end
 * the run that it describes.
 */
export class Job {
  readonly logFile: string;
  private readonly stream: WriteStream;
  private record: JobRecord;
  private saving: Promise<void> = Promise.resolve();
  private progressTimer: NodeJS.Timeout | undefined;
  private progressSaved = -Infinity;

  private constructor(
    private readonly folder: string,
    recipe: string,
  ) {
    const startedAt = new Date().toISOString();
    const id = `${startedAt.replace(/[:.]/g, '-')}-${process.pid}`;
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
      progress: null,
      steps: [],
      error: null,
    };
  }

  /** Starts a job whose record and log lie in `folder`. @throws AppError where it cannot be written. */
  static async start(folder: string, recipe: string): Promise<Job> {
    try {
      mkdirSync(folder, { recursive: true });
      await removeOldJobs(folder);
    } catch (error) {
      throw writeFailure(folder, error);
    }
    const job = new Job(folder, recipe);
    await writeFileAtomic(job.file, job.text());
    return job;
  }

  /** Appears where somebody wishes this run to be cancelled. */
  get cancelFile(): string {
    return cancelFile(this.folder, this.record.id);
  }

  log(line: string): void {
    this.stream.write(`${line}\n`);
  }

  async begin(step: StepName): Promise<void> {
    this.log(`=== ${step} ${new Date().toISOString()}`);
    await this.save({ current: step, progress: null });
  }

  /** Takes a report of the step at work down, now or a moment later; of several within that moment the last one. */
  progress({ step, fraction, message }: JobProgress): void {
    if (this.record.current === null) return;
    this.record = { ...this.record, progress: { step, fraction, message } };
    if (this.progressTimer !== undefined) return;
    const wait = Math.max(0, this.progressSaved + PROGRESS_MS - performance.now());
    this.progressTimer = setTimeout(() => {
      this.progressTimer = undefined;
      this.progressSaved = performance.now();
      void this.save({}, false);
    }, wait).unref();
  }

  async finishStep(result: StepResult): Promise<void> {
    this.log(`=== ${result.name} ${result.state}: ${result.summary.text}`);
    await this.save({ current: null, progress: null, steps: [...this.record.steps, result] });
  }

  async end(state: 'done' | 'failed' | 'cancelled', error: JobRecord['error']): Promise<void> {
    clearTimeout(this.progressTimer);
    if (error !== null) this.log(`${error.message}\n${error.hint}`);
    await this.save({ state, error, current: null, progress: null, endedAt: new Date().toISOString() });
    await rm(this.cancelFile, { force: true }).catch(() => undefined);
    await new Promise<void>((resolve) => this.stream.end(resolve));
  }

  private get file(): string {
    return jobFile(this.folder, this.record.id);
  }

  private text(): string {
    return `${JSON.stringify(this.record, null, 2)}\n`;
  }

  /** One write after the other, each with the newest content; never rejects. */
  private save(change: Partial<JobRecord>, durable = true): Promise<void> {
    this.record = { ...this.record, ...change };
    this.saving = this.saving.then(() => writeFileAtomic(this.file, this.text(), { durable })).catch(() => undefined);
    return this.saving;
  }
}

/** The caller holds the recipe's lock: a half-written record or a wish to cancel is of a run that is over. */
async function removeOldJobs(folder: string): Promise<void> {
  const all = await readdir(folder);
  for (const name of all) if (/\.(tmp|cancel)$/.test(name)) await rm(path.join(folder, name), { force: true });
  const names = all.filter((name) => name.endsWith('.json')).sort();
  for (const name of names.slice(0, Math.max(0, names.length - KEPT_JOBS + 1))) {
    await rm(path.join(folder, name), { force: true });
    await rm(path.join(folder, name.replace(/\.json$/, '.log')), { force: true });
  }
}
