import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../server/src/core/problems/app-error';
import { createEnvironment } from '../../client/src/host/python/create';
import { runPythonProgram, type ProgramEvent } from '../../client/src/host/python/program';
import type { PythonEnvironment } from '../../client/src/host/python/variables';
import { drawSquares } from './drawn-set';

describe('training, export and dataset check with the real Ultralytics', function () {
  this.timeout(600_000);
  let environment: PythonEnvironment;
  let folder: string;
  let data: string;

  before(async () => {
    environment = await createEnvironment('train');
    folder = mkdtempSync(path.join(tmpdir(), 'maixcam träin 图 '));
    data = drawSquares(path.join(folder, 'set'), { train: 12, val: 4 });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const trainConfig = (name: string, more: object = {}): object => ({
    model: 'yolov8n',
    width: 0.0625,
    task: 'detect',
    data,
    epochs: 2,
    batch: 4,
    imgsz: 64,
    device: null,
    seed: 0,
    args: {},
    project: path.join(folder, 'runs'),
    name,
    ...more,
  });

  async function fails(program: string, config: unknown): Promise<AppError> {
    try {
      await runPythonProgram({ environment, program, config, cwd: folder });
    } catch (thrown) {
      assert.ok(thrown instanceof AppError, String(thrown));
      return thrown;
    }
    assert.fail(`${program} did not fail`);
  }

  it('trains, tells its epochs, and exports what it trained', async () => {
    const events: ProgramEvent[] = [];
    const before = readdirSync(folder);
    const done = await runPythonProgram({
      environment,
      program: 'train.py',
      config: trainConfig('first'),
      cwd: folder,
      logFile: path.join(folder, 'train.log'),
      onEvent: (event) => events.push(event),
    });
    const kinds = events.map((event) => event.event);
    assert.deepEqual(kinds.slice(0, 2), ['start', 'dataset']);
    const epochs = events.filter((event) => event.event === 'epoch');
    assert.deepEqual(
      epochs.map((event) => [event.epoch, event.epochs]),
      [
        [1, 2],
        [2, 2],
      ],
    );
    const [first] = epochs as unknown as { losses: Record<string, number>; metrics: Record<string, number> }[];
    assert.ok(Object.keys(first!.losses).includes('box_loss'));
    assert.ok(Number.isFinite(first!.metrics['metrics/mAP50(B)']));
    assert.equal(first!.metrics.mAP50, first!.metrics['metrics/mAP50(B)']);
    assert.deepEqual(events[1], { event: 'dataset', train: { images: 12 }, val: { images: 4 } });
    assert.ok(existsSync(String(done.best)) && existsSync(String(done.last)));
    assert.equal(path.dirname(path.dirname(String(done.best))), path.join(folder, 'runs', 'first'));
    const share = Number(done.callbackSeconds) / Number(done.totalSeconds);
    assert.ok(share < 0.01, `callbacks took ${(share * 100).toFixed(2)} %`);
    assert.deepEqual(readdirSync(folder).sort(), [...before, 'runs', 'train.log'].sort(), 'nothing is left in the cwd');

    const out = path.join(folder, 'model.onnx');
    const exported = await runPythonProgram({
      environment,
      program: 'export.py',
      config: { weights: done.best, height: 64, width: 96, opset: 17, out },
      cwd: folder,
    });
    assert.deepEqual(exported.input, { name: 'images', height: 64, width: 96 });
    assert.deepEqual(exported.outputs, [{ name: 'output0', shape: [1, 5, 126] }]);
    assert.equal((exported.metadata as Record<string, string>).task, 'detect');
    assert.equal((exported.metadata as Record<string, string>).names, "{0: 'square'}");
    assert.deepEqual(readdirSync(path.dirname(String(done.best))).sort(), ['best.pt', 'last.pt']);
  });

  it('exports the one-to-one head of a YOLO26', async () => {
    const done = await runPythonProgram({
      environment,
      program: 'train.py',
      config: trainConfig('v26', { model: 'yolo26n', epochs: 1 }),
      cwd: folder,
    });
    const exported = await runPythonProgram({
      environment,
      program: 'export.py',
      config: { weights: done.best, height: 64, width: 64, opset: 17, out: path.join(folder, 'v26.onnx') },
      cwd: folder,
    });
    assert.equal((exported.metadata as Record<string, string>).end2end, 'True');
    assert.ok(readFileSync(path.join(folder, 'v26.onnx'), 'latin1').includes('one2one_cv2'));
  });

  it('makes no network connection', async () => {
    // Every attempt to resolve a name or to connect anywhere ends the program.
    const guard = mkdtempSync(path.join(folder, 'guard-'));
    writeFileSync(
      path.join(guard, 'sitecustomize.py'),
      `import sys
def hook(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname") or (event == "socket.connect" and isinstance(args[1], tuple)):
        open(${JSON.stringify(path.join(guard, 'attempts.txt'))}, "a").write("%s %r\\n" % (event, args))
        raise OSError("no network in this test")
sys.addaudithook(hook)
`,
    );
    const python = path.join(guard, 'python');
    writeFileSync(python, `#!/bin/sh\nPYTHONPATH='${guard}' exec '${environment.python}' "$@"\n`, { mode: 0o755 });
    const cold = path.join(guard, 'cache');
    await runPythonProgram({
      environment: { ...environment, python },
      program: 'train.py',
      config: trainConfig('guarded', { epochs: 1 }),
      cwd: folder,
      env: { ...process.env, MAIXCAM_ENV_DIR: cold },
    });
    assert.equal(existsSync(path.join(guard, 'attempts.txt')), false, 'network was tried');
  });

  it('stops cleanly when it is cancelled, and leaves no process', async () => {
    const abort = new AbortController();
    let pid = 0;
    const started = performance.now();
    let asked = 0;
    await assert.rejects(
      runPythonProgram({
        environment,
        program: 'train.py',
        config: trainConfig('cancelled', { epochs: 500 }),
        cwd: folder,
        signal: abort.signal,
        onEvent: (event) => {
          if (event.event !== 'epoch' || abort.signal.aborted) return;
          pid = ownChildren().find((child) => child.command.includes('train.py'))?.pid ?? 0;
          asked = performance.now();
          abort.abort();
        },
      }),
      (error: unknown) => error instanceof AppError && error.kind === 'cancelled',
    );
    assert.ok(asked > started && performance.now() - asked < 8000);
    assert.ok(pid > 0, 'the training was seen running');
    assert.equal(ownChildren().filter((child) => child.command.includes('train.py')).length, 0);
  });

  it('says what is wrong with a model or an argument', async () => {
    const unknown = await fails('train.py', trainConfig('x', { model: 'yolov99n' }));
    assert.equal(unknown.code, 'TRAIN_MODEL_UNKNOWN');
    const missing = await fails('train.py', trainConfig('x', { model: path.join(folder, 'none.pt'), width: null }));
    assert.equal(missing.code, 'TRAIN_MODEL_NOT_FOUND');
    const argument = await fails('train.py', trainConfig('x', { args: { leraning_rate: 1 } }));
    assert.equal(argument.code, 'TRAIN_ARGUMENT');
    assert.match(argument.message, /leraning_rate/);
    const value = await fails('train.py', trainConfig('x', { args: { lr0: 'fast' } }));
    assert.equal(value.code, 'TRAIN_ARGUMENT');
    assert.match(value.message, /lr0/);
    const device = await fails('train.py', trainConfig('x', { device: '7' }));
    assert.equal(device.code, 'TRAIN_DEVICE');
    const none = await fails('export.py', {
      weights: path.join(folder, 'no.pt'),
      height: 64,
      width: 64,
      opset: 17,
      out: 'x.onnx',
    });
    assert.equal(none.code, 'EXPORT_NO_WEIGHTS');
  });

  it('checks a dataset as the trainer sees it, and writes nothing into it', async () => {
    const set = path.join(folder, 'checked');
    const yaml = drawSquares(set, { train: 4, val: 2 });
    writeFileSync(path.join(set, 'labels', 'train', 'train-0.txt'), '');
    writeFileSync(path.join(set, 'labels', 'train', 'train-1.txt'), '9 0.5 0.5 0.1 0.1\n');
    const before = treeOf(set);
    const listing = path.join(folder, 'listing.json');
    const done = await runPythonProgram({
      environment,
      program: 'check_dataset.py',
      config: { data: yaml, task: 'detect', listing },
      cwd: folder,
    });
    const { train, val } = done.splits as Record<string, Record<string, unknown>>;
    assert.deepEqual(train, {
      images: 4,
      kept: 3,
      backgrounds: 1,
      corrupt: 1,
      objects: 2,
      perClass: { square: 2 },
      dropped: [path.join(set, 'images', 'train', 'train-1.png')],
    });
    assert.equal(val!.objects, 2);
    assert.deepEqual(treeOf(set), before);
    const written = JSON.parse(readFileSync(listing, 'utf8')) as { names: string[]; splits: Record<string, unknown[]> };
    assert.deepEqual(written.names, ['square']);
    assert.deepEqual(written.splits.val![0], {
      image: path.join(set, 'images', 'val', 'val-0.png'),
      label: path.join(set, 'labels', 'val', 'val-0.txt'),
    });
  });

  it('names what is wrong with a dataset', async () => {
    const check = (yaml: string): Promise<AppError> => fails('check_dataset.py', { data: yaml, task: 'detect' });
    assert.equal((await check(path.join(folder, 'nowhere.yaml'))).code, 'DATASET_NOT_FOUND');

    const moved = path.join(folder, 'moved');
    const movedYaml = drawSquares(moved, { train: 2, val: 1 });
    rmSync(path.join(moved, 'images', 'val'), { recursive: true });
    const gone = await check(movedYaml);
    assert.equal(gone.code, 'DATASET_SPLIT_MISSING');
    assert.match(gone.message, /images\/val/);

    const empty = path.join(folder, 'empty');
    const emptyYaml = drawSquares(empty, { train: 2, val: 1 });
    rmSync(path.join(empty, 'images', 'train', 'train-0.png'));
    rmSync(path.join(empty, 'images', 'train', 'train-1.png'));
    const none = await check(emptyYaml);
    assert.equal(none.code, 'DATASET_EMPTY_SPLIT');
    assert.match(none.message, /images\/train/);

    const bare = path.join(folder, 'bare');
    const bareYaml = drawSquares(bare, { train: 2, val: 1 });
    rmSync(path.join(bare, 'labels'), { recursive: true });
    assert.equal((await check(bareYaml)).code, 'DATASET_NO_LABELS');

    const blank = path.join(folder, 'blank');
    const blankYaml = drawSquares(blank, { train: 2, val: 1 });
    for (const name of ['train-0.txt', 'train-1.txt']) writeFileSync(path.join(blank, 'labels', 'train', name), '');
    assert.equal((await check(blankYaml)).code, 'DATASET_NO_LABELS');

    writeFileSync(path.join(blank, 'broken.yaml'), 'train: [\n');
    assert.equal((await check(path.join(blank, 'broken.yaml'))).code, 'DATASET_YAML_SYNTAX');
    writeFileSync(path.join(blank, 'nameless.yaml'), 'train: images/train\nval: images/val\n');
    assert.equal((await check(path.join(blank, 'nameless.yaml'))).code, 'DATASET_NO_NAMES');
    writeFileSync(path.join(blank, 'no-val.yaml'), 'train: images/train\nnames: [a]\n');
    assert.equal((await check(path.join(blank, 'no-val.yaml'))).code, 'DATASET_SPLIT_MISSING');

    const bad = path.join(folder, 'bad');
    const badYaml = drawSquares(bad, { train: 2, val: 1 });
    for (const name of ['train-0.png', 'train-1.png'])
      writeFileSync(path.join(bad, 'images', 'train', name), 'no picture');
    assert.equal((await check(badYaml)).code, 'DATASET_NO_VALID_PICTURES');
  });
});

function treeOf(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).sort();
}

/** Processes that carry this test program's parentage. */
function ownChildren(): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || Number(parent) !== process.pid) return [];
        return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'latin1') }];
      } catch {
        return [];
      }
    });
}
