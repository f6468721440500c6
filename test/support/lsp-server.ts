import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-types';
import { PROTOCOL_VERSION } from '../../server/src/protocol/methods';

/** Folder of the built product; `MAIXCAM_TEST_DIST` names another build of it. */
export const DIST = path.resolve(process.env.MAIXCAM_TEST_DIST ?? 'dist');
export const SERVER = path.join(DIST, 'server.js');

/** Nothing in these tests takes as long; a wait that does is told with what it waited for. */
const DEADLINE_MS = 20_000;

export interface EditorOptions {
  /** How the editor gets diagnostics. */
  readonly mode?: 'pull' | 'push';
  readonly initializationOptions?: unknown;
  /** What the editor answers to `workspace/configuration`. */
  readonly settings?: unknown;
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

interface DocumentReport {
  readonly kind: 'full' | 'unchanged';
  readonly resultId?: string;
  readonly items?: readonly Diagnostic[];
}

/** The built server as a child over stdio, driven as an editor drives it. */
export class Editor {
  readonly published: Published[] = [];
  readonly refreshes: string[] = [];
  readonly statuses: unknown[] = [];
  readonly logs: string[] = [];
  settings: unknown;
  private readonly documents = new Map<string, TextDocument>();
  private readonly watchers = new Set<() => void>();

  private constructor(
    readonly child: ChildProcessByStdio<Writable, Readable, Readable>,
    readonly connection: MessageConnection,
    options: EditorOptions,
  ) {
    this.settings = options.settings;
    connection.onNotification('textDocument/publishDiagnostics', (params: Published) => {
      this.published.push(params);
      this.wake();
    });
    connection.onNotification('maixcam/status', (params: unknown) => {
      this.statuses.push(params);
      this.wake();
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logs.push(message);
      this.wake();
    });
    for (const method of ['workspace/diagnostic/refresh', 'workspace/codeLens/refresh']) {
      connection.onRequest(method, () => {
        this.refreshes.push(method);
        this.wake();
        return null;
      });
    }
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings ?? null),
    );
  }

  /** Starts a server (another one than ours only in a bench); `initialize` is still to be sent. */
  static spawn(options: EditorOptions = {}, program: string = SERVER): Editor {
    const child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.onError(() => undefined);
    connection.listen();
    return new Editor(child, connection, options);
  }

  async initialize(options: EditorOptions = {}): Promise<Readonly<Record<string, unknown>>> {
    const pull = options.mode !== 'push';
    const result: { capabilities: Record<string, unknown> } = await this.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      initializationOptions: options.initializationOptions ?? { protocol: PROTOCOL_VERSION },
      capabilities: {
        textDocument: pull ? { diagnostic: {} } : {},
        workspace: {
          configuration: true,
          workspaceEdit: { documentChanges: true },
          diagnostics: { refreshSupport: true },
          codeLens: { refreshSupport: true },
        },
      },
    });
    await this.connection.sendNotification('initialized', {});
    return result.capabilities;
  }

  async open(uri: string, languageId: string, text: string): Promise<void> {
    this.documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  /** Replaces the whole text by a new version. */
  async type(uri: string, text: string): Promise<void> {
    const old = this.document(uri);
    const version = old.version + 1;
    this.documents.set(uri, TextDocument.create(uri, old.languageId, version, text));
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  async close(uri: string): Promise<void> {
    this.documents.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  async save(uri: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  }

  /** Tells of a file that appeared (1), changed (2) or vanished (3). */
  async watched(uri: string, type: 1 | 2 | 3): Promise<void> {
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
  }

  report(uri: string, previousResultId?: string): Promise<DocumentReport> {
    return this.ask('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
  }

  async pull(uri: string): Promise<readonly Diagnostic[]> {
    return (await this.report(uri)).items ?? [];
  }

  ask<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  /** Fixes for some diagnostics, or of some kinds. */
  actions(uri: string, diagnostics: readonly Diagnostic[], only?: readonly string[]): Promise<readonly CodeAction[]> {
    const range = diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const context = { diagnostics, ...(only === undefined ? {} : { only }) };
    return this.ask('textDocument/codeAction', { textDocument: { uri }, range, context });
  }

  /** Applies the edit of an action as the editor does: refuses one for another version. */
  async apply(uri: string, action: CodeAction): Promise<string> {
    const old = this.document(uri);
    const [change] = action.edit?.documentChanges ?? [];
    if (change === undefined || !('textDocument' in change) || !('edits' in change)) throw new Error('no edit');
    if (change.textDocument.version !== old.version) throw new Error('an edit for another version');
    const text = TextDocument.applyEdits(old, change.edits as TextEdit[]);
    await this.type(uri, text);
    return text;
  }

  /** Waits until a fact holds, looked at after each message of the server. */
  async until<T>(what: string, look: () => T | undefined): Promise<T> {
    return await new Promise((resolve, reject) => {
      const watcher = (): void => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(deadline);
        this.watchers.delete(watcher);
        resolve(found);
      };
      const deadline = setTimeout(() => {
        this.watchers.delete(watcher);
        reject(new Error(`waited for ${what}; log:\n${this.logs.join('\n')}`));
      }, DEADLINE_MS);
      this.watchers.add(watcher);
      watcher();
    });
  }

  /** The latest diagnostics that were pushed for a document, once they are as wanted. */
  pushed(uri: string, wanted: (published: Published) => boolean): Promise<Published> {
    return this.until(`diagnostics of ${uri}`, () => {
      const last = this.published.findLast((one) => one.uri === uri);
      return last !== undefined && wanted(last) ? last : undefined;
    });
  }

  /** Ends the server as an editor does; its exit status. */
  async end(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    await this.connection.sendRequest('shutdown');
    const ended = once(this.child, 'exit');
    await this.connection.sendNotification('exit');
    const [status] = (await ended) as [number | null];
    this.connection.dispose();
    return status;
  }

  /** For a test that failed half-way: leaves no process. */
  kill(): void {
    this.connection.dispose();
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
  }

  private document(uri: string): TextDocument {
    const document = this.documents.get(uri);
    if (document === undefined) throw new Error(`${uri} is not open`);
    return document;
  }

  private wake(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}

/** Gives each test of a suite editors of its own, ended when it is over. */
export function useEditors(): { start(options?: EditorOptions): Promise<Editor>; spawn(): Editor } {
  const editors: Editor[] = [];
  // Longer than a wait, so that one that fails says what it waited for.
  beforeEach(function () {
    this.currentTest?.timeout(3 * DEADLINE_MS);
  });
  afterEach(() => {
    for (const editor of editors.splice(0)) editor.kill();
  });
  const keep = (editor: Editor): Editor => {
    editors.push(editor);
    return editor;
  };
  return {
    start: async (options) => {
      const editor = keep(Editor.spawn(options));
      await editor.initialize(options);
      return editor;
    },
    spawn: () => keep(Editor.spawn()),
  };
}
