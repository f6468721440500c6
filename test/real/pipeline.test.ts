import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { errorOf, maixcam, type CliEnd } from '../support/cli';
import { processesMentioning } from '../support/processes';

const MINUTE = 60_000;

interface StepLine {
  readonly name: string;
  readonly state: string;
  readonly outputs: readonly string[];
  readonly summary: Readonly<Record<string, unknown>>;
}

function stepsOf(end: CliEnd): readonly StepLine[] {
  assert.ok(end.json !== null, `${end.stdout}\n${end.stderr}`);
  return end.json.steps as readonly StepLine[];
}

function states(end: CliEnd): Record<string, string> {
  return Object.fromEntries(stepsOf(end).map((step) => [step.name, step.state]));
}

/**
 * The main job from a finished ONNX on, with the real tools, in a folder whose name has blanks and other letters than
 * ASCII. (Training is in demo.test.ts.)
 */
describe('pipeline with the real converter', function () {
  this.timeout(10 * MINUTE);
  const root = path.join(os.tmpdir(), `maixcam wörk 图 ${process.pid}`);
  const recipe = path.join(root, 'shapes.maixcam.yaml');
  const results = path.join(root, '.maixcam', 'shapes');

  function writeRecipe(extra = '', onnx = 'trained.onnx'): void {
    const text = [
      'board: maixcam',
      'task: detect',
      'dataset: data.yaml',
      `onnx: ${onnx}`,
      'convert: { calibration: { pictures: 20 } }',
      'compare: { pictures: 6, minimum: 0 }',
    ];
    writeFileSync(recipe, `${text.join('\n')}\n${extra}`);
  }

  before(async () => {
    rmSync(root, { recursive: true, force: true });
    const made = await maixcam(['new', root, '--json']);
    assert.equal(made.status, 0, made.stderr);
    const model = gunzipSync(readFileSync('test/fixtures/onnx/trained/shapes-yolov8-detect.onnx.gz'));
    writeFileSync(path.join(root, 'trained.onnx'), model);
    writeRecipe();
    for (const kind of ['train', 'convert']) {
      const end = await maixcam(['env', 'create', kind, '--json']);
      assert.equal(end.status, 0, `${end.stdout}\n${end.stderr}`);
    }
  });
  after(() => rmSync(root, { recursive: true, force: true }));
  afterEach(() => {
    const left = existsSync(results) ? readdirSync(results).filter((name) => /^\.work-|\.old$|\.lock$/.test(name)) : [];
    assert.deepEqual(left, [], 'something half-made was left');
    assert.deepEqual(processesMentioning(root), [], 'a process was left');
  });

  it('ends cleanly when it is cancelled in the conversion', async () => {
    const end = await maixcam(['run', recipe, '--json', '--progress', 'json'], {
      onStderr: (text, child) => {
        if (text.includes('"calibrating"') && !child.killed) child.kill('SIGINT');
      },
    });
    assert.equal(end.status, 4, end.stdout);
    assert.equal(errorOf(end).code, 'CANCELLED');
    assert.equal(states(end).convert, 'cancelled');
    assert.equal(states(end).cut, 'done');
    assert.ok(!existsSync(path.join(results, 'convert')));
  });

  it('explains a converter that was killed', async () => {
    let killed = false;
    const end = await maixcam(['run', recipe, '--json', '--progress', 'json'], {
      onStderr: (text) => {
        if (killed || !text.includes('"calibrating"')) return;
        killed = true;
        for (const pid of processesMentioning('run_calibration')) process.kill(pid, 'SIGKILL');
      },
    });
    assert.ok(killed);
    assert.equal(end.status, 1);
    assert.match(errorOf(end).code, /^CONVERT_(KILLED|FAILED)$/);
    assert.match(errorOf(end).message, /Calibration/);
  });

  it('refuses a second run while the first goes on', async () => {
    const second: Promise<CliEnd>[] = [];
    const first = await maixcam(['run', recipe, '--until', 'convert', '--json', '--progress', 'json'], {
      onStderr: (text) => {
        if (text.includes('"importing"') && second.length === 0) second.push(maixcam(['run', recipe, '--json']));
      },
    });
    assert.equal(first.status, 0, first.stdout);
    const [refused] = await Promise.all(second);
    assert.ok(refused !== undefined);
    assert.equal(refused.status, 1);
    assert.equal(errorOf(refused).code, 'RECIPE_BUSY');
  });

  it('goes on from there to a model that the board can decode', async () => {
    const end = await maixcam(['run', recipe, '--json']);
    assert.equal(end.status, 0, end.stdout + end.stderr);
    assert.deepEqual(states(end), {
      check: 'skipped',
      train: 'skipped',
      export: 'skipped',
      outputs: 'skipped',
      cut: 'skipped',
      convert: 'skipped',
      mud: 'done',
      compare: 'done',
      push: 'skipped',
    });
    const compare = stepsOf(end).find((step) => step.name === 'compare');
    const sheet = compare?.outputs.find((file) => file.endsWith('.png')) ?? '';
    assert.equal(readFileSync(sheet).subarray(1, 4).toString(), 'PNG');

    const mud = await maixcam(['mud', path.join(results, 'mud', 'shapes.mud'), '--json']);
    const [read] = mud.json?.files as { loads: boolean; labels: string[] }[];
    assert.equal(read?.loads, true);
    assert.deepEqual(read.labels, ['circle', 'square', 'triangle']);
    const inspect = await maixcam(['inspect', path.join(results, 'mud', 'shapes_int8.cvimodel'), '--json']);
    assert.equal(inspect.json?.chip, 'cv181x');
  });

  it('finds nothing to do the second time', async () => {
    const end = await maixcam(['run', recipe, '--json']);
    assert.equal(end.status, 0);
    assert.deepEqual([...new Set(Object.values(states(end)))], ['skipped']);
  });

  it('says before it starts what it would run', async () => {
    writeRecipe('labels: [c, s, t]\n');
    const end = await maixcam(['run', recipe, '--dry-run', '--json']);
    const plans = end.json?.steps as { name: string; state: string; reason: string; commands: unknown[] }[];
    assert.equal(plans.find((plan) => plan.name === 'mud')?.reason, 'the recipe changed');
    assert.equal(plans.find((plan) => plan.name === 'convert')?.commands.length, 3);
    assert.equal(plans.find((plan) => plan.name === 'convert')?.state, 'skipped');
    writeRecipe();
  });

  it('takes a file that is no model for what it is', async () => {
    const files: readonly (readonly [string, string | Buffer, RegExp])[] = [
      ['page.onnx', '<!DOCTYPE html><html>Not found</html>', /HTML/],
      ['pointer.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n', /LFS/],
      ['short.onnx', readFileSync(path.join(root, 'trained.onnx')).subarray(0, 90_000), /incomplete|truncated|ends/i],
      ['weights.onnx', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(64)]), /zip|PyTorch|\.pt/i],
    ];
    for (const [name, content, message] of files) {
      writeFileSync(path.join(root, name), content);
      writeRecipe('', name);
      const end = await maixcam(['run', recipe, '--json', '--until', 'cut']);
      assert.equal(end.status, 1, name);
      assert.match(errorOf(end).message, message, name);
    }
    writeRecipe();
  });

  it('names what is wrong with a dataset before anything is trained', async () => {
    const broken = path.join(root, 'broken');
    for (const split of ['train', 'val']) {
      mkdirSync(path.join(broken, 'images', split), { recursive: true });
      mkdirSync(path.join(broken, 'labels', split), { recursive: true });
    }
    const yaml = 'train: images/train\nval: images/val\nnames: [circle]\n';
    writeFileSync(path.join(broken, 'data.yaml'), yaml);
    const file = path.join(broken, 'b.maixcam.yaml');
    const run = async (dataset: string): Promise<ReturnType<typeof errorOf>> => {
      writeFileSync(file, `board: maixcam\ndataset: ${dataset}\ntrain: { model: yolov8n, epochs: 1 }\n`);
      const end = await maixcam(['run', file, '--until', 'check', '--json']);
      assert.equal(end.status, 1, end.stdout);
      return errorOf(end);
    };
    assert.equal((await run('moved/data.yaml')).code, 'DATASET_NOT_FOUND');
    assert.match((await run('data.yaml')).code, /^DATASET_/);
    const picture = readFileSync(
      path.join(root, 'images', 'train', readdirSync(path.join(root, 'images/train'))[0] ?? ''),
    );
    writeFileSync(path.join(broken, 'images/train/a.png'), picture);
    writeFileSync(path.join(broken, 'labels/train/a.txt'), '0 0.5 0.5 0.2 0.2\n');
    assert.match((await run('data.yaml')).message, /val/, 'an empty split');
    writeFileSync(path.join(broken, 'images/val/a.png'), picture);
    rmSync(path.join(broken, 'labels/train/a.txt'));
    assert.equal((await run('data.yaml')).code, 'DATASET_NO_LABELS');
  });

  it('converts an unshrunk yolo11n at 640×640', async () => {
    const end = await maixcam(['env', 'list', '--json']);
    const environments = end.json?.environments as { name: string; python: string }[];
    const python = environments.find((environment) => environment.name === 'train')?.python ?? '';
    const { spawnSync } = await import('node:child_process');
    const program = [
      'from ultralytics import YOLO',
      'model = YOLO("yolo11n.yaml")',
      // Untrained classes all score next to nothing, which INT8 turns to nothing: start them at one half.
      'for branch in model.model.model[-1].cv3: branch[-1].bias.data.zero_()',
      'model.export(format="onnx", imgsz=640, opset=17, simplify=True)',
    ].join('\n');
    const made = spawnSync(python, ['-c', program], { cwd: root, encoding: 'utf8', timeout: 5 * MINUTE });
    assert.ok(existsSync(path.join(root, 'yolo11n.onnx')), made.stderr);
    const big = path.join(root, 'big.maixcam.yaml');
    // Untrained weights: the quantised model need not be similar, only whole.
    writeFileSync(
      big,
      'board: maixcam\nonnx: yolo11n.onnx\nconvert: { tolerance: [0, 0], calibration: { pictures: 20, folder: images/val } }\n',
    );
    const run = await maixcam(['run', big, '--until', 'mud', '--json']);
    assert.equal(run.status, 0, run.stdout + run.stderr);
    const model = stepsOf(run).find((step) => step.name === 'convert')?.outputs[0] ?? '';
    assert.ok(statSync(model).size > 2_000_000);
    const inspect = await maixcam(['inspect', model, '--json']);
    assert.deepEqual((inspect.json?.inputs as { shape: number[] }[])[0]?.shape, [1, 3, 640, 640]);
  });
});
