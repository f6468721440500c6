import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { discoverInterpreter, isUsable, knownPlaces } from '../../../client/src/host/python/discover';
import { probeInterpreter } from '../../../client/src/host/python/interpreter';
import { interpreterOf } from '../../../client/src/host/python/place';
import { realPython, writeProgram } from './real-python';

describe('Python interpreters', function () {
  this.timeout(30_000);
  let folder: string;
  let python: { path: string; version: string };

  before(async function () {
    if (process.platform === 'win32') this.skip();
    python = await realPython();
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'python probe '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const reasonOf = async (file: string): Promise<string> => {
    const found = await probeInterpreter(file);
    assert.ok('reason' in found, `${file} was believed: ${JSON.stringify(found)}`);
    return found.reason;
  };

  it('asks an honest one for its version', async () => {
    const found = await probeInterpreter(python.path);
    assert.ok(isUsable(found));
    assert.equal(found.version, python.version);
    assert.equal(found.bits, 64);
  });

  it('finds out one whose name lies', async () => {
    const file = writeProgram(folder, 'python3.2', `exec '${python.path}' "$@"`);
    assert.match(await reasonOf(file), /^contradicts itself: it is called python3\.2, but it runs as 3\./);
    const link = path.join(folder, 'python2');
    symlinkSync(python.path, link);
    assert.match(await reasonOf(link), /called python2/);
  });

  it('finds out one whose --version lies', async () => {
    const file = writeProgram(
      folder,
      'python',
      `[ "$1" = --version ] && { echo 'Python 3.10.99'; exit 0; }\nexec '${python.path}' "$@"`,
    );
    assert.match(await reasonOf(file), /--version says 3\.10\.99, but it runs as 3\./);
  });

  it('finds out one that lies from inside', async () => {
    // Whatever code is asked runs after the version tuple was replaced.
    const lie =
      'import sys; code, nonce = sys.argv[-2:]; sys.argv = ["-c", nonce]; sys.version_info = (3, 2, 1, "final", 0); exec(code)';
    const file = writeProgram(
      folder,
      'python',
      `case "$*" in *--version*) echo 'Python 3.2.1';; *) exec '${python.path}' -c '${lie}' "$@";; esac`,
    );
    assert.match(await reasonOf(file), /contradicts itself: its version number says 3\.\d+, but it runs as 3\.2\.1/);
  });

  it('finds out a canned answer, and what cannot run at all', async () => {
    const canned = writeProgram(folder, 'canned', `echo '{"nonce":"x","info":[3,10,13]}'`);
    assert.match(await reasonOf(canned), /does not behave like a Python/);
    const silent = writeProgram(folder, 'silent', 'exit 0');
    assert.match(await reasonOf(silent), /does not behave like a Python/);
    const shim = writeProgram(folder, 'shim', "echo 'pyenv: python3.10: command not found' >&2; exit 127");
    assert.match(await reasonOf(shim), /cannot be run: pyenv: python3\.10: command not found/);
    assert.match(await reasonOf(path.join(folder, 'gone')), /cannot be run: .*not found/);
    const plain = path.join(folder, 'plain');
    writeFileSync(plain, 'no program');
    chmodSync(plain, 0o644);
    assert.match(await reasonOf(plain), /cannot be run/);
  });

  it('looks in every known place, in order, wanted versions only', () => {
    const home = path.join(folder, 'home');
    const bin = path.join(folder, 'bin');
    const place = (file: string): string => {
      mkdirSync(path.dirname(file), { recursive: true });
      return writeProgram(path.dirname(file), path.basename(file), 'exit 1');
    };
    const onPath = place(path.join(bin, 'python3'));
    const exact = place(path.join(bin, 'python3.10'));
    const pyenv = (version: string): string => place(interpreterOf(path.join(home, '.pyenv', 'versions', version)));
    const [newer, older] = [pyenv('3.10.13'), pyenv('3.10.2')];
    pyenv('3.11.7');
    const conda = place(path.join(home, 'miniconda3', 'envs', 'tpu', 'bin', 'python'));
    const found = knownPlaces({
      env: { PATH: bin, MAIXCAM_PYTHON: '/chosen/by/variable', HOME: home },
      setting: '/chosen/by/setting',
      wanted: [[3, 10]],
      platform: 'linux',
    });
    assert.deepEqual(
      found.filter((one) => !one.path.startsWith('/opt/')),
      [
        { path: '/chosen/by/setting', source: 'setting' },
        { path: '/chosen/by/variable', source: 'MAIXCAM_PYTHON' },
        { path: exact, source: 'PATH' },
        { path: onPath, source: 'PATH' },
        { path: newer, source: 'pyenv' },
        { path: older, source: 'pyenv' },
        { path: conda, source: 'conda' },
      ],
    );
  });

  it('prefers the best wanted version over the order of places', async () => {
    const [major, minor] = python.version.split('.').map(Number) as [number, number];
    writeProgram(folder, 'python3', 'exit 1');
    symlinkSync(python.path, path.join(folder, `python${major}.${minor}`));
    const { chosen, seen } = await discoverInterpreter({
      env: { PATH: folder, HOME: folder },
      wanted: [
        [major, minor + 1],
        [major, minor],
      ],
    });
    assert.equal(chosen?.version, python.version);
    assert.ok(seen.some((one) => !isUsable(one) && one.path === path.join(folder, 'python3')));
  });
});
