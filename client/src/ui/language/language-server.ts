import * as vscode from 'vscode';
import { parseFixFileParams, parseFixFileResult } from '../../../../server/src/protocol/parse';
import type { ClientParts, ServerClient } from './client';
import { CrashLimit } from './crash-limit';
import { FIX_FILE, fixFile } from './fix-file';
import { DocumentFilter } from './middleware';
import { RestartQueue } from './restart-queue';
import { qualifies } from './served-documents';
import { SHOW_SERVER_LOG, StatusItem } from './status-item';
import { TraceChannel } from './trace-channel';

/** Restarts by itself within `CRASH_WINDOW_MS`; after them a person is told, once. */
const CRASHES_ALLOWED = 4;
const CRASH_WINDOW_MS = 3 * 60_000;

/** Files that MUD files, datasets and recipes refer to; pictures would be too many. */
const WATCHED = '**/*.{mud,yaml,yml,cvimodel,axmodel,onnx,pt}';

/** What this class uses of the client. */
export type ServerLink = Pick<ServerClient, 'start' | 'dispose' | 'request' | 'openNow' | 'isStarting'>;

/**
 * The language server of this window: a child process, started with the first document that needs it, started again when
 * it crashes or a person asks for it (spec architecture.md 1.4, 3.7).
 */
export class LanguageServer implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly crashes = new CrashLimit(CRASHES_ALLOWED, CRASH_WINDOW_MS);
  private readonly queue = new RestartQueue(() => this.replace());
  private parts: Parts | undefined;
  private client: ServerLink | undefined;
  private replacing = false;
  private stopped = false;

  /**
   * @param log the extension's own channel; the server has another one
   * @param connect makes a client, which is not started yet
   */
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly connect: (parts: ClientParts) => Promise<ServerLink> = libraryClient,
  ) {}

  /** Listens for documents; starts nothing before the first that qualifies. */
  start(): void {
    this.disposables.push(
      vscode.commands.registerCommand(FIX_FILE, (uri: unknown, code: unknown, title: unknown) =>
        this.fix({ uri, code, title }),
      ),
      vscode.commands.registerCommand(SHOW_SERVER_LOG, () => this.showLog()),
    );
    this.context.subscriptions.push(this);
    if (vscode.workspace.textDocuments.some(qualifies)) {
      this.begin();
      return;
    }
    const looking = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.look(document, looking)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.look(document, looking)),
    );
    this.disposables.push(looking);
  }

  /** Ends the server and starts a new one; calls while one is under way share the next. */
  async restart(): Promise<void> {
    this.crashes.reset();
    await this.queue.request();
  }

  showLog(): void {
    this.wired().log.show(true);
  }

  dispose(): void {
    this.stopped = true;
    for (const disposable of this.disposables.splice(0)) disposable.dispose();
    const { client, parts } = this;
    this.client = undefined;
    this.parts = undefined;
    void client?.dispose().catch(() => undefined);
    parts?.dispose();
  }

  private look(document: vscode.TextDocument, looking: vscode.Disposable): void {
    if (!qualifies(document)) return;
    looking.dispose();
    this.begin();
  }

  private begin(): void {
    if (this.client !== undefined) return;
    this.queue.request().catch((thrown: unknown) => {
      this.log.error('The language server was not started.', String(thrown));
    });
  }

  private async replace(): Promise<void> {
    if (this.stopped) return;
    this.replacing = true;
    try {
      // A server that hangs does not answer its end, and is what a person wants to replace.
      await this.client?.dispose().catch((thrown: unknown) => {
        this.log.warn('The language server did not end as it was asked to.', String(thrown));
      });
      await this.startNew(this.wired());
    } finally {
      this.replacing = false;
    }
  }

  private async startNew(parts: Parts): Promise<void> {
    // Refused by a server of another version: an update may have put a new one in place meanwhile.
    for (let attempt = 1; ; attempt += 1) {
      try {
        const client = await this.created(parts);
        this.client = client;
        await client.start();
        // The window was closed meanwhile.
        if (this.stopped) await client.dispose();
        return;
      } catch (thrown) {
        this.log.error(`The language server did not start (attempt ${attempt}).`, String(thrown));
        if (attempt < 2) continue;
        this.tellStopped(vscode.l10n.t('It did not start: {0}', messageOf(thrown)));
        throw thrown;
      }
    }
  }

  private async created(parts: Parts): Promise<ServerLink> {
    const client: ServerLink = await this.connect({
      log: parts.log,
      trace: parts.trace,
      watchers: parts.watchers,
      middleware: parts.filter.middleware,
      onStatus: (status) => parts.status.running(status),
      onStarting: () => {
        parts.filter.reset();
        parts.status.starting();
      },
      onStartFailed: () => {
        // The library tried it after a crash; a start of ours is told by whoever asked for it.
        if (!this.replacing) this.tellStopped(vscode.l10n.t('It could not be started again.'));
      },
      onCrash: () => this.client === client && this.crashed(client),
    });
    return client;
  }

  /** Whether the client shall start the server again. */
  private crashed(client: ServerLink): boolean {
    if (client.isStarting) return false;
    const again = this.crashes.crashed();
    this.log.warn(`The language server ended by itself; it is ${again ? '' : 'not '}started again.`);
    if (!again) this.tellStopped(vscode.l10n.t('It ended {0} times in a few minutes.', CRASHES_ALLOWED + 1));
    return again;
  }

  private tellStopped(reason: string): void {
    this.parts?.status.stopped(reason);
    const showLog = vscode.l10n.t('Show Log');
    const restart = vscode.l10n.t('Restart');
    const text = vscode.l10n.t(
      'The MaixCAM language server is stopped, so there are no problems and no completion. {0}',
      reason,
    );
    void vscode.window.showErrorMessage(text, showLog, restart).then((answer) => {
      if (answer === showLog) this.showLog();
      if (answer === restart) this.restart().catch(() => undefined);
    });
  }

  private async fix(value: unknown): Promise<void> {
    const params = parseFixFileParams(value);
    const { client } = this;
    if (params === null || client === undefined) return;
    try {
      await fixFile(params, (asked) => client.request('maixcam/fixFile', asked, parseFixFileResult));
    } catch (thrown) {
      this.log.error('The file could not be mended.', String(thrown));
      const showLog = vscode.l10n.t('Show Log');
      const text = vscode.l10n.t('The file could not be mended: {0}', messageOf(thrown));
      if ((await vscode.window.showErrorMessage(text, showLog)) === showLog) this.log.show(true);
    }
  }

  private wired(): Parts {
    this.parts ??= new Parts((document) => this.client?.openNow(document) ?? Promise.resolve());
    return this.parts;
  }
}

/** What outlives a restart: channels, the status item, watchers and the filter. */
class Parts {
  readonly log = vscode.window.createOutputChannel('MaixCAM Language Server', { log: true });
  readonly trace = new TraceChannel();
  readonly status = new StatusItem();
  readonly watchers = [vscode.workspace.createFileSystemWatcher(WATCHED)];
  readonly filter: DocumentFilter;

  constructor(open: (document: vscode.TextDocument) => Promise<void>) {
    this.filter = new DocumentFilter(open);
  }

  dispose(): void {
    this.filter.dispose();
    this.status.dispose();
    for (const watcher of this.watchers) watcher.dispose();
    this.trace.dispose();
    this.log.dispose();
  }
}

/** The client library is half of the extension's code: it is loaded with the first server. */
async function libraryClient(parts: ClientParts): Promise<ServerLink> {
  const { ServerClient } = await import('./client');
  return new ServerClient(parts);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
