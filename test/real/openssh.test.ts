import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { connectBoard } from '../../client/src/host/board/connection';
import type { EmbeddedBoard } from '../../client/src/host/board/embedded';
import { memoryHostKeys } from '../../client/src/host/board/host-keys';
import { openLocalModel } from '../../client/src/host/board/local-model';
import { pushModel } from '../../client/src/host/board/push';
import { freeSpace, remoteHashes } from '../../client/src/host/board/remote-files';
import { uploadFile } from '../../client/src/host/board/upload';
import { onBoard, sha256Of, useBoards, writeModel } from '../support/boards';
import { useTempFolder } from '../support/temp-folder';

const execute = promisify(execFile);
const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find((file) => existsSync(file));

describe('our client with an OpenSSH server', () => {
  const temp = useTempFolder();
  let server: ChildProcess | undefined;
  let port = 0;

  before(function () {
    if (SSHD === undefined) this.skip();
  });

  beforeEach(async () => {
    port = await freePort();
    for (const name of ['host', 'id']) {
      execFileSync('ssh-keygen', ['-q', '-t', name === 'host' ? 'ecdsa' : 'ed25519', '-N', '', '-f', temp.file(name)]);
    }
    // sshd reads its options word by word, and the folder's name has blanks.
    const quoted = (name: string): string => `"${temp.file(name)}"`;
    writeFileSync(temp.file('authorized'), readFileSync(temp.file('id.pub')));
    writeFileSync(
      temp.file('config'),
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${quoted('host')}`,
        `AuthorizedKeysFile ${quoted('authorized')}`,
        `PidFile ${quoted('pid')}`,
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'PermitRootLogin yes',
        'Subsystem sftp internal-sftp',
        '',
      ].join('\n'),
    );
    // Where sshd separates privileges it wants this empty folder of the system.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    server = spawn(SSHD ?? '', ['-D', '-e', '-f', temp.file('config')], { stdio: 'ignore' });
    await answering(port);
  });

  afterEach(async () => {
    const ended = server;
    if (ended?.exitCode !== null) return;
    await new Promise((resolve) => {
      ended.on('exit', resolve);
      ended.kill('SIGTERM');
    });
  });

  const login = () =>
    connectBoard({
      host: '127.0.0.1',
      port,
      user: os.userInfo().username,
      identity: temp.file('id'),
      hostKeys: memoryHostKeys(),
    });

  it('logs in by key and sees the fingerprint that ssh-keygen shows', async () => {
    const connection = await login();
    const shown = execFileSync('ssh-keygen', ['-l', '-f', temp.file('host.pub')], { encoding: 'utf8' });
    assert.equal(connection.fingerprint, shown.split(' ')[1]);
    connection.close();
  });

  it('passes every argument through a real shell unchanged', async () => {
    const connection = await login();
    const args = ["it's", 'a  b', '$HOME `id` "x" \\', '*', '图', '', '-n', '~', 'a;b&&c|d>e'];
    const { stdout, status } = await connection.run(['printf', '%s\\n', ...args]);
    assert.equal(status, 0);
    assert.deepEqual(stdout.split('\n').slice(0, -1), args);
    assert.equal((await connection.run(['sh', '-c', 'exit 7'])).status, 7);
    connection.close();
  });

  it('uploads 20 MB that arrive whole, and reads free space and hashes', async () => {
    const connection = await login();
    writeModel(temp.path, 'big', 20_000_000);
    const remote = temp.file('arrived.bin');
    const sent = await uploadFile(await connection.sftp(), temp.file('big.cvimodel'), remote, connection);
    assert.equal(sent.bytes, 20_000_000);
    assert.equal(sent.sha256, sha256Of(remote));
    assert.deepEqual([...(await remoteHashes(connection, [remote, '/no/such'])).entries()], [[remote, sent.sha256]]);
    assert.ok((await freeSpace(connection, temp.file('not/yet/there'))) > 0);
    connection.close();
  });

  it('pushes a model: sends, leaves unchanged, replaces', async () => {
    // This machine is no board: the plan is asked of one, and only the identity is its own.
    const connection = await login();
    const like = {
      ...connection,
      closed: false,
      lost: connection.lost,
      address: connection.address,
      fingerprint: connection.fingerprint,
      run: (args: readonly string[]) => connection.run(args[1] === '/boot/board' ? ['echo', 'id=maixcam'] : args),
      runAll: (commands: readonly (readonly string[])[]) => connection.runAll(commands),
      sftp: () => connection.sftp(),
      close: () => connection.close(),
    };
    const target = temp.file('models');
    const mud = writeModel(temp.file('local'));
    const push = () => {
      const model = openLocalModel(mud, target);
      return pushModel({ connection: like, plan: model.plan, folder: model.folder });
    };
    const actions = async (): Promise<string[]> => (await push()).files.map((file) => file.action);
    assert.deepEqual(await actions(), ['sent', 'sent', 'sent']);
    assert.deepEqual(await actions(), ['unchanged', 'unchanged', 'unchanged']);
    writeModel(temp.file('local'));
    assert.deepEqual(await actions(), ['sent', 'unchanged', 'unchanged']);
    assert.deepEqual(readdirSync(target).sort(), ['shapes.cvimodel', 'shapes.mud', 'shapes.txt']);
    connection.close();
  });
});

describe('OpenSSH clients with the embedded board', () => {
  const boards = useBoards();
  const temp = useTempFolder();

  before(function () {
    if (SSHD === undefined) this.skip();
  });

  async function boardWithKey(): Promise<EmbeddedBoard> {
    const board = await boards();
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', temp.file('id')]);
    writeFileSync(onBoard(board, '/root/.ssh/authorized_keys'), readFileSync(temp.file('id.pub')));
    return board;
  }

  const options = (): string[] => [
    ...['-F', 'none', '-i', temp.file('id'), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
    ...['-o', 'StrictHostKeyChecking=accept-new', '-o', `UserKnownHostsFile="${temp.file('known')}"`],
    ...['-o', 'LogLevel=ERROR'],
  ];

  it('ssh runs commands, passes input and exit status, and pins the fingerprint', async () => {
    const board = await boardWithKey();
    const ssh = (command: string) =>
      execute('ssh', ['-p', String(board.port), ...options(), 'root@127.0.0.1', command]);
    assert.equal((await ssh('cat /boot/ver && uname -m')).stdout.split('\n')[1], 'riscv64');
    await assert.rejects(ssh('exit 7'), { code: 7 });
    await assert.rejects(ssh('modprobe x'), (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 127);
      assert.match(error.stderr, /modprobe: not found/);
      return true;
    });
    const piped = execute('ssh', ['-p', String(board.port), ...options(), 'root@127.0.0.1', 'cat > /tmp/in']);
    piped.child.stdin?.end('from here\n');
    await piped;
    assert.equal(readFileSync(onBoard(board, '/tmp/in'), 'utf8'), 'from here\n');
    const shown = execFileSync('ssh-keygen', ['-l', '-f', temp.file('known')], { encoding: 'utf8' });
    assert.ok(shown.includes(board.fingerprint));
  });

  it('ssh without a command gets a shell', async () => {
    const board = await boardWithKey();
    const shell = execute('ssh', ['-T', '-p', String(board.port), ...options(), 'root@127.0.0.1']);
    shell.child.stdin?.end('cd models\npwd\nls *\nexit 0\n');
    assert.match((await shell).stdout, /^\/root\/models\n/);
  });

  it('scp copies in and out', async () => {
    const board = await boardWithKey();
    writeModel(temp.path, 'm', 3_000_000);
    const scp = (from: string, to: string) => execute('scp', ['-q', '-P', String(board.port), ...options(), from, to]);
    await scp(temp.file('m.cvimodel'), 'root@127.0.0.1:/root/models/');
    await scp('root@127.0.0.1:models/m.cvimodel', temp.file('back'));
    assert.equal(sha256Of(temp.file('back')), sha256Of(temp.file('m.cvimodel')));
  });

  it('sftp puts, gets, lists, renames, links, removes, and reports errors', async () => {
    const board = await boardWithKey();
    writeModel(temp.path, 'm', 1_000_000);
    const sftp = (lines: readonly string[]) => {
      const run = execute('sftp', ['-q', '-b', '-', '-P', String(board.port), ...options(), 'root@127.0.0.1']);
      run.child.stdin?.end(`${lines.join('\n')}\n`);
      return run;
    };
    const { stdout } = await sftp([
      'mkdir /tmp/d',
      `put "${temp.file('m.cvimodel')}" /tmp/d/a`,
      'rename /tmp/d/a /tmp/d/b',
      'chmod 600 /tmp/d/b',
      'ln -s b /tmp/d/l',
      'ls -l /tmp/d',
      `get /tmp/d/l "${temp.file('back')}"`,
      'rm /tmp/d/l',
      'rm /tmp/d/b',
      'rmdir /tmp/d',
      'pwd',
    ]);
    assert.match(stdout, /-rw-------.* 1000000 .* b\n/);
    assert.match(stdout, /Remote working directory: \/root\n/);
    assert.equal(sha256Of(temp.file('back')), sha256Of(temp.file('m.cvimodel')));
    assert.equal(existsSync(onBoard(board, '/tmp/d')), false);
    await assert.rejects(sftp(['ls /no/such']), { code: 1 });
    await sftp(['ln -s /../../../../../../etc /tmp/out', 'mkdir /tmp/out/inside']);
    assert.ok(existsSync(onBoard(board, '/etc/inside')), 'a link to / is the board’s /');
    // rename(2) of the real server does not replace either.
    await assert.rejects(sftp(['rename /boot/ver /boot/board']), { code: 1 });
  });

  it('sftp meets a full and a read-only disk', async () => {
    const board = await boardWithKey();
    writeModel(temp.path, 'm', 1_000_000);
    const put = () => {
      const run = execute('sftp', ['-q', '-b', '-', '-P', String(board.port), ...options(), 'root@127.0.0.1']);
      run.child.stdin?.end(`put "${temp.file('m.cvimodel')}" /tmp/m\n`);
      return run;
    };
    board.faults.capacityBytes = 500_000;
    await assert.rejects(put(), (error: { stderr: string }) => error.stderr.includes('Failure'));
    delete board.faults.capacityBytes;
    board.faults.readOnly = true;
    await assert.rejects(put(), (error: { stderr: string }) => error.stderr.includes('Failure'));
    delete board.faults.readOnly;
    await put();
    assert.equal(path.basename(onBoard(board, '/tmp/m')), 'm');
  });
});

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until a server accepts connections, for at most five seconds. */
async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.on('connect', () => socket.destroy());
      socket.on('error', () => resolve(false));
      socket.on('close', (failed) => resolve(!failed));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server did not start');
}
