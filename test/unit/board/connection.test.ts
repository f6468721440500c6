import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import { newHostKey } from '../../../client/src/host/board/embedded';
import { connectBoard, type ConnectOptions } from '../../../client/src/host/board/connection';
import { fileHostKeys, memoryHostKeys } from '../../../client/src/host/board/host-keys';
import { loginTo, onBoard, useBoards } from '../../support/boards';
import { useTempFolder } from '../../support/temp-folder';

const refusal = (code: string, text?: RegExp) => (error: Error & { code?: string; hint?: string }) => {
  assert.equal(error.code, code);
  if (text !== undefined) assert.match(`${error.message} ${error.hint ?? ''}`, text);
  return true;
};

describe('host key of the embedded board', () => {
  it('can be read back each time', () => {
    for (let round = 0; round < 2000; round++) {
      const key = ssh2.utils.parseKey(newHostKey());
      if (key instanceof Error) assert.fail(key.message);
    }
  });
});

describe('connection to a board', () => {
  const boards = useBoards();
  const temp = useTempFolder();

  for (const kind of ['maixcam', 'maixcam-pro', 'maixcam2'] as const) {
    it(`logs in to a ${kind} with the password of its image and runs commands`, async () => {
      const board = await boards({ kind });
      const connection = await connectBoard(loginTo(board));
      assert.equal(connection.fingerprint, board.fingerprint);
      const said = await connection.run(['cat', '/boot/board']);
      assert.match(said.stdout, new RegExp(`^id=${kind.replace('-', '_')}\n`));
      assert.deepEqual(await connection.run(['echo', "it's $HOME; a  b"]), {
        status: 0,
        stdout: "it's $HOME; a  b\n",
        stderr: '',
      });
      assert.equal((await connection.run(['nosuch'])).status, 127);
      assert.equal((await connection.runAll([['false'], ['touch', '/tmp/never']])).status, 1);
      assert.equal((await connection.run(['test', '-e', '/tmp/never'])).status, 1);
      connection.close();
    });
  }

  it('says which passwords fresh images have when one is refused', async () => {
    const board = await boards({ faults: { refusePassword: true } });
    await assert.rejects(connectBoard(loginTo(board)), refusal('BOARD_AUTH_FAILED', /"sipeed" on MaixCAM2/));
  });

  it('logs in by key, and by agent after a useless key, without asking for a password', async () => {
    const board = await boards();
    for (const name of ['id', 'other']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', temp.file(name)]);
    }
    const login = loginTo(board, {
      identity: temp.file('id'),
      password: () => assert.fail('the password was asked for'),
    });
    writeFileSync(onBoard(board, '/root/.ssh/authorized_keys'), readFileSync(temp.file('id.pub')));
    (await connectBoard(login)).close();
    const stranger = loginTo(board, { identity: temp.file('other'), password: undefined });
    await assert.rejects(connectBoard(stranger), refusal('BOARD_AUTH_FAILED', /no key was accepted/));
    // A key that the board does not know is followed by the password; so is an agent that is not there.
    (await connectBoard(loginTo(board, { identity: temp.file('other') }))).close();
    (await connectBoard(loginTo(board, { agent: temp.file('no-agent') }))).close();
  });

  it('names key files that cannot be used', async () => {
    const board = await boards();
    const using = (identity: string): ConnectOptions => loginTo(board, { identity: temp.file(identity) });
    await assert.rejects(connectBoard(using('none')), refusal('IDENTITY_UNREADABLE'));
    writeFileSync(temp.file('text'), 'no key');
    await assert.rejects(connectBoard(using('text')), refusal('IDENTITY_INVALID'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', temp.file('locked')]);
    await assert.rejects(connectBoard(using('locked')), refusal('IDENTITY_ENCRYPTED', /ssh-add/));
  });

  it('pins a host key, blocks a changed one before the password is asked for, and takes it on demand', async () => {
    const hostKeys = fileHostKeys(temp.file('sub/known.json'));
    const seen: string[] = [];
    const onNewHostKey: ConnectOptions['onNewHostKey'] = (key, replaces) =>
      seen.push(`${key.fingerprint} ${replaces?.fingerprint ?? 'new'}`);
    const root = temp.file('board');
    const first = await boards({ root });
    (await connectBoard({ ...loginTo(first), hostKeys, onNewHostKey })).close();
    (await connectBoard({ ...loginTo(first), hostKeys, onNewHostKey })).close();
    assert.deepEqual(seen, [`${first.fingerprint} new`]);
    const { port } = first;
    await first.stop();

    const again = await boards({ root, port });
    assert.equal(again.fingerprint, first.fingerprint, 'the key lies in the board’s files');
    await again.stop();

    const flashed = await boards({ root, port, faults: { newHostKey: true } });
    assert.notEqual(flashed.fingerprint, first.fingerprint);
    const login = { ...loginTo(flashed), hostKeys, onNewHostKey };
    const careful = { ...login, password: () => assert.fail('the password was asked for') };
    await assert.rejects(connectBoard(careful), refusal('HOST_KEY_CHANGED', /--accept-new-host-key/));
    await assert.rejects(connectBoard(login), refusal('HOST_KEY_CHANGED'), 'a refusal pins nothing');
    (await connectBoard({ ...login, acceptNewHostKey: true })).close();
    (await connectBoard(login)).close();
    assert.deepEqual(seen.slice(1), [`${flashed.fingerprint} ${first.fingerprint}`]);
  });

  it('does not take an unreadable list of known boards for an empty one', async () => {
    const board = await boards();
    writeFileSync(temp.file('known.json'), '{"half');
    const login = { ...loginTo(board), hostKeys: fileHostKeys(temp.file('known.json')) };
    await assert.rejects(connectBoard(login), refusal('HOST_KEYS_UNREADABLE'));
  });

  it('names a port where nobody listens, a server that is no SSH server and one that is silent', async () => {
    const board = await boards();
    await board.stop();
    await assert.rejects(connectBoard(loginTo(board)), refusal('BOARD_UNREACHABLE', /refused/));

    for (const greeting of ['HTTP/1.1 400 Bad Request\r\n\r\n', '']) {
      const server = createServer((socket) =>
        socket
          .resume()
          .on('error', () => undefined)
          .write(greeting),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await assert.rejects(connectBoard({ ...loginTo(board), port, timeoutMs: 300 }), refusal('BOARD_UNREACHABLE'));
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('gives a person all the time to type the password, and the board none of it', async () => {
    const board = await boards();
    const slowly = async (): Promise<string> => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return board.password;
    };
    (await connectBoard({ ...loginTo(board), password: slowly, timeoutMs: 500 })).close();
  });

  it('takes the question back when the board hangs up meanwhile', async () => {
    const board = await boards();
    let takenBack = false;
    const password = (signal: AbortSignal): Promise<undefined> =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          takenBack = true;
          resolve(undefined);
        });
        board.dropConnections();
      });
    const login = connectBoard({ ...loginTo(board), password });
    await assert.rejects(login, refusal('BOARD_UNREACHABLE', /closed the connection while it waited for the password/));
    assert.ok(takenBack);
  });

  it('can be cancelled while logging in and while a command runs', async () => {
    const board = await boards();
    const early = new AbortController();
    const password = (): Promise<undefined> => {
      early.abort();
      return new Promise(() => undefined);
    };
    await assert.rejects(connectBoard({ ...loginTo(board), password, signal: early.signal }), refusal('CANCELLED'));

    const connection = await connectBoard(loginTo(board));
    const late = new AbortController();
    const sleeping = connection.run(['sleep', '30'], late.signal);
    setTimeout(() => late.abort(), 50);
    await assert.rejects(sleeping, refusal('CANCELLED'));
    assert.equal((await connection.run(['true'])).status, 0, 'the connection can still be used');
    connection.close();
  });

  it('reports a link that breaks during a command, and after it', async () => {
    const board = await boards();
    const connection = await connectBoard({ ...loginTo(board), hostKeys: memoryHostKeys() });
    const sleeping = connection.run(['sleep', '30']);
    setTimeout(() => board.dropConnections(), 50);
    await assert.rejects(sleeping, refusal('BOARD_LINK_LOST'));
    await assert.rejects(connection.run(['true']), refusal('BOARD_LINK_LOST'));
    assert.ok(connection.closed);
  });
});
