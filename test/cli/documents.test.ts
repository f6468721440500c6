import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { STEP_NAMES } from '../../client/src/domain/pipeline/steps';
import { useBoards, writeModel } from '../support/boards';
import { maixcam, maixcamEach } from '../support/cli';
import {
  assertShape,
  either,
  flag,
  list,
  mapOf,
  nullable,
  number,
  object,
  oneOf,
  text,
  type Shape,
} from '../support/json-shape';
import { unpackModel, YOLO11, YOLOV8 } from '../support/model-files';

const dims = list(either(number, text, oneOf(null)), 0);
const tensor = object({ name: text, type: text, shape: nullable(dims) });
const FAMILIES = [
  'yolov5',
  'yolov5u',
  'yolov8',
  'yolov9',
  'yolov10',
  'yolo11',
  'yolo12',
  'yolo26',
  'classifier',
  'unknown',
];
const TASKS = ['detect', 'pose', 'segment', 'obb', 'classify'];
const ROLES = ['box', 'score', 'keypoint', 'mask-weight', 'prototype', 'angle', 'level-map', 'logit', 'anchor-map'];
const chosen = object({ name: text, shape: list(number), role: oneOf(...ROLES) });
const form = oneOf('two-output', 'level-maps', 'one-to-one', 'logits', 'anchors');
const steps = object({
  steps: list(
    object({
      name: oneOf(...STEP_NAMES),
      state: oneOf('done', 'skipped', 'failed', 'cancelled'),
      seconds: number,
      outputs: list(text, 0),
      summary: object({ text }),
    }),
  ),
});
const environments = object({
  environments: list(
    object({
      name: text,
      kind: oneOf('train', 'convert'),
      python: nullable(text),
      pythonVersion: nullable(text),
      packages: mapOf(text),
      state: text,
      bytes: nullable(number),
      missing: list(text, 0),
    }),
    2,
  ),
});
const mud = object({
  files: list(
    object({
      path: text,
      loads: flag,
      error: nullable(object({ code: text, message: text })),
      iniError: nullable(oneOf(2, 3, 4, 5)),
      type: nullable(text),
      sections: mapOf(mapOf(text)),
      labels: nullable(list(text, 0)),
    }),
  ),
});
const pushed = object({
  files: list(
    object({ local: text, remote: text, bytes: number, sha256: text, action: oneOf('sent', 'unchanged') }),
    3,
  ),
  seconds: number,
});
const decoded = object({
  cases: list(
    object({
      id: text,
      load: object({ error: text }),
      runs: list(
        either(
          object({
            objects: list(object({ x: number, y: number, w: number, h: number, class_id: number, score: number }), 0),
          }),
          object({ exception: object({ kind: text, what: text }) }),
        ),
      ),
    }),
  ),
});
const inspection = object({
  format: text,
  valid: flag,
  problems: list(object({ code: text, severity: text, message: text }), 0),
  chip: nullable(text),
  version: nullable(text),
  inputs: list(object({ name: text, type: text, shape: nullable(dims), scale: nullable(number) }), 0),
  outputs: list(object({ name: text, type: text, shape: nullable(dims), scale: nullable(number) }), 0),
  memory: nullable(mapOf(number)),
});

interface Row {
  readonly title: string;
  /** Arguments without `--json`; run in the folder of the files. */
  readonly args: readonly string[];
  readonly shape: Shape;
  readonly status?: number;
}

/** The documents of cli.md, a public contract: keys, types and exit statuses. The order matters: some use others' files. */
const ROWS: readonly Row[] = [
  {
    title: 'onnx',
    args: ['onnx', 'model.onnx'],
    shape: object({
      irVersion: number,
      opset: number,
      producer: text,
      metadata: mapOf(text),
      inputs: list(tensor),
      outputs: list(tensor),
      nodes: number,
      parameters: number,
      head: object({
        family: oneOf(...FAMILIES),
        task: oneOf(...TASKS),
        classes: number,
        era: text,
        endToEnd: flag,
        strides: list(number),
        inputSize: object({ width: number, height: number }),
      }),
    }),
  },
  {
    title: 'outputs',
    args: ['outputs', 'yolo11.onnx', '--board', 'maixcam2'],
    shape: object({
      family: oneOf(...FAMILIES),
      task: oneOf(...TASKS),
      form,
      outputs: list(chosen),
      rebuild: flag,
      alternatives: list(object({ form, outputs: list(chosen) })),
      warnings: list(object({ code: text, message: text }), 0),
    }),
  },
  {
    title: 'cut --board',
    args: ['cut', 'model.onnx', '-o', 'cut.onnx', '--board', 'maixcam'],
    shape: object({ out: oneOf('cut.onnx'), nodes: number, bytes: number, outputs: list(tensor, 2) }),
  },
  {
    title: 'cut --outputs',
    args: ['cut', 'model.onnx', '-o', 'features.onnx', '--outputs', '/model.9/cv2/act/Mul_output_0'],
    shape: object({ out: oneOf('features.onnx'), nodes: number, bytes: number, outputs: list(tensor, 1) }),
  },
  {
    title: 'verify',
    args: ['verify', 'cut.onnx', '--against', 'model.onnx'],
    shape: object({
      outputs: list(object({ name: text, maxDifference: oneOf(0), parts: nullable(list(text)) }), 2),
    }),
  },
  {
    title: 'verify of another model',
    args: ['verify', 'cut.onnx', '--against', 'other.onnx'],
    shape: object({ error: object({ code: text, message: text, hint: text }) }),
    status: 1,
  },
  { title: 'inspect .onnx', args: ['inspect', 'model.onnx'], shape: inspection },
  { title: 'inspect .cvimodel', args: ['inspect', 'm.cvimodel'], shape: inspection },
  { title: 'inspect something else', args: ['inspect', 'index.json'], shape: inspection, status: 1 },
  { title: 'mud', args: ['mud', 'shapes.mud'], shape: mud },
  { title: 'mud --bytes', args: ['mud', 'shapes.mud', '--bytes'], shape: mud },
  { title: 'mud of a file that the board refuses', args: ['mud', 'gone.mud', 'shapes.mud'], shape: mud, status: 1 },
  { title: 'decode', args: ['decode', 'index.json'], shape: decoded },
  {
    title: 'new',
    args: ['new', 'sample', '--task', 'pose'],
    shape: object({ folder: text, recipe: text, dataset: text, pictures: object({ train: number, val: number }) }),
  },
  { title: 'run', args: ['run', 'r.maixcam.yaml', '--until', 'cut'], shape: steps },
  {
    title: 'run --dry-run',
    args: ['run', 'r.maixcam.yaml', '--dry-run'],
    shape: object({
      steps: list(
        object({
          name: oneOf(...STEP_NAMES),
          state: oneOf('skipped', 'pending'),
          commands: list(object({ program: text, args: list(text) }), 0),
        }),
      ),
    }),
  },
  {
    title: 'convert without its environment',
    args: ['convert', 'r.maixcam.yaml'],
    shape: object({ error: object({ code: text, message: text, hint: text }) }),
    status: 3,
  },
  { title: 'env', args: ['env'], shape: environments },
  { title: 'env list', args: ['env', 'list'], shape: environments },
];

