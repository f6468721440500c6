import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EmbeddedBoard } from '../../../client/src/host/board/embedded';
import { pushToBoard } from '../../../client/src/host/board/push-to-board';
import type { PushResult } from '../../../client/src/host/board/push';
import type { ProgressEvent } from '../../../client/src/host/process/progress';
import { loginTo, onBoard, sha256Of, useBoards, writeModel } from '../../support/boards';
import { useTempFolder } from '../../support/temp-folder';

const FOLDER = '/root/models/shapes';

const refusal = (code: string, text?: RegExp) => (error: Error & { code?: string; hint?: string }) => {
  assert.equal(error.code, code, error.message);
  if (text !== undefined) assert.match(`${error.message} ${error.hint ?? ''}`, text);
  return true;
};

describe('push', () => {
  const boards = useBoards();
  const temp = useTempFolder();

  const push = (board: EmbeddedBoard, mud: string, more: object = {}): Promise<PushResult> =>
    pushToBoard({ login: loginTo(board), mud, ...more });
  const actions = (result: PushResult): string[] => result.files.map((file) => file.action);
  const names = (board: EmbeddedBoard): string[] => {
    const folder = onBoard(board, FOLDER);
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  };

  it('sends what is new, leaves what is there, and reports both', async () => {
    const board = await boards();
    const mud = writeModel(temp.path);
    const events: ProgressEvent[] = [];
    const first = await push(board, mud, { progress: { report: (event: ProgressEvent) => events.push(event) } });
    assert.deepEqual(
      first.files.map((file) => [path.basename(file.local), file.remote, file.action]),
      [
        ['shapes.cvimodel', `${FOLDER}/shapes.cvimodel`, 'sent'],
        ['shapes.txt', `${FOLDER}/shapes.txt`, 'sent'],
        ['shapes.mud', `${FOLDER}/shapes.mud`, 'sent'],
      ],
    );
    for (const file of first.files) {
      assert.equal(sha256Of(onBoard(board, file.remote)), file.sha256);
      assert.equal(file.sha256, sha256Of(file.local));
    }
    assert.deepEqual(names(board), ['shapes.cvimodel', 'shapes.mud', 'shapes.txt']);
    assert.equal(events.at(-1)?.fraction, 1);

    assert.deepEqual(actions(await push(board, mud)), ['unchanged', 'unchanged', 'unchanged']);
    writeFileSync(temp.file('shapes.txt'), 'one\ntwo\n');
    assert.deepEqual(actions(await push(board, mud)), ['unchanged', 'sent', 'unchanged']);
    assert.equal(readFileSync(onBoard(board, `${FOLDER}/shapes.txt`), 'utf8'), 'one\ntwo\n');
  });

  it('changes nothing in a dry run', async () => {
    const board = await boards();
    const result = await push(board, writeModel(temp.path), { dryRun: true });
    assert.deepEqual(actions(result), ['sent', 'sent', 'sent']);
    assert.deepEqual(names(board), []);
  });

  it('sends an empty file, and names with blanks, quotes and other scripts', async () => {
    const board = await boards();
    writeFileSync(temp.file("mo del's 图.cvimodel"), '');
    writeFileSync(temp.file('x y.mud'), "[basic]\ntype = cvimodel\nmodel = mo del's 图.cvimodel\n");
    const result = await push(board, temp.file('x y.mud'), { folder: "/root/models/a 'b' 图" });
    assert.deepEqual(actions(result), ['sent', 'sent']);
    assert.equal(existsSync(onBoard(board, "/root/models/a 'b' 图/mo del's 图.cvimodel")), true);
  });

  it('refuses another kind of board and a computer that is none', async () => {
    const mud = writeModel(temp.path);
    const second = await boards({ kind: 'maixcam2' });
    await assert.rejects(push(second, mud), refusal('PUSH_WRONG_BOARD', /is a MaixCAM2/));
    const pro = await boards({ kind: 'maixcam-pro' });
    assert.equal((await push(pro, mud)).files.length, 3);
    rmSync(onBoard(pro, '/boot/board'));
    await assert.rejects(push(pro, mud), refusal('PUSH_NOT_A_BOARD'));
  });

  it('refuses a MUD whose absolute model is not on the board', async () => {
    const board = await boards();
    writeFileSync(temp.file('a.mud'), '[basic]\ntype = cvimodel\nmodel = /root/models/none.cvimodel\n');
    await assert.rejects(push(board, temp.file('a.mud')), refusal('PUSH_MISSING_ON_BOARD'));
    writeFileSync(temp.file('a.mud'), '[basic]\ntype = cvimodel\nmodel = /root/models/yolov5s.cvimodel\n');
    assert.equal((await push(board, temp.file('a.mud'))).files.length, 1);
  });

  it('finds a full board before sending', async () => {
    const board = await boards({ faults: { capacityBytes: 1_000_000 } });
    await assert.rejects(push(board, writeModel(temp.path)), refusal('BOARD_NO_SPACE', /0\.\d MB|1\.\d MB/));
    assert.deepEqual(names(board), []);
  });

  it('names a disk that fills up while sending, and leaves nothing', async () => {
    const board = await boards({ faults: { uploadBytesPerSecond: 2_000_000 } });
    const progress = { report: () => (board.faults.capacityBytes = 100_000) };
    const sending = push(board, writeModel(temp.path), {
      progress: { report: (event: ProgressEvent) => (event.fraction ?? 0) > 0 && progress.report() },
    });
    await assert.rejects(sending, refusal('BOARD_NO_SPACE'));
    assert.deepEqual(names(board), []);
  });

  it('names a read-only board, before and while sending', async () => {
    const board = await boards({ faults: { readOnly: true } });
    const mud = writeModel(temp.path);
    await assert.rejects(push(board, mud), refusal('BOARD_READ_ONLY', /Restart the board/));
    board.faults.readOnly = false;
    const turn = {
      report: (event: ProgressEvent) => {
        if ((event.fraction ?? 0) > 0) board.faults.readOnly = true;
      },
    };
    board.faults.uploadBytesPerSecond = 2_000_000;
    await assert.rejects(push(board, mud, { progress: turn }), refusal('BOARD_READ_ONLY'));
  });

  it('finds a byte that changed on the way, removes the file and keeps the old model', async () => {
    const board = await boards();
    const mud = writeModel(temp.path);
    await push(board, mud);
    const before = sha256Of(onBoard(board, `${FOLDER}/shapes.cvimodel`));
    writeModel(temp.path);
    board.faults.flipUploadedByte = 123_456;
    await assert.rejects(push(board, mud), refusal('BOARD_HASH_MISMATCH', /shapes\.cvimodel/));
    assert.equal(sha256Of(onBoard(board, `${FOLDER}/shapes.cvimodel`)), before);
    assert.deepEqual(names(board), ['shapes.cvimodel', 'shapes.mud', 'shapes.txt']);
  });

  it('removes its parts over a new connection when the link broke in mid-file', async () => {
    const board = await boards({ faults: { dropAfterUploadBytes: 150_000 } });
    let asked = 0;
    const login = loginTo(board, {
      password: () => {
        asked += 1;
        return Promise.resolve(board.password);
      },
    });
    const mud = writeModel(temp.path);
    await assert.rejects(pushToBoard({ login, mud }), refusal('BOARD_LINK_LOST'));
    assert.deepEqual(names(board), []);
    assert.equal(asked, 1, 'the password is asked for once');
    assert.equal((await push(board, mud)).files.length, 3);
  });

  it('is cancelled cleanly', async () => {
    const board = await boards({ faults: { uploadBytesPerSecond: 500_000 } });
    const abort = new AbortController();
    const report = (event: ProgressEvent): void => {
      if ((event.fraction ?? 0) > 0.2) abort.abort();
    };
    const begun = performance.now();
    const sending = push(board, writeModel(temp.path), { signal: abort.signal, progress: { report } });
    await assert.rejects(sending, refusal('CANCELLED'));
    assert.ok(performance.now() - begun < 5000);
    assert.deepEqual(names(board), []);
  });

  it('never shows a MUD without its files, wherever the link breaks', async () => {
    const board = await boards();
    const mud = writeModel(temp.path);
    for (let count = 1; count <= 6; count++) {
      for (const when of ['before', 'after'] as const) {
        board.faults.dropAtCommand = { count, when };
        await push(board, mud).catch(() => undefined);
        delete board.faults.dropAtCommand;
        if (existsSync(onBoard(board, `${FOLDER}/shapes.mud`))) {
          for (const name of ['shapes.mud', 'shapes.txt', 'shapes.cvimodel']) {
            assert.equal(sha256Of(onBoard(board, `${FOLDER}/${name}`)), sha256Of(temp.file(name)));
          }
        }
        rmSync(onBoard(board, FOLDER), { recursive: true, force: true });
      }
    }
  });

  it('does not follow a link out of the board', async () => {
    const board = await boards();
    symlinkSync('../../../../../../../..', onBoard(board, '/root/models/up'));
    symlinkSync(temp.path, onBoard(board, '/root/models/away'));
    await push(board, writeModel(temp.path), { folder: '/root/models/up/tmp/shapes' });
    assert.ok(existsSync(onBoard(board, '/tmp/shapes/shapes.mud')), '.. stops at the root');
    await push(board, writeModel(temp.path), { folder: '/root/models/away/shapes' }).catch(() => undefined);
    assert.equal(existsSync(temp.file('shapes/shapes.mud')), false);
  });

  it('says what is wrong with the MUD before it calls the board', async () => {
    const login = { ...loginTo(await boards()), password: () => assert.fail('logged in') };
    await assert.rejects(pushToBoard({ login, mud: temp.file('none.mud') }), refusal('MUD_NOT_FOUND'));
    writeFileSync(temp.file('bad.mud'), 'nonsense');
    await assert.rejects(pushToBoard({ login, mud: temp.file('bad.mud') }), refusal('MUD_INVALID'));
  });
});
