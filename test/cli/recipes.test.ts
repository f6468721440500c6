import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MARKER } from '../../client/src/host/python/stamp';
import { errorOf, maixcam, maixcamEach } from '../support/cli';
import { unpackModel, YOLOV8 } from '../support/model-files';
import { useTempFolder } from '../support/temp-folder';
import { realPython, writeProgram } from '../unit/python/real-python';

describe('recipes without their tools', function () {
  this.timeout(30_000);
  const folder = useTempFolder();
  const BASE = 'board: maixcam\nonnx: model.onnx\nconvert: { calibration: { folder: pictures } }\n';

  function write(text: string, name = 'r.maixcam.yaml'): string {
    writeFileSync(folder.file(name), text);
    return folder.file(name);
  }
  function withoutEnvironments(): Record<string, string> {
    mkdirSync(folder.file('environments'), { recursive: true });
    return { MAIXCAM_ENV_DIR: folder.file('environments'), MAIXCAM_TRAIN_PYTHON: '', MAIXCAM_CONVERT_PYTHON: '' };
  }

  it('goes from an ONNX file to its cut without any Python, and then finds nothing to do', async () => {
    unpackModel(folder.path, YOLOV8);
    mkdirSync(folder.file('pictures'));
    const recipe = write(BASE, 'ein Modell – 模型.maixcam.yaml');
    const first = await maixcam(['run', recipe, '--until', 'cut', '--json'], { env: withoutEnvironments() });
    assert.equal(first.status, 0, first.stdout);
    const second = await maixcam(['run', recipe, '--until', 'cut', '--json'], { env: withoutEnvironments() });
    const states = (second.json?.steps as { state: string }[]).map((step) => step.state);
    assert.deepEqual([...new Set(states)], ['skipped']);
    const cut = (first.json?.steps as { name: string; outputs: string[] }[]).find((step) => step.name === 'cut');
    const [file = ''] = cut?.outputs ?? [];
    const verified = await maixcam(['verify', file, '--against', folder.file('model.onnx'), '--json']);
    assert.equal(verified.json?.identical, true, verified.stdout);
  });

  it('names the environment that is missing, and the command that makes it', async () => {
    unpackModel(folder.path, YOLOV8);
    for (const name of ['pictures', 'images']) mkdirSync(folder.file(name));
    write('train: images\nval: images\nnames: [a]\n', 'data.yaml');
    const training = 'board: maixcam\ndataset: data.yaml\ntrain: { model: yolov8n, epochs: 1 }\n';
    const calls = [
      ['train', 'run', write(training, 'run.maixcam.yaml')],
      ['train', 'train', write(training, 'train.maixcam.yaml')],
      ['convert', 'convert', write(BASE, 'convert.maixcam.yaml')],
    ] as const;
    const ends = await maixcamEach(
      calls.map(([, command, recipe]) => [command, recipe, '--json']),
      { env: withoutEnvironments() },
    );
    for (const [index, end] of ends.entries()) {
      assert.equal(end.status, 3, end.stdout);
      assert.equal(errorOf(end).code, 'ENV_MISSING');
      assert.match(errorOf(end).hint, new RegExp(`maixcam env create ${calls[index]?.[0]}\\b`));
      assert.match(errorOf(end).hint, /\d GB/, 'its size is told');
    }
    for (const kind of ['train', 'convert']) assert.ok(!existsSync(folder.file(`environments/${kind}`)));
    assert.ok(!existsSync(folder.file('.maixcam/train/train')));
  });

  const MISTAKES: readonly (readonly [string, string, RegExp])[] = [
    ['an unknown key', `${BASE}onnnx: other.onnx\n`, /line 4: `onnnx` is not a key.*Did you mean `onnx`/],
    [
      'a size that is no multiple of 32',
      'board: maixcam\ndataset: d.yaml\ntrain: {}\nexport: { size: 320x240 }\n',
      /line 4: .*320x240.*multiples of 32.*320x256/,
    ],
    ['a board that does not exist', BASE.replace('maixcam', 'maixcam9'), /line 1: .*maixcam-pro/],
    [
      'no pictures to calibrate with',
      'board: maixcam\nonnx: model.onnx\n',
      /line 2: There are no pictures to calibrate/,
    ],
    ['nothing to start from', 'board: maixcam\n', /line 1: .*dataset/],
    ['broken YAML', 'board: maixcam\nexport: [\n', /line \d+: .*(bracket|YAML)/],
    ['an empty file', '', /line 1: /],
  ];
  for (const [title, text, message] of MISTAKES) {
    it(`${title}: told with its line`, async () => {
      const end = await maixcam(['run', write(text), '--json']);
      assert.equal(end.status, 1, end.stdout);
      assert.equal(errorOf(end).code, 'RECIPE_INVALID');
      assert.match(errorOf(end).message, message);
      assert.ok(!existsSync(folder.file('.maixcam')), 'a wrong recipe makes nothing');
    });
  }

  it('does not bury the first mistake under the others', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => `wrong${index}: 1\n`).join('');
    const { message } = errorOf(await maixcam(['run', write(BASE + keys), '--json']));
    assert.match(message, /has 40 errors/);
    assert.match(message, /wrong0.*\n.*wrong1/);
    assert.match(message, /and 30 more\.$/);
  });

  it('a dataset that was moved: named, with where it was looked for', async () => {
    const recipe = write('board: maixcam\ndataset: gone/data.yaml\ntrain: {}\n');
    const end = await maixcam(['run', recipe, '--json'], { env: withoutEnvironments() });
    assert.equal(end.status, 1);
    assert.equal(errorOf(end).code, 'DATASET_NOT_FOUND');
    assert.ok(errorOf(end).message.includes(folder.file('gone/data.yaml')));
    assert.match(errorOf(end).hint, /dataset/);
  });

  it('a push of what was not made yet: names the command that makes it', async () => {
    const end = await maixcam(['push', write(BASE), '--host', '127.0.0.1:1', '--json']);
    assert.equal(end.status, 1);
    assert.match(errorOf(end).message, /no finished model/);
    assert.match(errorOf(end).hint, /maixcam run .*--until mud/);
  });

  describe('a Python that lies', () => {
    before(function () {
      // The environment for converting exists on Linux x86-64 only; elsewhere that is what is said.
      if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    });

    const create = (python: string): ReturnType<typeof maixcam> =>
      maixcam(['env', 'create', 'convert', '--dry-run', '--json'], {
        // No other interpreter is in sight, which also saves the time to try them.
        env: {
          ...withoutEnvironments(),
          MAIXCAM_PYTHON: python,
          PATH: folder.file('nothing'),
          HOME: folder.path,
          PYENV_ROOT: '',
          CONDA_PREFIX: '',
        },
      });

    it('about its version: told, and not used', async () => {
      const real = await realPython();
      const liar = writeProgram(
        folder.path,
        'python',
        `[ "$1" = --version ] && { echo 'Python 3.10.99'; exit 0; }\nexec '${real.path}' "$@"`,
      );
      const end = await create(liar);
      assert.equal(end.status, 3, end.stdout);
      assert.equal(errorOf(end).code, 'ENV_PYTHON_UNUSABLE');
      assert.ok(errorOf(end).message.includes(`--version says 3.10.99, but it runs as ${real.version}`));
      assert.match(errorOf(end).hint, /MAIXCAM_PYTHON/);
      assert.deepEqual(readdirSync(folder.file('environments')), []);
    });

    it('about being a Python: told, and not used', async () => {
      const end = await create(writeProgram(folder.path, 'python3.10', "echo 'Python 3.10.14'"));
      assert.equal(end.status, 3, end.stdout);
      assert.match(errorOf(end).message, /does not behave like a Python interpreter\.$/);
    });

    it('about being there: told', async () => {
      const end = await create(folder.file('gone/python3.10'));
      assert.equal(end.status, 3, end.stdout);
      assert.match(errorOf(end).message, /was not found\.$/);
    });
  });

  it('a dry run of removing an environment removes nothing', async () => {
    const env = withoutEnvironments();
    const made = folder.file('environments/train');
    mkdirSync(made);
    // What marks a folder as made by this program; without a stamp it counts as half-made.
    writeFileSync(path.join(made, MARKER), '');
    const dry = await maixcam(['env', 'remove', 'train', '--dry-run', '--json'], { env });
    assert.equal(dry.status, 0, dry.stdout);
    assert.equal((dry.json?.wouldRemove as { folder: string } | null)?.folder, made);
    assert.ok(existsSync(path.join(made, MARKER)));
    const real = await maixcam(['env', 'remove', 'train', '--json'], { env });
    assert.equal(real.status, 0, real.stdout);
    assert.ok(!existsSync(made));
  });

  it('leaves the recipe as it is', async () => {
    const recipe = write(`# mine\n${BASE}`);
    await maixcam(['run', recipe, '--dry-run']);
    assert.equal(readFileSync(recipe, 'utf8'), `# mine\n${BASE}`);
    assert.ok(!existsSync(path.join(folder.path, '.maixcam')), 'a dry run writes nothing');
  });
});