describe('JSON documents of the commands', function () {
  this.timeout(30_000);
  const boards = useBoards();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam döcs 图 '));
  const env = {
    MAIXCAM_ENV_DIR: path.join(folder, 'no-environments'),
    MAIXCAM_CONFIG_DIR: path.join(folder, 'config'),
  };

  before(() => {
    unpackModel(folder, YOLOV8);
    unpackModel(folder, YOLO11, 'yolo11.onnx');
    unpackModel(folder, 'heads/u8.4-yolov8-classify', 'other.onnx');
    writeModel(folder);
    const cvimodel = gunzipSync(readFileSync('test/fixtures/cvimodel/yolov8-detect-2out.cvimodel.gz'));
    writeFileSync(path.join(folder, 'm.cvimodel'), cvimodel);
    writeFileSync(path.join(folder, 'index.json'), JSON.stringify(decodeCases()));
    mkdirSync(path.join(folder, 'pictures'));
    writeFileSync(
      path.join(folder, 'r.maixcam.yaml'),
      'board: maixcam\nonnx: model.onnx\nconvert: { calibration: { folder: pictures } }\n',
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { title, args, shape, status = 0 } of ROWS) {
    it(title, async () => {
      const end = await maixcam([...args, '--json'], { cwd: folder, env });
      assert.equal(end.status, status, end.stdout + end.stderr);
      assert.ok(end.json !== null, `stdout is no single JSON document:\n${end.stdout}`);
      assertShape(end.json, shape);
    });
  }

  it('push', async () => {
    const board = await boards();
    const args = ['push', 'shapes.mud', '--host', `${board.host}:${board.port}`, '--json'];
    const options = { cwd: folder, env: { ...env, MAIXCAM_PASSWORD: board.password } };
    for (const [extra, actions] of [
      [['--dry-run'], ['sent']],
      [[], ['sent']],
      [[], ['unchanged']],
    ] as const) {
      const end = await maixcam([...args, ...extra], options);
      assert.equal(end.status, 0, end.stdout + end.stderr);
      assertShape(end.json, pushed);
      const files = end.json?.files as { action: string; remote: string }[];
      assert.deepEqual([...new Set(files.map((file) => file.action))], actions);
      assert.equal(files.at(-1)?.remote, '/root/models/shapes/shapes.mud', 'the MUD comes last');
    }
  });

  it('simulate-board, which ends with Ctrl-C', async () => {
    const end = await maixcam(['simulate-board', '--json'], {
      env,
      onStdout: (written, child) => {
        if (written.includes('\n}\n')) child.kill('SIGINT');
      },
    });
    assert.equal(end.status, 0, end.stderr);
    assertShape(end.json, object({ host: oneOf('127.0.0.1'), port: number, user: text, password: text, root: text }));
    assert.throws(() => statSync(String(end.json?.root)), 'the files of a temporary board go with it');
  });

  it('says the same to a person in at most 80 columns', async () => {
    // Commands that a dry run prints are to be copied, and MUD values are shown as they are.
    const rows = ROWS.filter(({ title, status }) => status === undefined && !/^(mud|run --dry-run|new)/.test(title));
    const ends = await maixcamEach(
      rows.map((row) => row.args),
      { cwd: folder, env },
    );
    for (const [index, end] of ends.entries()) {
      const title = rows[index]?.title;
      assert.equal(end.status, 0, end.stderr);
      assert.notEqual(end.stdout, '');
      for (const line of end.stdout.trimEnd().split('\n')) {
        const isPath = !line.trim().includes(' ') || line.includes(folder);
        assert.ok(isPath || line.length <= 80, `${title}: ${line.length} columns: ${line}`);
      }
      assert.ok(!end.stdout.includes('\u001b'), `${title}: control characters although stdout is no terminal`);
    }
  });
});

/** One model with an object, one that does not load. */
function decodeCases(): unknown {
  const index = JSON.parse(gunzipSync(readFileSync('test/fixtures/decode/index.json.gz')).toString()) as {
    cases: { id: string; tensors: string | null; runs: unknown[] }[];
  };
  const zero = index.cases.find((one) => one.tensors === null && one.runs.length > 0);
  assert.ok(zero !== undefined);
  return { cases: [zero] };
}
