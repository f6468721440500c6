import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

/** How a call of the built program ended. */
export interface CliEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The document of `--json`; null where stdout is no JSON. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user; the tests run as root. */
  readonly uid?: number;
  /** Told all that was written so far, after each piece. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
  readonly onStdout?: (text: string, child: ChildProcess) => void;
}

export interface CliError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The built program; `MAIXCAM_TEST_CLI` names another build of it. */
export const PROGRAM = path.resolve(process.env.MAIXCAM_TEST_CLI ?? 'dist/cli.js');

/** Runs the built program, as a person would, and waits for its end. */
export function maixcam(args: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onStdout?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(stderr, child);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr, json: parse(stdout) }));
  });
}

const AT_ONCE = 4;

/** Runs several calls, a few at a time, and gives their ends in the same order. */
export async function maixcamEach(
  calls: readonly (readonly string[])[],
  options: CliOptions = {},
): Promise<readonly CliEnd[]> {
  const ends: CliEnd[] = [];
  const left = [...calls.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      ends[next[0]] = await maixcam(next[1], options);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ends;
}

/** The error of a failed call under `--json`. */
export function errorOf(end: CliEnd): CliError {
  const error = end.json?.error as CliError | undefined;
  if (error === undefined) throw new Error(`no error document:\n${end.stdout}\n${end.stderr}`);
  return error;
}

function parse(text: string): CliEnd['json'] {
  try {
    return JSON.parse(text) as CliEnd['json'];
  } catch {
    return null;
  }
}
