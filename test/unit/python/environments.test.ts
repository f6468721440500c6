import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEnvironment, planCreation } from '../../../client/src/host/python/create';
import {
  findEnvironment,
  listEnvironments,
  removeEnvironment,
  requireEnvironment,
} from '../../../client/src/host/python/environments';
import { environmentKinds } from '../../../client/src/host/python/kinds';
import { cacheFolder, interpreterOf } from '../../../client/src/host/python/place';
import { definitionOf, MARKER, STAMP, versionKeyOf } from '../../../client/src/host/python/stamp';
import { networkError } from '../../../client/src/host/python/uv';
import { environmentVariables } from '../../../client/src/host/python/variables';
import { realPython, writeProgram } from './real-python';
import { failure } from '../../support/failure';

describe('place of the environments', () => {
  it('follows the habits of each system', () => {
    assert.equal(cacheFolder({}, 'linux', '/home/a'), '/home/a/.cache/maixcam-workbench');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux', '/home/a'), '/x/maixcam-workbench');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux', '/home/a'), '/home/a/.cache/maixcam-workbench');
    assert.equal(cacheFolder({}, 'darwin', '/Users/a'), '/Users/a/Library/Caches/maixcam-workbench');
    assert.equal(cacheFolder({ MAIXCAM_ENV_DIR: '/envs', XDG_CACHE_HOME: '/x' }, 'linux', '/home/a'), '/envs');
  });
});

describe('variables of an environment', () => {
  it('put its programs first, keep tools offline, and hold no secret', () => {
    const environment = { folder: '/envs/train', python: '/envs/train/bin/python' };
    const base = { PATH: '/usr/bin', MAIXCAM_PASSWORD: 'x', PYTHONPATH: '/evil', MAIXCAM_ENV_DIR: '/envs' };
    const variables = environmentVariables(environment, base);
    assert.equal(variables.PATH, '/envs/train/bin:/usr/bin');
    assert.equal(variables.VIRTUAL_ENV, '/envs/train');
    assert.equal(variables.YOLO_OFFLINE, '1');
    assert.equal(variables.YOLO_AUTOINSTALL, 'false');
    assert.equal(variables.YOLO_CONFIG_DIR, '/envs/ultralytics');
    assert.equal(variables.PYTHONUNBUFFERED, '1');
    assert.equal(variables.PYTHONPATH, undefined);
    assert.equal(variables.MAIXCAM_PASSWORD, undefined);
  });
});

