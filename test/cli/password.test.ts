import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { EmbeddedBoard } from '../../client/src/host/board/embedded';
import { useBoards, writeModel } from '../support/boards';
import { PROGRAM } from '../support/cli';
import { useTempFolder } from '../support/temp-folder';

interface TerminalEnd {
  readonly status: number | null;
  readonly output: string;
}

/** `maixcam push` in a terminal; `onPrompt` runs when the password is asked for, and what it gives is typed. */
function pushInTerminal(
  mud: string,
  board: EmbeddedBoard,
  config: string,
  onPrompt: () => string | undefined,
): Promise<TerminalEnd> {
  const program = [process.execPath, PROGRAM, 'push', mud, '--host', `${board.host}:${board.port}`];
  const child = spawn('python3', ['test/support/terminal.py', 'Password of the board: ', ...program], {
    env: { ...process.env, MAIXCAM_CONFIG_DIR: config, MAIXCAM_PASSWORD: '', SSH_AUTH_SOCK: '', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    createInterface(child.stdout).on('line', (line) => {
      const told = JSON.parse(line) as { prompted?: true } | TerminalEnd;
      if ('output' in told) {
        resolve(told);
        return;
      }
      const typed = onPrompt();
      child.stdin.end(typed === undefined ? '' : `${typed}\n`);
    });
  });
}

describe('password at a terminal', function () {
  this.timeout(60_000);
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  const folder = useTempFolder();
  const boards = useBoards();

  it('is asked for, not shown, and used', async () => {
    const board = await boards();
    const mud = writeModel(folder.path);
    const { status, output } = await pushInTerminal(mud, board, folder.file('config'), () => board.password);
    assert.equal(status, 0, output);
    const [, answered = ''] = output.split('Password of the board: ');
    assert.equal(answered.split('\n')[0]?.trim(), '', 'nothing of it is on the screen');
    assert.match(answered, /Done in/);
  });

  it('is no longer waited for when the board hangs up', async () => {
    const board = await boards();
    const mud = writeModel(folder.path);
    const { status, output } = await pushInTerminal(mud, board, folder.file('config'), () => {
      board.dropConnections();
      return undefined;
    });
    assert.equal(status, 1, output);
    assert.match(output, /closed the connection while it waited for the password/);
  });

  it('takes Ctrl-C for a cancellation', async () => {
    const board = await boards();
    const mud = writeModel(folder.path);
    const { status, output } = await pushInTerminal(mud, board, folder.file('config'), () => '\u0003');
    assert.equal(status, 4, output);
    assert.match(output, /No password was given/);
  });
});
