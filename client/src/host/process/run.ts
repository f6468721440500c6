import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { Environment } from './environment';
import { LineSplitter, Tail, type OutputLine } from './lines';
import { killTreeNow, RUN_MARK, signalTree, treeLives, type ProcessTree } from './tree';

export interface RunOptions {
  /** Program: a path, or a name that is looked up in the `PATH` of `env`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment of the child; nothing is inherited. See `childEnvironment`. */
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: OutputLine) => void) | undefined;
  /** Raw output is appended here. Its folder is not made: one that was removed meanwhile stays removed. */
  readonly logFile?: string | undefined;
  /** How much of the last output to keep; default 16 KiB. */
  readonly tailBytes?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** Patience after SIGINT and again after SIGTERM before the next harder signal; default 3000 ms. */
  readonly graceMs?: number | undefined;
}

export interface RunResult {
  /** Null where a signal ended the program or it was cancelled before its start. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly cancelled: boolean;
  readonly timedOut: boolean;
  /** Last lines of stdout and stderr as they came, without control sequences. */
  readonly tail: string;
  readonly seconds: number;
}

const DEFAULT_TAIL = 16 << 10;
const DEFAULT_GRACE = 3000;
/** After the program's end its pipes may stay open in a process that it left behind; this long is waited for them. */
const PIPE_GRACE = 500;
/** A log is kept up to here (spec conversion.md 2.1). */
const LONGEST_LOG = 64 << 20;

const running = new Set<ProcessTree>();
process.on('exit', () => {
  for (const tree of running) killTreeNow(tree);
});

/**
 * Runs one program to its end: no shell, its own process group, an explicit environment. A non-zero exit is a result,
 * not an error. Aborting `signal` sends SIGINT, then SIGTERM, then SIGKILL to the whole tree; when the promise settles,
 * nothing that the program started lives any more (decisions.md 6).
 *
 * @throws AppError `PROCESS_NOT_FOUND`, `PROCESS_NOT_EXECUTABLE` (missing-tool), `PROCESS_NO_FOLDER`,
 *   `PROCESS_NOT_STARTED`.
 */
export async function runProcess(options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const tail = new Tail(options.tailBytes ?? DEFAULT_TAIL);
  const result = (end: Pick<RunResult, 'exitCode' | 'signal' | 'cancelled' | 'timedOut'>): RunResult => ({
    ...end,
    tail: tail.toString(),
    seconds: (performance.now() - started) / 1000,
  });
  await requireFolder(options.cwd);
  // Behind the last wait before the start: an abort from here on meets its listener.
  if (options.signal?.aborted === true) {
    return result({ exitCode: null, signal: null, cancelled: true, timedOut: false });
  }

  const mark = randomUUID();
  const outer = options.env[RUN_MARK];
  const child = execa(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env, [RUN_MARK]: outer === undefined ? mark : `${outer}:${mark}` },
    extendEnv: false,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    encoding: 'buffer',
    buffer: false,
    reject: false,
    cleanup: false,
  });
  const ended = endOf(child);
  if (child.pid === undefined) throw notStarted(options.command, (await child).cause);

  const tree: ProcessTree = { pid: child.pid, mark };
  running.add(tree);
  const log = openLog(options.logFile);
  const pipes = [
    follow(child.stdout, 'stdout', options, tail, log),
    follow(child.stderr, 'stderr', options, tail, log),
  ];
  log?.stream.on('drain', () => resume(child));
  // A log that has failed takes nothing any more and asks for nothing.
  log?.stream.once('close', () => resume(child));
  const stop = new AbortController();
  let cancelled = false;
  let timedOut = false;
  const endings: Promise<void>[] = [];
  const endEarly = (): void => {
    if (endings.length === 0) endings.push(endTree(tree, options.graceMs ?? DEFAULT_GRACE));
  };
  const onAbort = (): void => {
    cancelled = true;
    endEarly();
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = !cancelled;
          endEarly();
        }, options.timeoutMs);

  try {
    const end = await ended;
    await Promise.all(endings);
    // What is left is no more than the pipes hold: it is taken at once.
    if (log !== null) log.waits = false;
    resume(child);
    await Promise.race([Promise.all(pipes), delay(PIPE_GRACE, undefined, { signal: stop.signal }).catch(noop)]);
    if (treeLives(tree)) await endTree(tree, 0);
    child.stdout.destroy();
    child.stderr.destroy();
    await Promise.all(pipes);
    return result({ ...end, cancelled, timedOut });
  } finally {
    stop.abort();
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    running.delete(tree);
    await closeLog(log);
  }
}

