import { constants } from 'node:fs';
import type { BoardTree } from '../tree';
import { posixCode } from '../tree';
import { commands } from './commands';
import { parseCommandLine, ShellSyntaxError, STATUS_MARK, type Redirect, type SimpleCommand } from './words';

/** What a command sees of the board. */
export interface ShellSession {
  readonly tree: BoardTree;
  readonly machine: string;
  readonly hostname: string;
  /** Working folder; `cd` changes it. */
  cwd: string;
  status: number;
  /** Set by `exit`. */
  ended: boolean;
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Buffer>;
}

export interface Streams {
  readonly out: (data: string | Uint8Array) => Promise<void>;
  readonly err: (text: string) => Promise<void>;
}

/** A command of the board: gives its exit status. */
export type BoardCommand = (args: readonly string[], session: ShellSession, streams: Streams) => Promise<number>;

/** A message for stderr with the exit status of the command that met it. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

/** Runs a command line (`a && b; c`) and gives the status of its last command, as `sh -c` does. */
export async function runCommandLine(line: string, session: ShellSession, streams: Streams): Promise<number> {
  let steps;
  try {
    const home = { HOME: '/root', USER: 'root', PWD: session.cwd };
    steps = parseCommandLine(line, home);
  } catch (thrown) {
    if (!(thrown instanceof ShellSyntaxError)) throw thrown;
    await streams.err(`sh: ${thrown.message}\n`);
    return (session.status = 2);
  }
  for (const { when, command } of steps) {
    if (session.ended || session.signal.aborted) break;
    if (when === 'success' && session.status !== 0) continue;
    if (when === 'failure' && session.status === 0) continue;
    session.status = await runSimple(command, session, streams);
  }
  return session.status;
}

async function runSimple(command: SimpleCommand, session: ShellSession, streams: Streams): Promise<number> {
  const words = command.words.map((word) => word.replaceAll(STATUS_MARK, String(session.status)));
  const [name, ...args] = words;
  const redirected = await redirect(command.redirects, session, streams).catch(async (thrown: unknown) => {
    await streams.err(`sh: ${errorText(thrown)}\n`);
    return null;
  });
  if (redirected === null) return 1;
  try {
    if (name === undefined) return 0;
    const run = commands[name.replace(/^\/(?:usr\/)?s?bin\//, '')];
    if (run === undefined) {
      await redirected.streams.err(`sh: ${name}: not found\n`);
      return 127;
    }
    try {
      return await run(args, session, redirected.streams);
    } catch (thrown) {
      await redirected.streams.err(`${name}: ${errorText(thrown)}\n`);
      return thrown instanceof CommandFailure ? thrown.status : 1;
    }
  } finally {
    await redirected.close();
  }
}

async function redirect(
  redirects: readonly Redirect[],
  session: ShellSession,
  streams: Streams,
): Promise<{ streams: Streams; close(): Promise<void> }> {
  let { out, err }: Streams = streams;
  const closers: (() => Promise<void>)[] = [];
  for (const { stream, target } of redirects) {
    if (target === 'out') err = out;
    else if (target === 'err') out = (data) => err(Buffer.from(data).toString());
    else {
      const write = target.file === '/dev/null' ? () => Promise.resolve() : await fileWriter(target, session, closers);
      if (stream === 'out') out = write;
      else err = write;
    }
  }
  return {
    streams: { out, err },
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

async function fileWriter(
  target: { file: string; append: boolean },
  { tree, cwd }: ShellSession,
  closers: (() => Promise<void>)[],
): Promise<(data: string | Uint8Array) => Promise<void>> {
  const flags = constants.O_WRONLY | constants.O_CREAT | (target.append ? 0 : constants.O_TRUNC);
  const file = await tree.open(target.file, flags, 0o644, cwd);
  closers.push(() => file.close());
  let position = target.append ? (await file.stat()).size : 0;
  return async (data) => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const at = position;
    position += bytes.length;
    await tree.write(file, bytes, at);
  };
}

/** The C library's words for what went wrong; never a path of this machine. */
export function errorText(thrown: unknown): string {
  if (thrown instanceof CommandFailure) return thrown.message;
  const code = posixCode(thrown);
  return MESSAGES[code] ?? `I/O error (${code})`;
}

const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EINVAL: 'Invalid argument',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  EBUSY: 'Device or resource busy',
};
