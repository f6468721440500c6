import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runPythonProgram, type ProgramEvent } from '../../../client/src/host/python/program';
import type { PythonEnvironment } from '../../../client/src/host/python/variables';
import { realPython } from './real-python';
import { failure } from '../../support/failure';

describe('Python programs and their events', function () {
  this.timeout(30_000);
  let folder: string;
  let environment: PythonEnvironment;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    const python = await realPython();
    environment = {
      kind: 'train',
      python: python.path,
      pythonVersion: python.version,
      folder: path.dirname(path.dirname(python.path)),
      managed: false,
      packages: {},
      versionKey: '',
    };
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'programs ü '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes a program whose `main(config, events)` has this body. */
  function write(body: string): void {
    const lines = body.split('\n').map((line) => `    ${line}`);
    writeFileSync(
      path.join(folder, 'program.py'),
      `import sys, time, os
sys.dont_write_bytecode = True
sys.path.insert(0, ${JSON.stringify(path.resolve('client/python'))})
from reporting import Problem, run_program
def main(config, events):
${lines.join('\n')}
run_program(main)
`,
    );
  }

  const run = (more: { config?: unknown; signal?: AbortSignal; onEvent?: (event: ProgramEvent) => void } = {}) =>
    runPythonProgram({
      environment,
      program: 'program.py',
      config: {},
      cwd: folder,
      programsFolder: folder,
      logFile: path.join(folder, 'log.txt'),
      ...more,
    });

  it('get their configuration and give their result; what is no number becomes null', async () => {
    write(`events.send("note", text=config["text"], value=float("nan"))
print("for the log")
return {"answer": 42}`);
    const events: ProgramEvent[] = [];
    const done = await run({ config: { text: 'Zürich 图' }, onEvent: (event) => events.push(event) });
    assert.deepEqual(events, [{ event: 'note', text: 'Zürich 图', value: null }]);
    assert.equal(done.answer, 42);
    assert.match(readFileSync(path.join(folder, 'log.txt'), 'utf8'), /for the log/);
  });

  it('are heard within 200 ms', async () => {
    write(`for _ in range(8):
    events.send("tick", at=time.time())
    time.sleep(0.07)
return {}`);
    const late: number[] = [];
    await run({ onEvent: (event) => late.push(Date.now() - Number(event.at) * 1000) });
    assert.equal(late.length, 8);
    late.sort((a, b) => a - b);
    assert.ok(late[4]! <= 200, `median ${late[4]!} ms`);
  });

  it('tell their failures in words', async () => {
    write('raise Problem("SAMPLE", "It happened.", "Do this.")');
    const expected = await failure(run());
    assert.deepEqual([expected.code, expected.message, expected.hint], ['SAMPLE', 'It happened.', 'Do this.']);
    write('raise ValueError("first\\nsecond")');
    const unexpected = await failure(run());
    assert.equal(unexpected.code, 'PROGRAM_FAILED');
    assert.match(unexpected.message, /ValueError: second/);
    assert.match(readFileSync(path.join(folder, 'log.txt'), 'utf8'), /Traceback/);
  });

  it('may be killed or end without a word', async () => {
    write('os.kill(os.getpid(), 9)');
    assert.equal((await failure(run())).code, 'PROGRAM_KILLED');
    write('print("last words", flush=True); os._exit(3)');
    const silent = await failure(run());
    assert.equal(silent.code, 'PROGRAM_FAILED');
    assert.match(silent.message, /status 3: last words/);
  });

  it('are cancelled, clean up, and say so', async () => {
    write(`events.send("ready")
try:
    time.sleep(60)
finally:
    open("cleaned", "w").close()`);
    const abort = new AbortController();
    const error = await failure(run({ signal: abort.signal, onEvent: () => abort.abort() }));
    assert.equal(error.kind, 'cancelled');
    assert.ok(existsSync(path.join(folder, 'cleaned')));
  });

  it('end with the program that started them', async () => {
    write('open("pid", "w").write(str(os.getpid()))\ntime.sleep(60)');
    writeFileSync(path.join(folder, 'config.json'), '{}');
    const script = `'${environment.python}' program.py --config config.json --events events.jsonl & wait`;
    const host = spawn('/bin/sh', ['-c', script], { cwd: folder, stdio: 'ignore' });
    const pidFile = path.join(folder, 'pid');
    while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await delay(20);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    assert.ok(lives(pid));
    host.kill('SIGKILL');
    const until = Date.now() + 5000;
    while (lives(pid) && Date.now() < until) await delay(50);
    assert.equal(lives(pid), false);
  });
});

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