function noop(): void {
  // The wait was cut short because there is nothing left to wait for.
}

interface Emitter {
  once(event: 'exit', listener: (code: number | null, signal: NodeJS.Signals | null) => void): unknown;
}

function endOf(child: Emitter): Promise<Pick<RunResult, 'exitCode' | 'signal'>> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** SIGINT, SIGTERM, SIGKILL with `grace` ms between; returns when nothing of the tree lives. */
async function endTree(tree: ProcessTree, grace: number): Promise<void> {
  if (grace > 0) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      await signalTree(tree, signal);
      const until = performance.now() + grace;
      while (performance.now() < until) {
        if (!treeLives(tree)) return;
        await delay(25);
      }
    }
  }
  // Again and again: a member may start another one between the listing and the signal.
  for (let round = 0; round < 200 && treeLives(tree); round++) {
    await signalTree(tree, 'SIGKILL');
    await delay(10);
  }
}

/** Log and lines of one pipe; settles when the pipe is closed. */
function follow(
  pipe: Readable,
  stream: 'stdout' | 'stderr',
  options: RunOptions,
  tail: Tail,
  log: Log | null,
): Promise<void> {
  const splitter = new LineSplitter((text, end) => {
    tail.add(text, end);
    options.onLine?.({ text, end, stream });
  });
  return new Promise((resolve) => {
    pipe.on('data', (chunk: Buffer) => {
      // A program that prints faster than the disk writes waits for the disk, so that the rest does not pile up here.
      if (log !== null && !writeLog(log, chunk) && log.waits) pipe.pause();
      splitter.write(chunk);
    });
    pipe.on('error', noop);
    pipe.once('close', () => {
      splitter.end();
      resolve();
    });
  });
}

interface Log {
  readonly stream: WriteStream;
  left: number;
  /** The program is held up while the log cannot follow. */
  waits: boolean;
}

function openLog(file: string | undefined): Log | null {
  if (file === undefined) return null;
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk must not end the run: the log is the lesser loss, and the program itself will notice.
  stream.on('error', noop);
  return { stream, left: LONGEST_LOG, waits: true };
}

/** False where the log has more to write than it should hold. */
function writeLog(log: Log, chunk: Buffer): boolean {
  if (log.left <= 0 || log.stream.destroyed) return true;
  log.left -= chunk.length;
  const follows = log.stream.write(chunk);
  if (log.left <= 0) log.stream.write(`\n[log cut after ${LONGEST_LOG >> 20} MiB]\n`);
  return follows;
}

function resume({ stdout, stderr }: { readonly stdout: Readable; readonly stderr: Readable }): void {
  for (const pipe of [stdout, stderr]) if (pipe.isPaused()) pipe.resume();
}

function closeLog(log: Log | null): Promise<void> {
  if (log === null || log.stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    log.stream.once('close', resolve);
    log.stream.end();
  });
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return;
  throw new AppError({
    code: 'PROCESS_NO_FOLDER',
    message: `The folder ${folder}, in which a program was to run, does not exist.`,
    hint: 'Create the folder or choose another one.',
  });
}

function notStarted(command: string, cause: unknown): AppError {
  const code = (cause as { code?: string } | undefined)?.code;
  if (code === 'ENOENT') {
    return new AppError({
      code: 'PROCESS_NOT_FOUND',
      message: `The program ${command} was not found.`,
      hint: 'Install it, or add its folder to PATH, and try again.',
      kind: 'missing-tool',
      cause,
    });
  }
  if (code === 'EACCES' || code === 'ENOEXEC') {
    return new AppError({
      code: 'PROCESS_NOT_EXECUTABLE',
      message: `The file ${command} cannot be run as a program (${code}).`,
      hint: 'Check that it is a program for this machine and that you may execute it.',
      kind: 'missing-tool',
      cause,
    });
  }
  return new AppError({
    code: 'PROCESS_NOT_STARTED',
    message: `The program ${command} could not be started (${code ?? 'unknown reason'}).`,
    hint: 'See the log, free memory or processes if the machine is full, and try again.',
    cause,
  });
}
