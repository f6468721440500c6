import {
  CodeActionKind,
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  type ClientCapabilities,
  type CodeLens,
  type Connection,
  type InitializeError,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { DiskFiles } from '../node/language-files';
import { PROTOCOL_VERSION } from '../protocol/methods';
import { parseFixFileParams, parseInitializationOptions } from '../protocol/parse';
import { Checks } from './checks';
import { codeActions, FIX_ALL_KIND } from './code-actions';
import { DiskFindings } from './disk-findings';
import { fixFile } from './fix-file';
import { Guard } from './guard';
import { OpenDocuments, type OpenDocument } from './open-documents';
import { PullReporting, PushReporting, type Reporting } from './reporting';
import { SECTION, SettingsCache } from './settings';
import { onClientRequest } from './typed-messages';
import { WorkStatus } from './work-status';

/** Milliseconds that one question to a language may spend on the disk: the editor waits meanwhile. */
const DISK_BUDGET_MS = 1000;

/** Characters after which completion opens by itself. */
const TRIGGERS = [' ', '=', ',', '/', '['];

export interface ServerHost {
  /** A client of another protocol version was refused; it will send nothing more. */
  refused(): void;
}

/** Serves one connection: wires the languages to it and starts listening (spec architecture.md 3.4, 3.7 job 1). */
export function startServer(connection: Connection, host: ServerHost): void {
  new Server(connection, host).listen();
}

class Server {
  private readonly files = new DiskFiles({ budgetMs: DISK_BUDGET_MS });
  private readonly guard: Guard;
  private readonly documents: OpenDocuments;
  private readonly disk: DiskFindings;
  private readonly checks: Checks;
  private readonly settings: SettingsCache;
  private readonly status: WorkStatus;
  private client: ClientCapabilities = {};
  private reporting: Reporting;

  constructor(
    private readonly connection: Connection,
    private readonly host: ServerHost,
  ) {
    this.guard = new Guard(this.files, connection.console);
    this.documents = new OpenDocuments(this.files, (uri) =>
      connection.console.warn(`${uri} is too long to be checked while it is edited.`),
    );
    this.disk = new DiskFindings(this.guard);
    this.checks = new Checks(this.guard, this.disk);
    this.settings = new SettingsCache(connection, () => this.client.workspace?.configuration === true);
    this.status = new WorkStatus(connection);
    this.reporting = new PushReporting(this.reportingParts());
  }

  listen(): void {
    this.connection.onInitialize((params) => this.initialize(params));
    this.connection.onInitialized(() => this.initialized());
    this.onDocuments();
    this.onDisk();
    this.onFeatures();
    this.documents.listen(this.connection);
    this.connection.listen();
  }

  private reportingParts(): ConstructorParameters<typeof PushReporting>[0] {
    const { connection, documents, checks, disk, status } = this;
    return { connection, documents, checks, disk, status };
  }

  private initialize(params: InitializeParams): InitializeResult | ResponseError<InitializeError> {
    // A client that names no version is a general one: it uses no message beside LSP's own.
    const options = parseInitializationOptions(params.initializationOptions);
    if (options !== null && options.protocol !== PROTOCOL_VERSION) {
      this.host.refused();
      const text =
        `The language server speaks version ${PROTOCOL_VERSION} of its protocol, the extension version ` +
        `${options.protocol}: the extension was updated while it ran. Reload the window.`;
      return new ResponseError<InitializeError>(LSPErrorCodes.RequestFailed, text, { retry: false });
    }
    this.client = params.capabilities;
    const pull = this.client.textDocument?.diagnostic !== undefined;
    if (pull) {
      const canRefresh = this.client.workspace?.diagnostics?.refreshSupport === true;
      this.reporting = new PullReporting(this.reportingParts(), canRefresh);
    }
    return {
      serverInfo: { name: 'MaixCAM Language Server' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        ...(pull
          ? {
              diagnosticProvider: { identifier: SECTION, interFileDependencies: false, workspaceDiagnostics: false },
            }
          : {}),
        completionProvider: { triggerCharacters: TRIGGERS },
        hoverProvider: true,
        documentSymbolProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] },
        codeLensProvider: { resolveProvider: false },
      },
    };
  }

  private initialized(): void {
    if (this.client.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      void this.connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
    }
    this.status.ready();
  }

  private onDocuments(): void {
    const { texts } = this.documents;
    let opening: string | null = null;
    texts.onDidOpen(({ document: { uri } }) => {
      opening = uri;
      const document = this.documents.get(uri);
      if (document === null) return;
      this.disk.refresh(document);
      this.reporting.opened(uri);
    });
    texts.onDidChangeContent(({ document: { uri } }) => {
      const first = opening === uri;
      opening = null;
      // Told for the opening too, which was answered above.
      if (first) return;
      const document = this.documents.get(uri);
      if (document !== null) this.disk.ensure(document);
      this.reporting.changed(uri);
    });
    texts.onDidSave(({ document: { uri } }) => {
      const document = this.documents.get(uri);
      if (document === null) return;
      this.disk.refresh(document);
      this.diskChanged();
    });
    texts.onDidClose(({ document: { uri } }) => {
      this.disk.forget(uri);
      this.checks.forget(uri);
      this.settings.forget(uri);
      this.reporting.closed(uri);
    });
  }

  private onDisk(): void {
    this.connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri } of changes) {
        const document = this.documents.get(uri);
        if (document !== null) this.disk.refresh(document);
      }
      this.diskChanged();
    });
    onClientRequest(this.connection, 'maixcam/fixFile', parseFixFileParams, async (params) => {
      const document = this.documents.get(params.uri);
      const result = await fixFile(params, document);
      if (document !== null) this.disk.refresh(document);
      this.diskChanged();
      return result;
    });
    this.connection.onDidChangeConfiguration(() => {
      this.settings.forgetAll();
      if (this.client.workspace?.codeLens?.refreshSupport === true)
        void this.connection.sendRequest(CodeLensRefreshRequest.type);
    });
  }

  private diskChanged(): void {
    this.files.forget();
    this.checks.forgetAll();
    this.reporting.diskChanged();
  }

  private onFeatures(): void {
    const { connection, guard } = this;
    connection.onCompletion(({ textDocument, position }) =>
      this.with(textDocument.uri, (document) =>
        guard.ask(document, 'completion', [], (of, view) => [...of.complete(view, position)]),
      ),
    );
    connection.onHover(({ textDocument, position }) =>
      this.with(textDocument.uri, (document) =>
        guard.ask(document, 'hover', null, (of, view) => of.hover(view, position)),
      ),
    );
    connection.onDocumentSymbol(({ textDocument }) =>
      this.with(textDocument.uri, (document) =>
        guard.ask(document, 'symbols', [], (of, view) => [...of.symbols(view)]),
      ),
    );
    connection.onCodeAction(({ textDocument, context }) =>
      this.with(textDocument.uri, (document) => {
        const versioned = this.client.workspace?.workspaceEdit?.documentChanges === true;
        const request = { diagnostics: context.diagnostics, only: context.only, versioned };
        return codeActions(document.version, request, () => this.checks.check(document));
      }),
    );
    connection.onCodeLens(({ textDocument: { uri } }) => this.lenses(uri));
  }

  private async lenses(uri: string): Promise<CodeLens[] | null> {
    const { codeLens } = await this.settings.of(uri);
    return this.with(uri, (document) => {
      if (!codeLens.enabled) return [];
      const lenses = this.guard.ask(document, 'lenses', [], (of, view) => of.lenses(view));
      return lenses.map((lens) =>
        lens.command === undefined ? lens : { ...lens, command: { ...lens.command, arguments: [uri] } },
      );
    });
  }

  /** Null for documents of no language of ours. */
  private with<T>(uri: string, answer: (document: OpenDocument) => T): T | null {
    const document = this.documents.get(uri);
    return document === null ? null : answer(document);
  }
}
