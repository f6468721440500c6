import path from 'node:path';
import type * as vscode from 'vscode';
import {
  CloseAction,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
  type CloseHandlerResult,
  type LanguageClientOptions,
  type Middleware,
  type ServerOptions,
} from 'vscode-languageclient/node';
import {
  PROTOCOL_VERSION,
  type ClientRequests,
  type InitializationOptions,
  type StatusParams,
} from '../../../../server/src/protocol/methods';
import { parseStatusParams } from '../../../../server/src/protocol/parse';
import { OWN_LANGUAGES } from './served-documents';

export interface ClientParts {
  readonly log: vscode.LogOutputChannel;
  readonly trace: vscode.LogOutputChannel;
  readonly watchers: readonly vscode.FileSystemWatcher[];
  readonly middleware: Middleware;
  onStatus(status: StatusParams): void;
  /** The server is started, for the first time or after a crash; it knows no document yet. */
  onStarting(): void;
  onStartFailed(): void;
  /** The server ended by itself; whether it is to be started again. */
  onCrash(): boolean;
}

/**
 * The library's client with our protocol's types on it. Its messages go to the log: what a person is told, and how
 * often, is decided in one place.
 */
export class ServerClient extends LanguageClient {
  constructor(parts: ClientParts) {
    super('maixcam', 'MaixCAM Language Server', serverOptions(), clientOptions(parts));
    this.onNotification('maixcam/status', (value: unknown) => {
      const status = parseStatusParams(value);
      if (status !== null) parts.onStatus(status);
    });
    this.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) parts.onStarting();
      else if (newState === State.StartFailed) parts.onStartFailed();
    });
  }

  get isStarting(): boolean {
    return this.state === State.Starting;
  }

  /** @throws Error where the server does not answer or answers in another shape */
  async request<M extends keyof ClientRequests>(
    method: M,
    params: ClientRequests[M]['params'],
    parse: (value: unknown) => ClientRequests[M]['result'] | null,
  ): Promise<ClientRequests[M]['result']> {
    const result = parse(await this.sendRequest<unknown>(method, params));
    if (result === null) throw new Error(`${method}: the server's answer has another shape.`);
    return result;
  }

  /** Opens a document that was filtered out when the editor opened it, and asks for its problems. */
  async openNow(document: vscode.TextDocument): Promise<void> {
    const params = this.code2ProtocolConverter.asOpenTextDocumentParams(document);
    await this.sendNotification(DidOpenTextDocumentNotification.type, params);
    this.getFeature(DocumentDiagnosticRequest.method).refresh();
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** Also after a start that failed, which the library refuses to stop. */
  override async stop(timeout?: number): Promise<void> {
    if (this.state === State.Running) await super.stop(timeout);
  }
}

function serverOptions(): ServerOptions {
  // Beside this bundle; and not in the workspace, which could not be removed while the server runs there.
  const server = {
    module: path.join(__dirname, 'server.js'),
    transport: TransportKind.ipc,
    options: { cwd: __dirname },
  };
  return {
    run: server,
    debug: { ...server, options: { ...server.options, execArgv: ['--nolazy', '--inspect=6019'] } },
  };
}

function clientOptions(parts: ClientParts): LanguageClientOptions {
  const initializationOptions: InitializationOptions = { protocol: PROTOCOL_VERSION };
  return {
    documentSelector: [...OWN_LANGUAGES, 'yaml'].map((language) => ({ language })),
    initializationOptions,
    outputChannel: parts.log,
    traceOutputChannel: parts.trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: parts.middleware,
    synchronize: { fileEvents: [...parts.watchers] },
    diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
    initializationFailedHandler: () => false,
    markdown: { isTrusted: false, supportHtml: false },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: (): CloseHandlerResult => ({
        action: parts.onCrash() ? CloseAction.Restart : CloseAction.DoNotRestart,
        handled: true,
      }),
    },
  };
}
