import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { useBoards, writeModel } from '../support/boards';
import { maixcam, PROGRAM } from '../support/cli';
import { unpackModel, YOLOV8 } from '../support/model-files';
import { renameTensors, setMetadata } from '../support/onnx-rewrite';
import { useTempFolder } from '../support/temp-folder';

/** Runs a line of sh in which `maixcam` is the built program. */
function shell(line: string, cwd: string): Promise<{ status: number | null; stderr: string }> {
  const text = `maixcam() { '${process.execPath}' '${PROGRAM}' "$@"; }\n${line}`;
  const child = spawn('sh', ['-c', text], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stderr }));
  });
}

describe('output of the terminal program', function () {
  this.timeout(30_000);
  const folder = useTempFolder();
  const boards = useBoards();
  beforeEach(() => {
    unpackModel(folder.path, YOLOV8);
  });

  describe('that nobody reads', () => {
    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    for (const args of ['onnx model.onnx --json', 'onnx model.onnx', '--help', 'onnx gone.onnx --json']) {
      it(`ends the program without a word: ${args}`, async () => {
        const status = '{ maixcam ARGS; echo "status $?" >&2; } | true'.replace('ARGS', args);
        const { stderr } = await shell(status, folder.path);
        assert.match(stderr, /^status [01]\n$/);
      });
    }

    it('costs only the progress where it is stderr', async () => {
      const line = '{ maixcam new shapes --json > result.json; echo $? > status; } 2>&1 | true; wait';
      await shell(`${line}; while [ ! -s status ]; do sleep 0.1; done`, folder.path);
      assert.equal(readFileSync(folder.file('status'), 'utf8'), '0\n');
      assert.ok(JSON.parse(readFileSync(folder.file('result.json'), 'utf8')));
      assert.ok(existsSync(folder.file('shapes')));
    });

    it('cancels a command that keeps running', async () => {
      const { stderr } = await shell('maixcam simulate-board | true', folder.path);
      assert.doesNotMatch(stderr, /EPIPE|Unhandled|at /);
    });
  });

  it('tells a result that could not be stored', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const { status, stderr } = await shell('maixcam onnx model.onnx --json > /dev/full', folder.path);
    assert.equal(status, 1);
    assert.match(stderr, /^Error: The output could not be written: .*no space left/i);
  });

  it('shows the control characters of a model instead of sending them', async () => {
    const evil = '\u001b]0;owned\u0007\u009b2J';
    const model = renameTensors(readFileSync(folder.file('model.onnx')), (name) => `${name}${evil}`);
    const names = `{0: 'circle${evil}', 1: 'square', 2: 'triangle'}`;
    writeFileSync(folder.file('evil.onnx'), setMetadata(model, { task: 'detect', names, description: evil }));
    const calls = [
      ['onnx', 'evil.onnx'],
      ['inspect', 'evil.onnx'],
      ['outputs', 'evil.onnx', '--board', 'maixcam'],
      ['cut', 'evil.onnx', '-o', 'out.onnx', '--outputs', `gone${evil}`],
    ];
    for (const args of calls) {
      for (const style of [[], ['--json'], ['--progress', 'json']]) {
        const { stdout, stderr } = await maixcam([...args, ...style], { cwd: folder.path });
        // eslint-disable-next-line no-control-regex -- control characters are what this is about
        assert.doesNotMatch(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/, args.join(' '));
        assert.match(stdout + stderr, /(\\x1b|\\u001b)\]0;owned/, `${args.join(' ')}: the name is shown`);
      }
    }
    const { json } = await maixcam(['onnx', 'evil.onnx', '--json'], { cwd: folder.path });
    assert.equal((json?.metadata as Record<string, string>).description, evil);
  });

  describe('on stderr with --progress json', () => {
    const lines = async (args: readonly string[]): Promise<readonly Record<string, unknown>[]> => {
      const { stderr } = await maixcam([...args, '--progress', 'json'], { cwd: folder.path });
      const written = stderr === '' ? [] : stderr.trimEnd().split('\n');
      return written.map((line) => JSON.parse(line) as Record<string, unknown>);
    };

    it('is JSON for a failure and for wrong usage', async () => {
      const failure = (await lines(['onnx', 'gone.onnx'])).at(-1)?.error as Record<string, string>;
      assert.match(failure.message ?? '', /gone\.onnx/);
      assert.ok(failure.code && failure.hint);
      const usage = (await lines(['onnx', 'model.onnx', '--fast'])).at(-1)?.error as Record<string, string>;
      assert.equal(usage.code, 'USAGE');
      assert.equal((await lines([])).length, 1, 'no help text');
      assert.deepEqual(await lines(['onnx', 'gone.onnx', '--json']), [], 'the document is on stdout');
    });

    it('is JSON for a line that a person is told', async () => {
      const board = await boards();
      const { stderr } = await maixcam(
        ['push', writeModel(folder.path), '--host', `${board.host}:${board.port}`, '--json', '--progress', 'json'],
        { env: { MAIXCAM_CONFIG_DIR: folder.file('config'), MAIXCAM_PASSWORD: board.password, SSH_AUTH_SOCK: '' } },
      );
      const told = stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { say?: string });
      assert.ok(told.some(({ say }) => say?.includes(board.fingerprint) === true));
    });
  });
});
