import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { BoardId } from '../../../../server/src/core/board/kinds';
import { newHostKey, startEmbeddedBoard, type EmbeddedBoard } from '../../host/board/embedded';
import { configFolder } from '../../host/board/host-keys';
import type { CommandContext } from '../runtime';

export interface SimulateFlags {
  readonly port?: string;
  readonly kind: BoardId;
  readonly root?: string;
  /** Also ends when stdin does. */
  readonly untilStdinEnds?: boolean;
}

/** Starts the embedded board, publishes how to reach it, and stops it when the command is cancelled. */
export async function simulateBoard(context: CommandContext, flags: SimulateFlags): Promise<undefined> {
  const { signal, env } = context;
  const board = await start(flags, env);
  try {
    if (!signal.aborted) context.publish(present(board));
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
      if (flags.untilStdinEnds === true) process.stdin.once('end', resolve).once('close', resolve).resume();
    });
  } finally {
    // An open stdin that is read would keep the program alive.
    if (flags.untilStdinEnds === true) process.stdin.destroy();
    await board.stop();
  }
}

async function start(flags: SimulateFlags, env: NodeJS.ProcessEnv): Promise<EmbeddedBoard> {
  const port = flags.port === undefined ? 0 : Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new AppError({
      code: 'USAGE',
      message: `"${flags.port ?? ''}" is no TCP port.`,
      hint: 'Give a number from 1 to 65535, or leave --port out.',
      kind: 'usage',
    });
  }
  const root = flags.root === undefined ? {} : { root: path.resolve(flags.root) };
  // A folder that is kept has its own key; temporary boards share one, or every second push would meet a changed key.
  const hostKey = flags.root === undefined ? { hostKey: await keptHostKey(env) } : {};
  try {
    return await startEmbeddedBoard({ kind: flags.kind, port, ...root, ...hostKey });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new AppError({
      code: 'PORT_UNAVAILABLE',
      message: code === 'EACCES' ? `This user may not use port ${port}.` : `Port ${port} is in use by another program.`,
      hint: 'Choose another port above 1024, or leave --port out to get a free one.',
      cause: error,
    });
  }
}

async function keptHostKey(env: NodeJS.ProcessEnv): Promise<string> {
  const file = path.join(configFolder(env), 'simulated-board-host-key');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return kept;
  const key = newHostKey();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

function present(board: EmbeddedBoard): { json: unknown; text: string } {
  const { kind, host, port, password, fingerprint, root } = board;
  return {
    json: { kind, host, port, user: 'root', password, fingerprint, root },
    text: [
      `A simulated ${kind} listens on ${host} port ${port}; Ctrl-C ends it.`,
      `  login        root, password ${password}`,
      `  host key     ${fingerprint}`,
      `  files        ${root}`,
      `  ssh          ssh -p ${port} root@${host}`,
      `  push         maixcam push MODEL.mud --host ${host}:${port}`,
    ].join('\n'),
  };
}