describe('managed environments', function () {
  this.timeout(30_000);
  let cache: string;
  let env: Record<string, string>;
  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), 'maixcam envs '));
    env = { MAIXCAM_ENV_DIR: cache, PATH: '/nowhere', HOME: cache };
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  /** Lays out what a finished environment looks like from outside. */
  function layOut(name: 'train' | 'convert', packages: Record<string, string>): string {
    const folder = path.join(cache, name);
    mkdirSync(path.dirname(interpreterOf(folder)), { recursive: true });
    writeFileSync(interpreterOf(folder), '');
    writeFileSync(path.join(folder, MARKER), '');
    const stamp = {
      kind: name,
      python: '/x',
      pythonVersion: '3.11.7',
      packages,
      created: '',
      bytes: 5,
      torchFrom: 'cpu',
      definition: '',
    };
    writeFileSync(path.join(folder, STAMP), JSON.stringify(stamp));
    return folder;
  }

  it('are missing at first, and the error says how to get one', async () => {
    const states = (await listEnvironments({ env })).map((one) => [one.name, one.kind, one.state, one.managed]);
    assert.deepEqual(states, [
      ['train', 'train', 'missing', true],
      ['convert', 'convert', 'missing', true],
    ]);
    assert.equal(await findEnvironment('train', { env }), null);
    const error = await failure(requireEnvironment('train', { env }));
    assert.equal(error.code, 'ENV_MISSING');
    assert.equal(error.kind, 'missing-tool');
    assert.match(error.hint, /maixcam env create train/);
  });

  it('are found by their stamp alone', async () => {
    const folder = layOut('train', { ultralytics: '8.4.190', torch: '2.15.0' });
    const found = await findEnvironment('train', { env });
    assert.equal(found?.python, interpreterOf(folder));
    assert.equal(found.versionKey, versionKeyOf('3.11.7', { torch: '2.15.0', ultralytics: '8.4.190' }));
    assert.notEqual(found.versionKey, versionKeyOf('3.11.7', { torch: '2.15.1', ultralytics: '8.4.190' }));
    const [train] = await listEnvironments({ env });
    assert.deepEqual(train!.missing, ['torchvision', 'onnx', 'onnxruntime', 'onnxslim']);
    assert.equal(train!.bytes, 5);
  });

  it('are asked again when a person changed their packages, and once only', async () => {
    const folder = layOut('train', { six: '1.16.0' });
    const python = await realPython();
    rmSync(interpreterOf(folder));
    symlinkSync(python.path, interpreterOf(folder));
    writeFileSync(path.join(folder, 'pyvenv.cfg'), `home = ${path.dirname(python.path)}\n`);
    const minor = python.version.split('.').slice(0, 2).join('.');
    const stampFile = path.join(folder, STAMP);
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Record<string, unknown>;
    const packages = path.join(folder, 'lib', `python${minor}`, 'site-packages');
    const install = (version: string): void => {
      mkdirSync(path.join(packages, `six-${version}.dist-info`), { recursive: true });
      const text = `Metadata-Version: 2.1\nName: six\nVersion: ${version}\n`;
      writeFileSync(path.join(packages, `six-${version}.dist-info`, 'METADATA'), text);
    };
    install('1.16.0');
    writeFileSync(stampFile, JSON.stringify({ ...stamp, pythonVersion: python.version }));
    const later = new Date(Date.now() + 60_000);
    utimesSync(stampFile, later, later);
    const before = await findEnvironment('train', { env });
    assert.deepEqual(before?.packages, { six: '1.16.0' });
    assert.ok(!existsSync(path.join(cache, 'known')), 'nothing was started');

    rmSync(path.join(packages, 'six-1.16.0.dist-info'), { recursive: true });
    install('1.17.0');
    const changed = new Date(Date.now() + 120_000);
    utimesSync(packages, changed, changed);
    const after = await findEnvironment('train', { env });
    assert.equal(after?.packages.six, '1.17.0');
    assert.notEqual(after.versionKey, before.versionKey);
    assert.equal((await listEnvironments({ env }))[0]?.packages.six, '1.17.0');

    const [known = ''] = readdirSync(path.join(cache, 'known'));
    const remembered = path.join(cache, 'known', known);
    writeFileSync(remembered, readFileSync(remembered, 'utf8').replaceAll('1.17.0', '1.17.0.remembered'));
    assert.equal((await findEnvironment('train', { env }))?.packages.six, '1.17.0.remembered');
  });

  it('stay usable when they were made from an older definition, and it is told', async () => {
    const folder = layOut('train', {});
    const [old] = await listEnvironments({ env });
    assert.equal(old?.state, 'ready');
    assert.equal(old.outdated, true);
    assert.match(
      `${old.problem?.message} ${old.problem?.hint}`,
      /older definition.*"maixcam env create train" renews it/,
    );
    const stampFile = path.join(folder, STAMP);
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Record<string, unknown>;
    writeFileSync(stampFile, JSON.stringify({ ...stamp, definition: definitionOf(environmentKinds.train) }));
    const [current] = await listEnvironments({ env });
    assert.equal(current?.outdated, false);
    assert.equal(current.problem, null);
  });

  it('are broken where they are half-made or lost their interpreter', async () => {
    const folder = layOut('train', {});
    rmSync(interpreterOf(folder));
    const [lost] = await listEnvironments({ env });
    assert.equal(lost!.state, 'broken');
    assert.match(lost!.problem?.message ?? '', /interpreter .* was removed/);
    rmSync(path.join(folder, STAMP));
    const [half] = await listEnvironments({ env });
    assert.equal(half!.state, 'broken');
    assert.match(half!.problem?.message ?? '', /not finished/);
    assert.equal(await findEnvironment('train', { env }), null);
  });

  it('are removed, and only by their name', async () => {
    const folder = layOut('train', {});
    await removeEnvironment('train', { env });
    assert.equal(existsSync(folder), false);
    const error = await failure(removeEnvironment('../..', { env }));
    assert.equal(error.code, 'ENV_UNKNOWN');
    assert.equal(error.kind, 'usage');
  });

  it('leave alone a folder that was not made here', async () => {
    const folder = layOut('train', {});
    rmSync(path.join(folder, MARKER));
    for (const work of [removeEnvironment('train', { env }), createEnvironment('train', { env })]) {
      assert.equal((await failure(work)).code, 'ENV_FOREIGN_FOLDER');
    }
    assert.ok(existsSync(path.join(folder, STAMP)));
  });

  it('name the missing Python before any work, and how to get it', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    const error = await failure(planCreation('convert', { env }));
    assert.equal(error.code, 'ENV_PYTHON_MISSING');
    assert.equal(error.kind, 'missing-tool');
    assert.match(error.message, /needs Python 3\.10/);
    assert.match(error.hint, /uv python install 3\.10.*pyenv install 3\.10.*apt install python3\.10/);
    assert.deepEqual(existsSync(path.join(cache, 'convert')), false);
  });

  it('refuse a Python that lies about its version', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    const python = await realPython();
    const lie = `[ "$1" = --version ] && { echo 'Python 3.10.13'; exit 0; }\nexec '${python.path}' "$@"`;
    // Found on PATH it is passed over and named; chosen by the person it is an error of its own.
    const found = writeProgram(cache, 'python3.10', lie);
    const passedOver = await failure(planCreation('convert', { env: { ...env, PATH: cache } }));
    assert.equal(passedOver.code, 'ENV_PYTHON_MISSING');
    assert.ok(passedOver.message.includes(`${found} was passed over: it contradicts itself`), passedOver.message);
    const chosen = await failure(planCreation('convert', { env: { ...env, MAIXCAM_PYTHON: found } }));
    assert.equal(chosen.code, 'ENV_PYTHON_UNUSABLE');
    assert.equal(chosen.kind, 'missing-tool');
    assert.match(chosen.message, /contradicts itself/);
  });

  it('say where a brought one is missing or of the wrong version', async () => {
    const gone = await failure(findEnvironment('train', { env: { ...env, MAIXCAM_TRAIN_PYTHON: '/gone/python' } }));
    assert.equal(gone.code, 'ENV_BROUGHT_MISSING');
    const python = await realPython();
    if (python.version.startsWith('3.10.') || process.platform !== 'linux' || process.arch !== 'x64') return;
    const brought = { ...env, MAIXCAM_CONVERT_PYTHON: python.path };
    const wrong = await failure(findEnvironment('convert', { env: brought }));
    assert.equal(wrong.code, 'ENV_BROUGHT_VERSION');
    const reports = await listEnvironments({ env: brought });
    assert.deepEqual(
      reports.map((one) => [one.name, one.state]),
      [
        ['train', 'missing'],
        ['convert', 'missing'],
        ['convert-own', 'broken'],
      ],
    );
  });

  it('name the Docker route where the converter cannot run', () => {
    for (const [platform, arch] of [
      ['win32', 'x64'],
      ['darwin', 'arm64'],
      ['linux', 'arm64'],
    ] as const) {
      const error = environmentKinds.convert.unsupported(platform, arch);
      assert.equal(error?.kind, 'missing-tool');
      assert.match(error.hint, /Docker/);
    }
    assert.equal(environmentKinds.convert.unsupported('linux', 'x64'), null);
  });
});

describe('output of the package installer', () => {
  it('is understood where the network is the trouble', () => {
    const recorded = `error: Failed to fetch: \`https://download.pytorch.org/whl/cpu/torch/\`
  Caused by: Request failed after 3 retries
  Caused by: error sending request for url (https://download.pytorch.org/whl/cpu/torch/)
  Caused by: client error (Connect)
  Caused by: dns error
  Caused by: failed to lookup address information: Name or service not known`;
    const error = networkError(recorded);
    assert.equal(error?.code, 'ENV_NETWORK');
    assert.match(error.message, /https:\/\/download\.pytorch\.org could not be reached/);
    assert.equal(networkError('  × No solution found when resolving dependencies'), null);
  });
});
