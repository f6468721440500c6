import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { errorOf, maixcam, maixcamEach, type CliEnd } from '../support/cli';
import { unpackModel, YOLOV8 } from '../support/model-files';
import { processesMentioning } from '../support/processes';

const COMMANDS = [
  'new',
  'run',
  'train',
  'export',
  'convert',
  'mud',
  'onnx',
  'outputs',
  'cut',
  'verify',
  'inspect',
  'push',
  'simulate-board',
  'env',
  'decode',
];

describe('terminal program', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam términal '));
  const cwd = folder;
  before(() => {
    unpackModel(folder, YOLOV8);
    mkdirSync(path.join(folder, 'pictures'));
    writeFileSync(
      path.join(folder, 'r.maixcam.yaml'),
      'board: maixcam\nonnx: model.onnx\nconvert: { calibration: { folder: pictures } }\n',
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe('help', () => {
    it('lists every command', async () => {
      const { status, stdout } = await maixcam(['--help']);
      assert.equal(status, 0);
      const listed = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z][\w-]*)/gm)].map(
        ([, name]) => name,
      );
      for (const command of COMMANDS) assert.ok(listed.includes(command), `${command} is not in the help`);
      assert.match(stdout, /\nExamples:\n {2}maixcam new /);
    });

    it('of every command has an example and fits the terminal', async () => {
      const ends = await maixcamEach(COMMANDS.map((command) => [command, '--help']));
      for (const [index, { status, stdout, stderr }] of ends.entries()) {
        assert.equal(status, 0);
        assert.equal(stderr, '');
        assert.match(stdout, new RegExp(`\\nExamples?:\\n.*maixcam ${COMMANDS[index]}`));
        assert.match(stdout, /--json/);
        for (const line of stdout.split('\n')) assert.ok(line.length <= 80, `${line.length} columns: ${line}`);
      }
    });

    it('tells the version', async () => {
      const { status, stdout } = await maixcam(['--version']);
      assert.equal(status, 0);
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    });
  });

  describe('wrong usage', () => {
    const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
      ['no command', [], /No command was given/],
      ['an unknown command', ['outptus'], /Unknown command 'outptus'/],
      ['an unknown option', ['onnx', 'model.onnx', '--fast'], /Unknown option '--fast'/],
      ['a missing argument', ['onnx'], /Missing required argument 'file'/],
      ['a missing option', ['outputs', 'model.onnx'], /--board/],
      [
        'a board that does not exist',
        ['outputs', 'model.onnx', '--board', 'maixcam3'],
        /maixcam, maixcam-pro, maixcam2/,
      ],
      [
        'two options that exclude each other',
        ['cut', 'a', '-o', 'b', '--outputs', 'x', '--board', 'maixcam'],
        /cannot be used/,
      ],
      ['a cut to nothing', ['cut', 'model.onnx', '-o', 'cut.onnx'], /outputs/],
      [
        'a cut onto its original',
        ['cut', 'model.onnx', '-o', 'model.onnx', '--board', 'maixcam'],
        /original would be lost/,
      ],
      ['a recipe that is not there', ['run', 'gone.maixcam.yaml'], /no file at gone/],
      ['a folder as the recipe', ['run', 'pictures'], /is a folder/],
      ['a model as the recipe', ['run', 'model.onnx'], /ends in \.maixcam\.yaml/],
      ['a step that does not exist', ['run', 'r.maixcam.yaml', '--until', 'bake'], /check, train, export/],
      ['an environment that does not exist', ['env', 'create', 'bake'], /no environment called bake/],
      ['an action that does not exist', ['env', 'bake'], /does not know the action/],
      ['an environment without a name', ['env', 'create'], /needs the name/],
      ['a push without a board', ['push', 'shapes.mud'], /No board/],
      ['an address that is none', ['push', 'shapes.mud', '--host', 'board:99999'], /no address/],
      ['a port that is none', ['simulate-board', '--port', 'ssh'], /no TCP port/],
      ['a sample that cannot be drawn', ['new', 'x', '--task', 'segment'], /no drawn sample/],
    ];
    let ends: readonly CliEnd[] = [];
    before(async () => {
      ends = await maixcamEach(
        cases.map(([, args]) => [...args, '--json']),
        { cwd },
      );
    });
    for (const [index, [title, , message]] of cases.entries()) {
      it(title, () => {
        const end = ends[index];
        assert.ok(end !== undefined);
        assert.equal(end.status, 2, end.stdout);
        assert.match(errorOf(end).message, message);
        assert.match(errorOf(end).message, /[^.]\.$/, 'a sentence');
        assert.ok(errorOf(end).hint.length > 10, errorOf(end).hint);
      });
    }

    it('is told to a person on stderr, with the next action', async () => {
      const end = await maixcam(['run', 'gone.maixcam.yaml'], { cwd });
      assert.equal(end.status, 2);
      assert.equal(end.stdout, '');
      assert.match(end.stderr, /^Error: There is no file at gone\.maixcam\.yaml\.\n.*maixcam new/);
    });
  });

  it('understands --json before and after the name of the command', async () => {
    const args = ['onnx', 'model.onnx'];
    const [before, after] = await Promise.all([
      maixcam(['--json', ...args], { cwd }),
      maixcam([...args, '--json'], { cwd }),
    ]);
    assert.ok(before.json !== null);
    assert.equal(before.stdout, after.stdout);
  });

  it('reports progress on stderr only, one JSON object a line where asked', async () => {
    const run = ['run', 'r.maixcam.yaml', '--until', 'cut', '--force', '--json'];
    for (const args of [
      ['--progress', 'json', ...run],
      [...run, '--progress', 'json'],
    ]) {
      const end = await maixcam(args, { cwd });
      assert.equal(end.status, 0, end.stderr);
      assert.ok(end.json !== null, end.stdout);
      const lines = end.stderr.trimEnd().split('\n');
      const events = lines.map(
        (line) => JSON.parse(line) as { step: string; fraction: number | null; message: string },
      );
      assert.ok(events.some((event) => event.step === 'cut'));
      for (const { step, fraction, message } of events) {
        assert.equal(typeof step, 'string');
        assert.equal(typeof message, 'string');
        assert.ok(fraction === null || (fraction >= 0 && fraction <= 1));
      }
    }
    const plain = await maixcam(run, { cwd });
    assert.match(plain.stderr, /^cut: verifying$/m);
    assert.ok(plain.json !== null, plain.stdout);
  });

  it('writes no colours and no control characters with NO_COLOR, nor into a pipe', async () => {
    for (const env of [{ NO_COLOR: '1' }, {}]) {
      for (const args of [
        ['outputs', 'model.onnx', '--board', 'maixcam'],
        ['run', 'gone.maixcam.yaml'],
      ]) {
        const { stdout, stderr } = await maixcam(args, { cwd, env });
        // eslint-disable-next-line no-control-regex -- escape sequences are what this is about
        assert.doesNotMatch(stdout + stderr, /[\u0000-\u0008\u000b-\u001f]/);
      }
    }
  });

  it('ends with 4 on Ctrl-C and leaves nothing half-made', async () => {
    const sample = path.join(folder, 'cancelled');
    const end = await maixcam(['new', sample, '--json'], {
      onStderr: (written, child) => {
        if (written.includes('drawing') && !child.killed) child.kill('SIGINT');
      },
    });
    assert.equal(end.status, 4, end.stdout);
    assert.equal(errorOf(end).code, 'CANCELLED');
    assert.ok(!existsSync(sample), 'half a sample was left');
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('cancelled')),
      [],
    );
    assert.deepEqual(processesMentioning(folder), []);
  });

  it('cancels a verification and its engine', async () => {
    const end = await maixcam(['verify', 'model.onnx', '--against', 'model.onnx', '--json'], {
      cwd,
      onStderr: (written, child) => {
        if (written.includes('running') && !child.killed) child.kill('SIGINT');
      },
    });
    assert.equal(end.status, 4, end.stdout);
    assert.equal(errorOf(end).code, 'CANCELLED');
    assert.deepEqual(processesMentioning(folder), []);
  });
});
