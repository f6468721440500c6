import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  startEmbeddedBoard,
  type EmbeddedBoard,
  type EmbeddedBoardOptions,
} from '../../client/src/host/board/embedded';
import { memoryHostKeys } from '../../client/src/host/board/host-keys';
import type { BoardLogin } from '../../client/src/host/board/push-to-board';

/** Starts embedded boards for the tests of the suite it is called in, and stops them after each. */
export function useBoards(): (options?: Partial<EmbeddedBoardOptions>) => Promise<EmbeddedBoard> {
  const running: EmbeddedBoard[] = [];
  afterEach(async () => {
    for (const board of running.splice(0)) await board.stop();
  });
  return async (options = {}) => {
    const board = await startEmbeddedBoard({ kind: 'maixcam', ...options });
    running.push(board);
    return board;
  };
}

/** A login with the board's own password that knows no host key yet. */
export function loginTo(board: EmbeddedBoard, change: Partial<BoardLogin> = {}): BoardLogin {
  const password = (): Promise<string> => Promise.resolve(board.password);
  return { host: board.host, port: board.port, user: 'root', password, hostKeys: memoryHostKeys(), ...change };
}

/** Writes a MUD with a model of random bytes and a labels file; gives the MUD's path. */
export function writeModel(folder: string, name = 'shapes', bytes = 300_000): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.cvimodel`), randomBytes(bytes));
  writeFileSync(path.join(folder, `${name}.txt`), 'circle\nsquare\n');
  const mud = path.join(folder, `${name}.mud`);
  writeFileSync(
    mud,
    `[basic]\ntype = cvimodel\nmodel = ${name}.cvimodel\n\n[extra]\nmodel_type = yolo11\nlabels = ${name}.txt\n`,
  );
  return mud;
}

/** Path on this machine of a path on the board. */
export function onBoard(board: EmbeddedBoard, boardPath: string): string {
  return path.join(board.root, boardPath);
}

export function sha256Of(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
