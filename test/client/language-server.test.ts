import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { FixFileParams, FixFileResult } from '../../server/src/protocol/methods';
import type { ClientParts } from '../../client/src/ui/language/client';
import { fixFile } from '../../client/src/ui/language/fix-file';
import { LanguageServer, type ServerLink } from '../../client/src/ui/language/language-server';
import { extensionContext } from '../support/extension-context';
import { type Editor as ServerProcess, useEditors } from '../support/lsp-server';
import { useTempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { window } from '../support/vscode-stub';
import { StubDocument } from '../support/vscode-stub/documents';
import { useEditor } from '../support/vscode-stub/editor';
import { choose } from '../support/vscode-stub/prompts';
import { Uri } from '../support/vscode-stub/values';

describe('fixes of files on the disk', () => {
  const editor = useEditor();
  const servers = useEditors();
  const folder = useTempFolder();

  /** A file that the editor shows and the real server has; the fix as its code action names it. */
  async function opened(): Promise<{
    readonly file: string;
    readonly shown: StubDocument;
    readonly params: FixFileParams;
    readonly asked: FixFileParams[];
    readonly request: (params: FixFileParams) => Promise<FixFileResult>;
  }> {
    const file = folder.file('m.mud');
    writeFileSync(file, '\uFEFF[basic]\ntype = cvimodel\nmodel = m.cvimodel\n');
    editor().openFolders(folder.path);
    const shown = editor().openFile(file);
    const uri = shown.uri.toString();
    const server = await servers.start();
    await server.open(uri, shown.languageId, shown.getText());
    const found = await server.pull(uri);
    const action = (await server.actions(uri, found)).find(({ command }) => command?.command === 'maixcam.fixFile');
    const [, code, title] = (action?.command?.arguments ?? []) as string[];
    assert.ok(code !== undefined && title !== undefined, 'a fix of the file');
    const asked: FixFileParams[] = [];
    const request = async (params: FixFileParams): Promise<FixFileResult> => {
      asked.push(params);
      return await server.ask<FixFileResult>('maixcam/fixFile', params);
    };
    return { file, shown, params: { uri, code, title }, asked, request };
  }
  const startsWithMark = (file: string): boolean => readFileSync(file, 'utf8').startsWith('\uFEFF');

  it('are made without a question where all is saved', async () => {
    const { file, params, request } = await opened();
    await fixFile(params, request);
    assert.ok(!startsWithMark(file));
    assert.deepEqual(editor().prompts.seen, []);
  });

  it('ask to save first, and then are made', async () => {
    const { file, shown, params, request, asked } = await opened();
    shown.isDirty = true;
    editor().prompts.answer(choose('Save and Fix'));
    await fixFile(params, request);
    const [question, ...more] = editor().prompts.messages('warning');
    assert.deepEqual(more, []);
    assert.match(question?.text ?? '', /^m\.mud has changes that are not saved\./);
    assert.deepEqual(question?.choices, ['Save and Fix']);
    assert.equal(asked.length, 1);
    assert.ok(!shown.isDirty);
    assert.ok(!startsWithMark(file));
  });

  it('change nothing where the question is left, or saving fails', async () => {
    const { file, shown, params, request, asked } = await opened();
    shown.isDirty = true;
    await fixFile(params, request);
    assert.ok(shown.isDirty);
    shown.canSave = false;
    editor().prompts.answer(choose('Save and Fix'));
    await fixFile(params, request);
    assert.deepEqual(asked, []);
    assert.ok(startsWithMark(file));
  });

  it('that the server refuses are told with its reason', async () => {
    const { file, params, request } = await opened();
    writeFileSync(file, '[basic]\ntype = cvimodel\nmodel = other.cvimodel\n');
    await fixFile(params, request);
    const [told] = editor().prompts.messages('warning');
    assert.match(told?.text ?? '', /^m\.mud has changes that are not saved/);
  });

  it('of a file that vanished say so', async () => {
    const { file, params, request } = await opened();
    rmSync(file);
    await fixFile(params, request);
    assert.equal(editor().prompts.messages('warning').length, 1);
    assert.match(editor().prompts.messages('warning')[0]?.text ?? '', /m\.mud/);
  });
});

describe('life of the language server', () => {
  const editor = useEditor();
  const opened: LanguageServer[] = [];
  // Before the processes are ended, which would be crashes to a window that is still there.
  afterEach(() => {
    for (const server of opened.splice(0)) server.dispose();
  });
  const processes = useEditors();
  const mud = (): StubDocument => new StubDocument(Uri.file('/w/m.mud'), '[basic]\n');
  const yaml = (text: string): StubDocument => new StubDocument(Uri.file('/w/some.yaml'), text);

  /** A window whose client speaks a version of the protocol with the real server; the library needs a real editor. */
  function openWindow(protocol = 1): {
    readonly server: LanguageServer;
    readonly children: ServerProcess[];
    readonly ready: () => number;
  } {
    const children: ServerProcess[] = [];
    let ready = 0;
    let starting = false;
    let disposed = false;
    const run = async (parts: ClientParts): Promise<void> => {
      const child = processes.spawn();
      children.push(child);
      starting = true;
      parts.onStarting();
      void once(child.child, 'exit').then(async () => {
        if (!disposed && parts.onCrash()) await run(parts);
      });
      try {
        await child.initialize({ initializationOptions: { protocol } });
        ready += 1;
        parts.onStatus({ state: 'ready', documents: 0 });
      } finally {
        starting = false;
      }
    };
    const connect = (parts: ClientParts): Promise<ServerLink> => {
      disposed = false;
      return Promise.resolve({
        start: () => run(parts),
        // Fails where the process is gone, as the library's fails where it does not answer.
        dispose: async () => {
          disposed = true;
          await children.at(-1)?.end();
        },
        request: () => Promise.reject(new Error('nothing is asked')),
        openNow: () => Promise.resolve(),
        get isStarting() {
          return starting;
        },
      });
    };
    const server = new LanguageServer(extensionContext(), window.createOutputChannel('MaixCAM'), connect);
    opened.push(server);
    return { server, children, ready: () => ready };
  }
  const errors = (): readonly { readonly text: string; readonly choices: readonly string[] }[] =>
    editor().prompts.messages('error');

  it('begins with the first document of ours, not with the window or another YAML', async () => {
    editor().addDocument(yaml('services:\n'));
    const { server, children, ready } = openWindow();
    server.start();
    editor().documentOpenings.fire(yaml('jobs:\n'));
    assert.deepEqual([children.length, editor().channels, editor().watchers], [0, ['MaixCAM'], []]);
    editor().documentOpenings.fire(mud());
    editor().documentOpenings.fire(mud());
    await until('the server', () => ready() === 1);
    assert.equal(children.length, 1);
    assert.ok(!editor().documentOpenings.hasListeners && !editor().documentChanges.hasListeners);
    assert.equal(editor().statusItems[0]?.text, 'MaixCAM: ready');
  });

  it('begins with a YAML that becomes a dataset, and where one was open before', async () => {
    const first = openWindow();
    first.server.start();
    const document = yaml('train: images/train\nval: images/val\n');
    editor().documentChanges.fire({ document, contentChanges: [], reason: undefined });
    await until('the server', () => first.ready() === 1);
    first.server.dispose();
    editor().addDocument(mud());
    const second = openWindow();
    second.server.start();
    await until('the server of the second window', () => second.ready() === 1);
  });

  it('of another version is tried once more, then told once with its log', async () => {
    editor().addDocument(mud());
    const { server, children, ready } = openWindow(999);
    editor().prompts.answer(choose('Show Log'));
    server.start();
    await until('the log', () => editor().logShown === 1);
    assert.deepEqual([children.length, ready()], [2, 0]);
    assert.deepEqual(
      errors().map(({ choices }) => choices),
      [['Show Log', 'Restart']],
    );
    assert.match(errors()[0]?.text ?? '', /version 1 of its protocol, the extension version 999/);
    assert.equal(editor().statusItems[0]?.text, 'MaixCAM: stopped');
  });

  it('is started again after four crashes; the fifth is told once, and a restart begins anew', async () => {
    editor().addDocument(mud());
    const { server, children, ready } = openWindow();
    server.start();
    for (let crash = 1; crash <= 5; crash += 1) {
      await until(`server ${crash}`, () => ready() === crash);
      assert.deepEqual(errors(), []);
      children.at(-1)?.child.kill('SIGKILL');
    }
    await until('the message', () => errors().length > 0);
    assert.match(errors()[0]?.text ?? '', /It ended 5 times in a few minutes\./);
    assert.equal(editor().statusItems[0]?.text, 'MaixCAM: stopped');
    await server.restart();
    assert.deepEqual([children.length, ready(), errors().length], [6, 6, 1]);
    assert.equal(editor().statusItems[0]?.text, 'MaixCAM: ready');
  });
});
