import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
  type DiagnosticServerCancellationData,
  type DocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import type { Check, Checks } from './checks';
import { diagnosticsOf } from './diagnostics';
import type { DiskFindings } from './disk-findings';
import type { OpenDocument, OpenDocuments } from './open-documents';
import type { WorkStatus } from './work-status';

/** How diagnostics reach the client: it asks (pull), or they are sent to it (push). */
export interface Reporting {
  opened(uri: string): void;
  changed(uri: string): void;
  closed(uri: string): void;
  /** What documents refer to, or their own bytes, may have changed on disk. */
  diskChanged(): void;
}

/** Quiet after a change before the text is checked; more where a check takes longer, so that typing stays smooth. */
const CHANGE_QUIET_MS = 120;
const MOST_QUIET_MS = 2000;
/** Quiet after changes on disk: a training or a converter writes many files. */
const DISK_QUIET_MS = 120;

export interface ReportingParts {
  readonly connection: Connection;
  readonly documents: OpenDocuments;
  readonly checks: Checks;
  readonly disk: DiskFindings;
  readonly status: WorkStatus;
}

function changeQuietMs(parts: ReportingParts, uri: string): number {
  return Math.min(Math.max(CHANGE_QUIET_MS, parts.checks.cost(uri)), MOST_QUIET_MS);
}

/** The current version of a document, checked when its bytes have been looked at too; null when it was closed. */
async function checkNow(parts: ReportingParts, uri: string): Promise<Check | null> {
  await parts.disk.settled(uri);
  const document = parts.documents.get(uri);
  return document === null ? null : parts.checks.check(document);
}

/** For clients without pull diagnostics. */
export class PushReporting implements Reporting {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly published = new Set<string>();

  constructor(private readonly parts: ReportingParts) {}

  opened(uri: string): void {
    this.schedule(uri, 0);
  }

  changed(uri: string): void {
    this.schedule(uri, changeQuietMs(this.parts, uri));
  }

  closed(uri: string): void {
    clearTimeout(this.waiting.get(uri));
    this.waiting.delete(uri);
    this.clear(uri);
  }

  diskChanged(): void {
    for (const { uri } of this.parts.documents.all()) this.schedule(uri, DISK_QUIET_MS);
  }

  private schedule(uri: string, afterMs: number): void {
    clearTimeout(this.waiting.get(uri));
    const timer = setTimeout(() => {
      void this.parts.status.during(() => this.publish(uri, timer));
    }, afterMs);
    this.waiting.set(uri, timer);
  }

  private async publish(uri: string, timer: NodeJS.Timeout): Promise<void> {
    const check = await checkNow(this.parts, uri);
    // Closed or scheduled again while the bytes were read.
    if (this.waiting.get(uri) !== timer) return;
    this.waiting.delete(uri);
    if (check === null) {
      this.clear(uri);
      return;
    }
    this.published.add(uri);
    await this.parts.connection.sendDiagnostics({
      uri,
      version: check.document.version,
      diagnostics: diagnosticsOf(check),
    });
  }

  /** A document that never was one of ours is never mentioned. */
  private clear(uri: string): void {
    if (this.published.delete(uri)) void this.parts.connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}

interface Sent {
  readonly resultId: string;
  readonly document: OpenDocument;
  readonly content: string;
}

/** For clients that ask. They are told to ask again when something changes on disk. */
export class PullReporting implements Reporting {
  private readonly changedAt = new Map<string, number>();
  private readonly sent = new Map<string, Sent>();
  private results = 0;
  private refreshing: NodeJS.Timeout | undefined;

  /** @param canRefresh whether the client takes `workspace/diagnostic/refresh` */
  constructor(
    private readonly parts: ReportingParts,
    private readonly canRefresh: boolean,
  ) {
    parts.connection.languages.diagnostics.on(({ textDocument: { uri }, previousResultId }, token) =>
      parts.documents.get(uri) === null
        ? NOTHING
        : parts.status.during(() => this.report(uri, previousResultId, token)),
    );
  }

  opened(): void {
    // The client asks by itself.
  }

  changed(uri: string): void {
    this.changedAt.set(uri, performance.now());
  }

  closed(uri: string): void {
    this.changedAt.delete(uri);
    this.sent.delete(uri);
  }

  diskChanged(): void {
    if (!this.canRefresh) return;
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => {
      void this.parts.connection.languages.diagnostics.refresh();
    }, DISK_QUIET_MS);
  }

  private async report(
    uri: string,
    previous: string | undefined,
    token: CancellationToken,
  ): Promise<DocumentDiagnosticReport | ResponseError<DiagnosticServerCancellationData>> {
    await this.quiet(uri, token);
    const check = token.isCancellationRequested ? null : await checkNow(this.parts, uri);
    if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, CANCELLED);
    if (check === null) return NOTHING;
    const items = diagnosticsOf(check);
    const content = JSON.stringify(items);
    const last = this.sent.get(uri);
    if (previous !== undefined && last?.resultId === previous && last.document === check.document) {
      if (last.content === content) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: previous };
    }
    this.results += 1;
    const resultId = String(this.results);
    this.sent.set(uri, { resultId, document: check.document, content });
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
  }

  /** Waits until nobody types any more. */
  private async quiet(uri: string, token: CancellationToken): Promise<void> {
    for (;;) {
      const quiet = changeQuietMs(this.parts, uri);
      const left = (this.changedAt.get(uri) ?? -Infinity) + quiet - performance.now();
      if (left <= 0 || token.isCancellationRequested) return;
      await new Promise<void>((resolve) => {
        const listener = token.onCancellationRequested(() => done());
        const timer = setTimeout(() => done(), left);
        const done = (): void => {
          clearTimeout(timer);
          listener.dispose();
          resolve();
        };
      });
    }
  }
}

const CANCELLED = 'The client does not want the answer any more.';
const NOTHING: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };
