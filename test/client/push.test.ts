import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { onBoard, useBoards, writeModel } from '../support/boards';
import { useExtension } from '../support/extension-context';
import { useTempFolder } from '../support/temp-folder';
import type { Editor } from '../support/vscode-stub/editor';
import { choose, dismiss, type } from '../support/vscode-stub/prompts';
import { Uri } from '../support/vscode-stub/values';

describe('push to a board', function () {
  this.timeout(60_000);
  const editor = useExtension();
  const temp = useTempFolder();
  const startBoard = useBoards();
  const passwords = (at: Editor): string[] => [...at.secrets.values()];

  it('shows the fingerprint first, asks for the password once, and keeps what worked', async () => {
    const board = await startBoard();
    const mud = writeModel(temp.path);
    const address = `127.0.0.1:${board.port}`;
    editor().prompts.answer(type(address), choose('Trust This Board'), type('wrong'), type(board.password));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    const [first] = editor().prompts.seen.filter((prompt) => prompt.modal);
    assert.match(first?.text ?? '', /First contact/);
    assert.ok(first?.detail.includes(board.fingerprint));
    const [asked, again] = editor().prompts.seen.filter((prompt) => prompt.password);
    assert.doesNotMatch(asked?.text ?? '', /did not accept/);
    assert.match(again?.text ?? '', /did not accept that password/);
    assert.deepEqual(passwords(editor()), [board.password]);
    assert.ok(existsSync(onBoard(board, '/root/models/shapes/shapes.mud')));
    const done = await editor().prompts.until((prompt) => prompt.kind === 'information' && !prompt.modal);
    assert.match(done.text, /shapes\.mud is on the board at 127\.0\.0\.1:/);

    // The second time nothing is asked but which board, and that from a list.
    editor().prompts.answer(choose(new RegExp(address)));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    assert.equal(editor().prompts.seen.filter((prompt) => prompt.modal || prompt.password).length, 3);
    assert.deepEqual(editor().prompts.messages('error'), []);
  });

  it('forgets a password that the board does not take any more', async () => {
    const board = await startBoard();
    const mud = writeModel(temp.path);
    editor().secrets.set(`board-password:root@127.0.0.1:${board.port}`, 'old');
    editor().prompts.answer(type(`127.0.0.1:${board.port}`), choose('Trust This Board'), dismiss);
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    assert.deepEqual(passwords(editor()), []);
    assert.deepEqual(editor().prompts.messages('error'), []);
  });

  it('sends nothing to a board that is not trusted', async () => {
    const board = await startBoard();
    const mud = writeModel(temp.path);
    editor().prompts.answer(type(`127.0.0.1:${board.port}`), dismiss);
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    assert.equal(editor().prompts.seen.filter((prompt) => prompt.password).length, 0);
    assert.ok(!existsSync(onBoard(board, '/root/models/shapes')));
  });

  it('blocks a changed host key and explains; the new one is trusted only on purpose', async () => {
    const mud = writeModel(temp.path);
    const old = await startBoard();
    const { port } = old;
    editor().prompts.answer(type(`127.0.0.1:${port}`), choose('Trust This Board'), type(old.password));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    await old.stop();
    const flashed = await startBoard({ port });
    editor().prompts.answer(choose(/127/), dismiss);
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    const changed = editor().prompts.seen.find((prompt) => prompt.text.includes('another host key'));
    assert.ok(changed !== undefined);
    assert.ok(changed.detail.includes(flashed.fingerprint));
    assert.ok(changed.detail.includes(old.fingerprint));
    assert.match(editor().prompts.messages('warning').at(-1)?.text ?? '', /Nothing was sent/);
    assert.ok(!existsSync(onBoard(flashed, '/root/models/shapes')));

    editor().prompts.answer(choose(/127/), choose('Trust the New Key'));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    assert.ok(existsSync(onBoard(flashed, '/root/models/shapes/shapes.mud')));
  });

  it('tells that no board answers; an address is refused before it is used', async () => {
    const board = await startBoard();
    await board.stop();
    const mud = writeModel(temp.path);
    editor().prompts.answer(type('not an address:x'), type(`127.0.0.1:${board.port}`));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    assert.match(editor().prompts.seen[0]?.refusals[0] ?? '', /Write HOST or HOST:PORT/);
    const [error] = editor().prompts.messages('error');
    assert.match(error?.text ?? '', /No board answers at 127\.0\.0\.1/);
    assert.deepEqual(error?.choices, ['Change Address…', 'Show Log']);
  });

  it('forgets passwords on request', async () => {
    await editor().run('maixcam.forgetPasswords');
    assert.equal(editor().prompts.messages('information')[0]?.text, 'No password of a board is kept.');
    for (const name of ['a', 'b']) editor().secrets.set(`board-password:root@${name}:22`, 'x');
    editor().secrets.set('something else', 'y');
    editor().prompts.answer(choose('root@a:22'));
    await editor().run('maixcam.forgetPasswords');
    assert.deepEqual([...editor().secrets.keys()].sort(), ['board-password:root@b:22', 'something else']);
  });

  it('offers only boards that took a login', async () => {
    const gone = await startBoard();
    await gone.stop();
    const board = await startBoard();
    const mud = writeModel(temp.path);
    editor().prompts.answer(type(`127.0.0.1:${gone.port}`));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    editor().prompts.answer(type(`127.0.0.1:${board.port}`), choose('Trust This Board'), type(board.password));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    editor().prompts.answer(dismiss);
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    const last = editor().prompts.seen.findLast((prompt) => prompt.kind === 'pick');
    assert.deepEqual(last?.choices, [`$(circuit-board) 127.0.0.1:${board.port}`, '$(add) Another board…']);
  });

  it('is cancelled while the board is silent, without a message', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const { port } = silent.address() as AddressInfo;
      editor().prompts.answer(type(`127.0.0.1:${port}`));
      const push = editor().run('maixcam.pushToBoard', Uri.file(writeModel(temp.path)));
      const connecting = await editor().untilProgress(({ title }) => title.startsWith('Connecting'));
      connecting.cancel();
      await push;
      assert.deepEqual(editor().prompts.messages('error'), []);
    } finally {
      silent.close();
    }
  });

  it('remembers the address in the recipe, comments kept, and says what is missing then', async () => {
    const board = await startBoard();
    const recipe = temp.file('shapes.maixcam.yaml');
    writeFileSync(recipe, 'board: maixcam # mine\nonnx: model.onnx\nconvert:\n  calibration:\n    folder: pictures\n');
    editor().prompts.answer(type(`127.0.0.1:${board.port}`), choose('Trust This Board'), type(board.password));
    await editor().run('maixcam.pushToBoard', Uri.file(recipe));
    const text = readFileSync(recipe, 'utf8');
    assert.match(text, /^board: maixcam # mine\n/);
    assert.match(text, new RegExp(`deploy:\n {2}host: 127.0.0.1:${board.port}\n`));
    assert.equal(editor().prompts.messages('error').length, 1);
  });

  it('never writes a password anywhere but into the secret storage', async () => {
    const board = await startBoard();
    const mud = writeModel(temp.path);
    editor().prompts.answer(type(`127.0.0.1:${board.port}`), choose('Trust This Board'), type(board.password));
    await editor().run('maixcam.pushToBoard', Uri.file(mud));
    const places = JSON.stringify([editor().log, [...editor().globalState], editor().progress]);
    assert.ok(!places.includes(`"${board.password}"`));
    assert.equal(editor().secrets.size, 1);
  });
});
