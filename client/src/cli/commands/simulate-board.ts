import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Option } from 'commander';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { BOARD_IDS, type BoardId } from '../../../../server/src/core/board/kinds';
import { newHostKey, startEmbeddedBoard, type EmbeddedBoard } from '../../host/board/embedded';
import { configFolder } from '../../host/board/host-keys';
import type { RegisterCommand } from '../runtime';

interface Flags {
  readonly port?: string;
  readonly kind: BoardId;
  readonly root?: string;
}

/** `maixcam simulate-board`: the embedded board, until Ctrl-C (spec cli.md). */
export const registerSimulateBoard: RegisterCommand = (program, run) => {
  program
    .command('simulate-board')
    .summary('start a board that lives on this computer')
    .description("Starts an SSH server on the loopback address with a MaixCAM's files and logins; Ctrl-C ends it.")
    .option('--port <n>', 'TCP port (default: any free one)')
    .addOption(new Option('--kind <board>', 'kind of board').choices(BOARD_IDS).default('maixcam'))
    .option('--root <folder>', "folder that is the board's / and is kept (default: a temporary one)")
    .addHelpText('after', '\nExample:\n  maixcam simulate-board --port 2222 --kind maixcam2')
    .action((flags: Flags) =>
      run(async (context) => {
        const { signal, env } = context;
        const board = await start(flags, env);
        try {
          if (!signal.aborted) context.publish(present(board));
          await new Promise<void>((resolve) => {
            if (signal.aborted) resolve();
            signal.addEventListener('abort', () => resolve());
          });
        } finally {
          await board.stop();
        }
        return undefined;
      }),
    );
};

async function start(flags: Flags, env: NodeJS.ProcessEnv): Promise<EmbeddedBoard> {
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
