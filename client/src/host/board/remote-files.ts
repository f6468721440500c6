import { parse } from 'ini';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { boardOfDevice, type BoardKind } from '../../../../server/src/core/board/kinds';
import { readOnly } from './errors';
import type { BoardConnection, CommandOutcome } from './connection';

/** What kind of board it is, from `/boot/board` (spec board.md 4); null: not a board that is known here. */
export async function identifyBoard(connection: BoardConnection, signal?: AbortSignal): Promise<BoardKind | null> {
  const { status, stdout } = await connection.run(['cat', '/boot/board'], signal);
  const id: unknown = status === 0 ? parse(stdout).id : undefined;
  return typeof id === 'string' ? boardOfDevice(id) : null;
}

/** SHA-256 by path of those files that are there. */
export async function remoteHashes(
  connection: BoardConnection,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  if (paths.length === 0) return hashes;
  const { stdout } = await connection.run(['sha256sum', ...paths], signal);
  for (const line of stdout.split('\n')) {
    // GNU's tool puts a backslash before the line of a name that it had to escape; such names are not planned.
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) hashes.set(match[2], match[1]);
  }
  return hashes;
}

/** Free bytes on the file system of a folder, which need not exist yet. */
export async function freeSpace(connection: BoardConnection, folder: string, signal?: AbortSignal): Promise<number> {
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = at === '' ? '/' : at;
    const { status, stdout } = await connection.run(['df', '-k', place], signal);
    // A long device name puts the numbers on a line of their own; they are the last five fields before the place.
    const match = /\s(\d+)\s+\d+\s+(-?\d+)\s+\d+%\s+\S/.exec(stdout.replace(/\n\s+/g, ' '));
    if (status === 0 && match?.[2] !== undefined) return Math.max(0, Number(match[2])) * 1024;
    if (place === '/') throw commandFailed('df', { status, stdout, stderr: stdout });
  }
}

/** Makes folders with their parents. @throws AppError `BOARD_READ_ONLY`, `BOARD_COMMAND_FAILED` */
export async function makeFolders(
  connection: BoardConnection,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const outcome = await connection.run(['mkdir', '-p', ...folders], signal);
  if (outcome.status === 0) return;
  if (isReadOnly(outcome)) throw readOnly(folders[0] ?? '/');
  throw commandFailed('mkdir', outcome);
}

/** True where a command failed because the file system is mounted read-only. */
export function isReadOnly(outcome: CommandOutcome): boolean {
  return /read-only file system/i.test(outcome.stderr);
}

export function commandFailed(tool: string, outcome: CommandOutcome): AppError {
  const said = outcome.stderr.trim().split('\n')[0] ?? '';
  return new AppError({
    code: 'BOARD_COMMAND_FAILED',
    message: `The board could not run ${tool} (status ${outcome.status ?? 'none'})${said === '' ? '' : `: ${said}`}.`,
    hint: 'Log in with ssh and try the command there; a re-flash repairs a damaged system.',
  });
}
