import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { failureOfEnd } from '../../domain/jobs/failure';
import type { JobError, JobRecord } from '../../domain/jobs/job-record';
import { parsed } from '../../domain/jobs/read-record';
import { RecipePaths } from '../store/paths';
import { readRecord } from './current-job';
import { programEnvironment, type ProgramVariables, type WorkbenchProgram } from './program';

export interface StartJobOptions {
  readonly program: WorkbenchProgram;
  /** Absolute path of the recipe. */
  readonly recipe: string;
  /** The whole call, e.g. `run /path/shapes.maixcam.yaml --until train`. */
  readonly args: readonly string[];
  /** The complete environment; a password goes as `MAIXCAM_PASSWORD` and nowhere else. */
  readonly env: ProgramVariables;
}

/** A run in a process of its own. */
export interface StartedJob {
  /** Null where it ended before it had a record (`RECIPE_BUSY`, a recipe with errors, a program that is missing). */
  readonly job: JobRecord | null;
  /** Null where no process came to be. */
  readonly pid: number | null;
  /** Settles at the end of the run, with what went wrong; never rejects. */
  readonly ended: Promise<JobEnd>;
}

export interface JobEnd {
  /** Null where no process came to be or a signal ended it. */
  readonly exitCode: number | null;
  readonly error: JobError | null;
}

const POLL_MS = 40;
/** Of what a run prints, its document in the first place, that much is read. */
const MOST_READ = 16 << 20;
const LAST_WORDS = 4 << 10;

/**
 * Starts the terminal program as a run that outlives the caller: an own session, no pipes. Resolves when the run has
 * its record, or has ended without one. Failures of every kind are in `ended`.
 */
export async function startJob({ program, recipe, args, env }: StartJobOptions): Promise<StartedJob> {
  const { jobs } = new RecipePaths(recipe);
  const before = new Set(await readdir(jobs).catch(() => []));
  const spoken = new Output();
  // Not execa: its files are filled through the parent, and the run must go on without one.
  const child = spawn(program.node, [program.cli, '--json', '--progress', 'plain', ...args], {
    cwd: existingFolder(path.dirname(recipe)),
    env: programEnvironment(program, env),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', spoken.stdout, spoken.stderr],
  });
  spoken.handedOver();
  child.unref();
  const ended = new Promise<JobEnd>((resolve) => {
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      spoken.take();
      resolve({ exitCode: null, error: notStarted(program.node, error) });
    });
    child.once('exit', (exitCode, signal) => {
      const { stdout, stderr } = spoken.take();
      const end = { exitCode, signal, document: parsed(stdout), lastWords: stderr };
      resolve({ exitCode, error: failureOfEnd(end) });
    });
  });
  const { pid } = child;
  if (pid === undefined) return { job: null, pid: null, ended };
  return { job: await recordOf(pid, jobs, before, ended), pid, ended };
}

/** The record that the process writes, none of those of `before`; null where it ends without one. */
async function recordOf(
  pid: number,
  jobs: string,
  before: ReadonlySet<string>,
  ended: Promise<unknown>,
): Promise<JobRecord | null> {
  const run = { over: false };
  void ended.then(() => {
    run.over = true;
  });
  for (;;) {
    // Asked before the look: a record that was written before the end is seen.
    const last = run.over;
    const names = await readdir(jobs).catch((): string[] => []);
    const name = names.find((one) => one.endsWith(`-${pid}.json`) && !before.has(one));
    const record = name === undefined ? null : await readRecord(path.join(jobs, name));
    if (record !== null) return record;
    if (last) return null;
    await Promise.race([ended, delay(POLL_MS)]);
  }
}

/** What a detached run prints: files that its caller alone can read, without a name as soon as the run has them. */
class Output {
  readonly stdout: number;
  readonly stderr: number;
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam-job-'));

  constructor() {
    this.stdout = openSync(path.join(this.folder, 'stdout'), 'wx+', 0o600);
    this.stderr = openSync(path.join(this.folder, 'stderr'), 'wx+', 0o600);
  }

  /** Takes the names away, so that nothing stays behind when this process is killed; Windows may keep them till the end. */
  handedOver(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // Removed at the end.
    }
  }

  take(): { readonly stdout: string; readonly stderr: string } {
    const stdout = textFrom(this.stdout, MOST_READ);
    const stderr = textFrom(this.stderr, LAST_WORDS);
    closeSync(this.stdout);
    closeSync(this.stderr);
    this.handedOver();
    return { stdout, stderr };
  }
}

function textFrom(file: number, most: number): string {
  const { size } = fstatSync(file);
  const bytes = Buffer.alloc(Math.min(size, most));
  // The end of it: a document is never longer, and last words are what is wanted of the rest.
  const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
  return bytes.toString('utf8', 0, read);
}

/** A call needs a folder to stand in; the program itself says that its recipe is not there. */
function existingFolder(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? folder : os.tmpdir();
}

function notStarted(node: string, { code = 'unknown reason' }: NodeJS.ErrnoException): JobError {
  return {
    code: 'PROGRAM_NOT_STARTED',
    message: `The terminal program could not be started with ${node} (${code}).`,
    hint: 'Check that this program exists and may be run, and try again.',
  };
}
