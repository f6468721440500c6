import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { onnxFixture } from '../support/onnx-fixtures';
import { PACKAGE_TIMEOUT_MS, unpackVsix, vsixFile, type Target } from '../support/vsix';

interface Verified {
  readonly identical: boolean;
  readonly engine: string;
}

for (const target of ['universal', 'linux-x64'] as const) {
  describe(`the unpacked ${target} package`, function () {
    this.timeout(PACKAGE_TIMEOUT_MS);
    let folder = '';
    let model = '';
    let cut = '';

    before(async function () {
      if (target === 'linux-x64' && (process.platform !== 'linux' || process.arch !== 'x64')) this.skip();
      // Outside the clone: nothing may be found in the clone's node_modules.
      folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam tést 图 '));
      await unpackVsix(await vsixFile(target satisfies Target), folder);
      model = path.join(folder, 'model.onnx');
      cut = path.join(folder, 'cut.onnx');
      writeFileSync(model, onnxFixture('trained/shapes-yolov8-detect').bytes);
      await maixcam(['cut', model, '-o', cut, '--board', 'maixcam']);
    });
    after(() => {
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    });

    async function maixcam(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
      const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, 'dist/cli.js'), ...args], {
        cwd: folder,
        env: { ...process.env, MAIXCAM_ENV_DIR: path.join(folder, 'cache'), ...env },
      });
      return stdout;
    }

    async function verify(env: Readonly<Record<string, string>> = {}): Promise<Verified> {
      return JSON.parse(await maixcam(['verify', cut, '--against', model, '--json'], env)) as Verified;
    }

    it('is the version of the clone', async () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
      assert.equal((await maixcam(['--version'])).trim(), version);
    });

    it('runs a model in the WebAssembly engine', async () => {
      const { identical, engine } = await verify({ MAIXCAM_ENGINE: 'wasm' });
      assert.equal(identical, true);
      assert.match(engine, /wasm/);
    });

    it(`chooses the ${target === 'universal' ? 'WebAssembly' : 'native'} engine by itself`, async () => {
      const { identical, engine } = await verify();
      assert.equal(identical, true);
      assert.match(engine, target === 'universal' ? /wasm/ : /native/);
    });

    it('has a host layer that loads by itself', async () => {
      const script = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(path.join(folder, 'dist/cli/workbench.mjs'))}))))`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
        cwd: folder,
      });
      const names = JSON.parse(stdout) as readonly string[];
      for (const name of ['recipeOverview', 'startJob', 'cancelJob', 'runProgram'])
        assert.ok(names.includes(name), name);
    });

    it('has a language server that answers', async () => {
      const child = spawn(process.execPath, [path.join(folder, 'dist/server.js'), '--stdio'], {
        cwd: folder,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      try {
        let written = '';
        const answered = new Promise<void>((resolve, reject) => {
          const note = (chunk: Buffer): void => {
            written += chunk.toString('utf8');
            if (/"id":1,"result":\{.*"capabilities"/.test(written)) resolve();
          };
          child.stdout.on('data', note);
          child.stderr.on('data', note);
          child.on('exit', (status) => reject(new Error(`ended with ${String(status)}:\n${written}`)));
        });
        const params = { processId: process.pid, rootUri: null, capabilities: {} };
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
        child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
        await answered;
      } finally {
        child.kill('SIGKILL');
      }
    });
  });
}
