import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../server/src/core/problems/app-error';
import { childEnvironment } from '../../../client/src/host/process/environment';
import type { OutputLine } from '../../../client/src/host/process/lines';
import { runProcess, type RunOptions } from '../../../client/src/host/process/run';

describe('runProcess', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mücam run '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const node = (code: string, more: Partial<RunOptions> = {}): RunOptions => ({
    command: process.execPath,
    args: ['-e', code],
    cwd: folder,
    env: childEnvironment(process.env),
    ...more,
  });

  it('gives exit status, lines of both streams, tail and log', async () => {
    const lines: OutputLine[] = [];
    const logFile = path.join(folder, 'run.log');
    const code =
      "process.stdout.write('one\\r\\ntwo\\r'); process.stdout.write('züri 图\\n'); console.error('bad'); process.exit(3)";
    const result = await runProcess(node(code, { logFile, onLine: (line) => lines.push(line) }));
    assert.equal(result.exitCode, 3);
    assert.equal(result.cancelled, false);
    assert.deepEqual(
      lines.filter((line) => line.stream === 'stdout'),
      [
        { text: 'one', end: 'crlf', stream: 'stdout' },
        { text: 'two', end: 'cr', stream: 'stdout' },
        { text: 'züri 图', end: 'lf', stream: 'stdout' },
      ],
    );
    assert.deepEqual(
      lines.filter((line) => line.stream === 'stderr'),
      [{ text: 'bad', end: 'lf', stream: 'stderr' }],
    );
    assert.match(result.tail, /züri 图/);
    assert.match(readFileSync(logFile, 'utf8'), /two\rzüri 图\n/);
    await runProcess(node("console.log('again')", { logFile }));
    assert.match(readFileSync(logFile, 'utf8'), /züri 图[^]*again\n$/);
  });

  it('passes arguments without a shell', async () => {
    const strange = ['a b', '$HOME', '"; touch x', "it's", '*', ''];
    const lines: string[] = [];
    const result = await runProcess({
      ...node('console.log(JSON.stringify(process.argv.slice(1)))', { onLine: (line) => lines.push(line.text) }),
      args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...strange],
    });
    assert.equal(result.exitCode, 0);
    assert.deepEqual(JSON.parse(lines[0]!), strange);
  });

  it('inherits nothing', async () => {
    process.env.MAIXCAM_PASSWORD = 'root';
    try {
      const result = await runProcess(
        node('console.log(Object.keys(process.env).sort().join())', { env: { ONLY: '1' } }),
      );
      assert.equal(result.tail, 'MAIXCAM_RUN,ONLY');
    } finally {
      delete process.env.MAIXCAM_PASSWORD;
    }
  });

  it('names a program that does not exist, one that cannot run, and a missing folder', async () => {
    const code = (wanted: string, kind: string) => (error: unknown) => {
      assert.ok(error instanceof AppError, String(error));
      assert.equal(error.code, wanted);
      assert.equal(error.kind, kind);
      return true;
    };
    await assert.rejects(
      runProcess({ ...node(''), command: 'no-such-program-here' }),
      code('PROCESS_NOT_FOUND', 'missing-tool'),
    );
    const plain = path.join(folder, 'plain.txt');
    writeFileSync(plain, 'text');
    await assert.rejects(runProcess({ ...node(''), command: plain }), code('PROCESS_NOT_EXECUTABLE', 'missing-tool'));
    await assert.rejects(
      runProcess(node('', { cwd: path.join(folder, 'gone') })),
      code('PROCESS_NO_FOLDER', 'problem'),
    );
  });

  it('tells the signal that ended a program', async () => {
    const result = await runProcess(node("process.kill(process.pid, 'SIGKILL')"));
    assert.equal(result.exitCode, null);
    assert.equal(result.signal, 'SIGKILL');
    assert.equal(result.cancelled, false);
  });

  it('does not start when it is cancelled before', async () => {
    const signal = AbortSignal.abort();
    const result = await runProcess(node(`require('fs').writeFileSync('made', '')`, { signal }));
    assert.equal(result.cancelled, true);
    assert.equal(existsSync(path.join(folder, 'made')), false);
  });

  it('does not start when it is cancelled while it prepares', async () => {
    const abort = new AbortController();
    const run = runProcess(node(`require('fs').writeFileSync('made', '')`, { signal: abort.signal }));
    abort.abort();
    assert.equal((await run).cancelled, true);
    assert.equal(existsSync(path.join(folder, 'made')), false);
  });

  it('lets a program clean up on SIGINT', async () => {
    const abort = new AbortController();
    const code =
      "process.on('SIGINT', () => { require('fs').writeFileSync('cleaned', ''); process.exit(130) }); console.log('ready'); setInterval(() => {}, 1000)";
    const result = await runProcess(node(code, { signal: abort.signal, onLine: () => abort.abort() }));
    assert.equal(result.cancelled, true);
    assert.equal(result.exitCode, 130);
    assert.ok(existsSync(path.join(folder, 'cleaned')));
  });

  it('ends what takes too long', async () => {
    const result = await runProcess(node('setInterval(() => {}, 1000)', { timeoutMs: 300, graceMs: 200 }));
    assert.equal(result.timedOut, true);
    assert.equal(result.cancelled, false);
    assert.ok(result.seconds < 5);
  });

  it('leaves no process of a stubborn tree alive, not even one that became a daemon', async function () {
    if (process.platform === 'win32') this.skip();
    this.timeout(20_000);
    // A root that ignores the polite signals; a child in the group; a child in a group of its own; and a daemon: started
    // by a process that ends at once, in its own session, with its output elsewhere. Each writes its process id.
    const stubborn =
      "for (const s of ['SIGINT','SIGTERM','SIGHUP']) process.on(s, () => {}); setInterval(() => {}, 1000);";
    const note = (name: string): string => `require('fs').writeFileSync('${name}.pid', String(process.pid));`;
    const spawn = (code: string, detached: boolean): string =>
      `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(code)}], { stdio: 'ignore', detached: ${detached} }).unref();`;
    const daemon = spawn(note('daemon') + stubborn, true);
    const code =
      spawn(note('child') + stubborn, false) +
      spawn(note('own-group') + stubborn, true) +
      spawn(daemon, true) +
      note('root') +
      stubborn;
    const abort = new AbortController();
    const run = runProcess(node(code, { signal: abort.signal, graceMs: 150 }));
    const names = ['root', 'child', 'own-group', 'daemon'];
    const pidFile = (name: string): string => path.join(folder, `${name}.pid`);
    while (!names.every((name) => existsSync(pidFile(name)) && readFileSync(pidFile(name), 'utf8') !== ''))
      await delay(20);
    const pids = names.map((name) => Number(readFileSync(pidFile(name), 'utf8')));
    for (const pid of pids) assert.ok(lives(pid), 'the tree stands before the cancel');
    abort.abort();
    const result = await run;
    assert.equal(result.cancelled, true);
    assert.equal(result.signal, 'SIGKILL');
    if (process.platform === 'linux') for (const [at, pid] of pids.entries()) assert.ok(!lives(pid), names[at]);
  });

  it('holds up a program that prints faster than its log is written', async function () {
    if (process.platform === 'win32') this.skip();
    this.timeout(60_000);
    const logFile = path.join(folder, 'slow.log');
    execFileSync('mkfifo', [logFile]);
    const written = drink(logFile);
    const line = 'x'.repeat(999);
    const lines = 200_000;
    const code = `const line = '${line}\\n'.repeat(100); let left = ${lines / 100};
      const more = () => { while (left-- > 0) if (!process.stdout.write(line)) return process.stdout.once('drain', more); };
      more();`;
    let count = 0;
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    const onLine = ({ text }: OutputLine): void => {
      assert.equal(text.length, line.length);
      if (count % 1000 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      count += 1;
    };
    const result = await runProcess(node(code, { logFile, onLine }));
    assert.equal(result.exitCode, 0);
    assert.equal(count, lines, 'every line was seen');
    assert.ok(most < 16 << 20, `held ${most >> 20} MiB`);
    const size = await written;
    assert.ok(size >= 64 << 20 && size < 65 << 20, `the log took ${size} bytes`);
  });

  it('goes on where the log cannot be written', async () => {
    const logFile = path.join(folder, 'gone', 'run.log');
    const code = "process.stdout.write(('y'.repeat(99) + '\\n').repeat(50_000))";
    let count = 0;
    const result = await runProcess(node(code, { logFile, onLine: () => (count += 1) }));
    assert.equal(result.exitCode, 0);
    assert.equal(count, 50_000);
    assert.equal(existsSync(path.join(folder, 'gone')), false);
  });

  it('ends what a program leaves behind, and does not wait for its pipe', async function () {
    if (process.platform === 'win32') this.skip();
    const left = 'setInterval(() => {}, 1000)';
    const code = `const c = require('child_process').spawn(process.execPath, ['-e', '${left}'], { stdio: 'inherit', detached: true }); c.unref(); console.log(c.pid); process.exit(0)`;
    const result = await runProcess(node(code));
    assert.equal(result.exitCode, 0);
    assert.ok(result.seconds < 5);
    if (process.platform === 'linux') assert.ok(!lives(Number(result.tail)));
  });
});

/** Reads a named pipe to its end in small sips, and gives the number of bytes. */
async function drink(pipe: string): Promise<number> {
  const handle = await open(pipe, 'r');
  try {
    const sip = Buffer.alloc(4096);
    for (let total = 0; ;) {
      const { bytesRead } = await handle.read(sip);
      if (bytesRead === 0) return total;
      total += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** A process that has ended but was not collected by its parent does not live. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
