import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { SERVER, useEditors } from '../support/lsp-server';

const RECIPE = 'file:///nowhere/model.maixcam.yaml';

describe('language server: its life', () => {
  const editors = useEditors();

  it('says what it offers, is ready, and leaves no process after shutdown and exit', async () => {
    const editor = editors.spawn();
    const capabilities = await editor.initialize();
    for (const one of ['diagnosticProvider', 'completionProvider', 'hoverProvider', 'documentSymbolProvider']) {
      assert.ok(capabilities[one], one);
    }
    await editor.until('ready', () => editor.statuses.at(-1));
    assert.deepEqual(editor.statuses, [{ state: 'ready', documents: 0 }]);
    assert.equal(await editor.end(), 0);
  });

  it('offers no pull diagnostics to a client that cannot pull', async () => {
    const capabilities = await editors.spawn().initialize({ mode: 'push' });
    assert.equal(capabilities.diagnosticProvider, undefined);
  });

  it('refuses another protocol version with the reason, and ends', async () => {
    const editor = editors.spawn();
    const ended = once(editor.child, 'exit');
    await assert.rejects(editor.initialize({ initializationOptions: { protocol: 999 } }), /version 999.*Reload/s);
    assert.equal(((await ended) as [number])[0], 1);
  });

  it('serves a client that names no version', async () => {
    const capabilities = await editors.spawn().initialize({ initializationOptions: { other: true } });
    assert.ok(capabilities.hoverProvider);
  });

  it('tells when it is busy and when it is done', async () => {
    const editor = await editors.start();
    await editor.open(RECIPE, 'maixcam-recipe', 'board: x\n');
    await editor.pull(RECIPE);
    await editor.until('busy, then ready', () => (editor.statuses.length >= 3 ? true : undefined));
    assert.deepEqual(editor.statuses.slice(1), [
      { state: 'busy', documents: 1 },
      { state: 'ready', documents: 0 },
    ]);
  });

  it('survives malformed params, unknown methods and unknown documents', async () => {
    const editor = await editors.start();
    const { connection } = editor;
    await editor.open(RECIPE, 'maixcam-recipe', 'board: x\n');
    for (const params of [{}, { textDocument: null }, { textDocument: { uri: 7 } }, [1], { contentChanges: 'x' }]) {
      for (const method of ['didOpen', 'didChange', 'didSave', 'didClose']) {
        await connection.sendNotification(`textDocument/${method}`, params);
      }
      await connection.sendNotification('workspace/didChangeWatchedFiles', params);
      await connection.sendNotification('workspace/didChangeConfiguration', params);
    }
    const bad = { textDocument: { uri: RECIPE }, position: { line: 'x', character: -4 }, context: 3 };
    const far = {
      textDocument: { uri: RECIPE },
      position: { line: 1e9, character: 1e9 },
      context: { diagnostics: [] },
    };
    for (const method of ['hover', 'completion', 'codeAction', 'documentSymbol', 'codeLens', 'diagnostic']) {
      for (const params of [{}, null, bad, far, { textDocument: { uri: 'file:///unknown' } }]) {
        await editor.ask(`textDocument/${method}`, params).catch(() => undefined);
      }
    }
    await assert.rejects(editor.ask('maixcam/fixFile', { uri: 4 }), /parameters are wrong/);
    await assert.rejects(editor.ask('maixcam/noSuch', {}));
    // A refused didOpen has not harmed the document that is open.
    assert.ok((await editor.pull(RECIPE)).length > 0);
    assert.equal(editor.child.exitCode, null);
  });

  it('ends when the editor that started it over stdio is gone', async () => {
    const editor = editors.spawn();
    await editor.initialize();
    const ended = once(editor.child, 'exit');
    editor.child.stdin.end();
    await ended;
  });

  it('ends when the process that started it over IPC is killed', async function () {
    if (process.platform === 'win32') this.skip();
    // The parent starts the server as the extension host does, and says its id.
    const program = `
      const { fork } = require('node:child_process');
      const child = fork(${JSON.stringify(SERVER)}, ['--node-ipc'], { stdio: 'ignore' });
      child.on('message', () => process.stdout.write(String(child.pid)));
      child.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: process.pid, capabilities: {} } });
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [written] = (await once(parent.stdout, 'data')) as [Buffer];
    const server = Number(written.toString());
    assert.ok(isAlive(server));
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    while (isAlive(server)) await new Promise((resolve) => setImmediate(resolve));
  });
});

/** A process that has ended and waits for nobody to take its status is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}
