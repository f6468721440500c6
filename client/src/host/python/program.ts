import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { runProcess, type RunResult } from '../process/run';
import { LineSplitter } from '../process/lines';
import type { EnvironmentName } from './kinds/kind';
import { ownPrograms } from './place';
import { environmentVariables, type PythonEnvironment } from './variables';

/** One report of a program: its kind in `event`, and what that kind tells (see the head of each program). */
export type ProgramEvent = Readonly<Record<string, unknown>> & { readonly event: string };

export interface ProgramOptions {
  readonly environment: PythonEnvironment;
  /** File name in the folder of our programs, e.g. `train.py`. */
  readonly program: string;
  /** Handed to the program as JSON. */
  readonly config: unknown;
  readonly cwd: string;
  /** Variables of the process; the harmless ones are passed on. Default: those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The tool's own output is appended here. */
  readonly logFile?: string | undefined;
  /** Every event but the last, at most about 100 ms after it was written. */
  readonly onEvent?: ((event: ProgramEvent) => void) | undefined;
  /** Where the programs lie; default: beside the bundle. */
  readonly programsFolder?: string | undefined;
}

const POLL_MS = 100;

/** How a program is called, for the plan that a person reads; the files' names are chosen at the start. */
export function programCommand(
  kind: EnvironmentName,
  program: string,
): { readonly program: string; readonly args: readonly string[] } {
  return { program: `<${kind}>/python`, args: [program, '--config', '<config.json>', '--events', '<events.jsonl>'] };
}

/**
 * Runs one of our Python programs in an environment and follows its events. Gives the `done` event.
 *
 * @throws AppError with the code, message and hint of the program's `error` event; `CANCELLED`; `PROGRAM_KILLED` or
 *   `PROGRAM_FAILED` where it ended without a word.
 */
export async function runPythonProgram(options: ProgramOptions): Promise<ProgramEvent> {
  const { environment, program, signal } = options;
  const env = options.env ?? process.env;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'maixcam-'));
  const config = path.join(folder, 'config.json');
  const events = path.join(folder, 'events.jsonl');
  writeFileSync(config, JSON.stringify(options.config));
  writeFileSync(events, '');
  const follower = new EventFollower(events, (event) => options.onEvent?.(event));
  const timer = setInterval(() => follower.poll(), POLL_MS);
  try {
    const result = await runProcess({
      command: environment.python,
      args: [path.join(options.programsFolder ?? ownPrograms(), program), '--config', config, '--events', events],
      cwd: options.cwd,
      env: environmentVariables(environment, env),
      signal,
      logFile: options.logFile,
    });
    follower.poll();
    return outcome(program, result, follower.last);
  } finally {
    clearInterval(timer);
    follower.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function outcome(program: string, result: RunResult, last: ProgramEvent | null): ProgramEvent {
  if (result.cancelled || last?.event === 'cancelled') {
    throw new AppError({
      code: 'CANCELLED',
      message: 'The work was cancelled.',
      hint: 'Start it again when you like.',
      kind: 'cancelled',
    });
  }
  if (last?.event === 'done' && result.exitCode === 0) return last;
  if (last?.event === 'error') {
    throw new AppError({
      code: textOf(last.code, 'PROGRAM_FAILED'),
      message: textOf(last.message, `${program} failed.`),
      hint: textOf(last.hint, 'See the log.'),
    });
  }
  if (result.signal !== null) {
    throw new AppError({
      code: 'PROGRAM_KILLED',
      message: `${program} was ended from outside (${result.signal}); too little memory is the usual reason.`,
      hint: 'Close other programs, or make the batch or the picture size smaller, and run the step again.',
    });
  }
  const line = result.tail.trimEnd().split('\n').at(-1) ?? '';
  throw new AppError({
    code: 'PROGRAM_FAILED',
    message: `${program} ended with status ${result.exitCode ?? 'unknown'}${line === '' ? '' : `: ${line}`}`,
    hint: 'See the log for the lines above it.',
  });
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** Reads what was appended to the events file since the last look; hands on all but the closing event. */
class EventFollower {
  /** The closing event, once there is one. */
  last: ProgramEvent | null = null;
  private readonly file: number;
  private readonly buffer = Buffer.alloc(64 << 10);
  private readonly lines = new LineSplitter((text) => this.take(text));

  constructor(
    file: string,
    private readonly onEvent: (event: ProgramEvent) => void,
  ) {
    this.file = openSync(file, 'r');
  }

  poll(): void {
    for (;;) {
      const read = readSync(this.file, this.buffer, 0, this.buffer.length, null);
      if (read === 0) return;
      this.lines.write(this.buffer.subarray(0, read));
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private take(text: string): void {
    if (text === '') return;
    const event = JSON.parse(text) as ProgramEvent;
    if (['done', 'error', 'cancelled'].includes(event.event)) this.last = event;
    else this.onEvent(event);
  }
}
