import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BoardFaults, EmbeddedBoard } from '../../client/src/host/board/embedded';
import { onBoard, sha256Of, useBoards, writeModel } from '../support/boards';
import { errorOf, maixcam, type CliEnd } from '../support/cli';
import { useTempFolder } from '../support/temp-folder';

/** What a person reads when a board fails; that nothing half-made is left is tested closer, in test/unit/board. */
describe('boards that fail', function () {
  this.timeout(30_000);
  const folder = useTempFolder();
  const boards = useBoards();

  function push(
    board: Pick<EmbeddedBoard, 'host' | 'port'>,
    more: readonly string[] = [],
    password = 'root',
  ): Promise<CliEnd> {
    return maixcam(['push', folder.file('shapes.mud'), '--host', `${board.host}:${board.port}`, '--json', ...more], {
      env: { MAIXCAM_CONFIG_DIR: folder.file('config'), MAIXCAM_PASSWORD: password, SSH_AUTH_SOCK: '' },
    });
  }

  function onTheBoard(board: EmbeddedBoard): readonly string[] {
    const models = onBoard(board, '/root/models/shapes');
    return existsSync(models) ? readdirSync(models) : [];
  }

  const FAULTS: readonly (readonly [string, BoardFaults, string, RegExp, RegExp])[] = [
    [
      'refuses the password',
      { refusePassword: true },
      'BOARD_AUTH_FAILED',
      /password was not accepted/,
      /MAIXCAM_PASSWORD/,
    ],
    ['drops the link in mid-file', { dropAfterUploadBytes: 100_000 }, 'BOARD_LINK_LOST', /broke off/, /again/],
    ['has no space', { capacityBytes: 200_000 }, 'BOARD_NO_SPACE', /not enough space.*MB are free/, /Remove models/],
    ['is mounted read-only', { readOnly: true }, 'BOARD_READ_ONLY', /read-only/, /Restart the board/],
  ];
  for (const [title, faults, code, message, hint] of FAULTS) {
    it(title, async () => {
      writeModel(folder.path);
      const board = await boards({ faults });
      const end = await push(board);
      assert.equal(end.status, 1, end.stdout + end.stderr);
      const error = errorOf(end);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      assert.deepEqual(onTheBoard(board), []);
    });
  }

  it('goes on after a lost link without being told how', async () => {
    const mud = writeModel(folder.path);
    const board = await boards({ faults: { dropAfterUploadBytes: 100_000 } });
    assert.equal((await push(board)).status, 1);
    assert.equal((await push(board)).status, 0);
    assert.equal(sha256Of(onBoard(board, '/root/models/shapes/shapes.mud')), sha256Of(mud));
  });

  it('changes its host key: blocked until a person accepts it', async () => {
    writeModel(folder.path);
    const first = await boards();
    const seen = await push(first);
    assert.equal(seen.status, 0, seen.stdout);
    assert.ok(seen.stderr.includes(first.fingerprint), 'the first contact is told');
    await first.stop();
    const second = await boards({ port: first.port });
    const end = await push(second);
    assert.equal(end.status, 1, end.stdout);
    assert.equal(errorOf(end).code, 'HOST_KEY_CHANGED');
    assert.ok(errorOf(end).message.includes(first.fingerprint) && errorOf(end).message.includes(second.fingerprint));
    assert.match(errorOf(end).hint, /--accept-new-host-key/);
    assert.deepEqual(onTheBoard(second), []);
    assert.equal((await push(second, ['--accept-new-host-key'])).status, 0);
    assert.equal((await push(second)).status, 0, 'the new key is remembered');
  });

  it('is not there, or wants a password that nobody gives', async () => {
    writeModel(folder.path);
    const board = await boards();
    const silent = await push(board, [], '');
    assert.equal(silent.status, 1);
    assert.match(errorOf(silent).message, /no password to try/);
    await board.stop();
    const gone = await push(board);
    assert.equal(gone.status, 1);
    assert.equal(errorOf(gone).code, 'BOARD_UNREACHABLE');
    assert.match(errorOf(gone).message, /refused/);
  });

  it('is another kind than the model was made for', async () => {
    writeModel(folder.path);
    const end = await push(await boards({ kind: 'maixcam2' }), [], 'sipeed');
    assert.equal(end.status, 1);
    assert.equal(errorOf(end).code, 'PUSH_WRONG_BOARD');
  });

  it('is sent nothing in a dry run', async () => {
    writeModel(folder.path);
    const board = await boards();
    const end = await push(board, ['--dry-run']);
    assert.equal(end.status, 0);
    assert.deepEqual(onTheBoard(board), []);
  });

  it('a MUD without its model, and a port that is taken', async () => {
    writeModel(folder.path);
    const board = await boards();
    const gone = await maixcam([
      'push',
      path.join(folder.path, 'gone.mud'),
      '--host',
      `127.0.0.1:${board.port}`,
      '--json',
    ]);
    assert.equal(gone.status, 2);
    assert.match(errorOf(gone).message, /gone\.mud/);
    const taken = await maixcam(['simulate-board', '--port', String(board.port), '--json'], {
      env: { MAIXCAM_CONFIG_DIR: folder.file('config') },
    });
    assert.equal(taken.status, 1);
    assert.equal(errorOf(taken).code, 'PORT_UNAVAILABLE');
    assert.match(errorOf(taken).hint, /another port/);
  });
});
