import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { qualifies } from './served-documents';

/** Quiet after a change before a YAML that was none of ours is looked at again. */
const LOOK_AGAIN_MS = 500;

/**
 * Keeps documents that do not qualify from the server: neither their text nor a question about them is sent. A YAML
 * that becomes a dataset while it is written is opened then.
 */
export class DocumentFilter {
  private readonly served = new Set<string>();
  private readonly looking = new Map<string, NodeJS.Timeout>();

  /** @param open opens a document on the server that the client has not opened */
  constructor(private readonly open: (document: vscode.TextDocument) => Promise<void>) {}

  readonly middleware: Middleware = {
    didOpen: async (document, next) => {
      if (!qualifies(document)) return;
      this.served.add(key(document));
      await next(document);
    },
    didChange: async (event, next) => {
      if (this.serves(event.document)) await next(event);
      else this.lookAgain(event.document);
    },
    didSave: async (document, next) => {
      if (this.serves(document)) await next(document);
    },
    didClose: async (document, next) => {
      clearTimeout(this.looking.get(key(document)));
      this.looking.delete(key(document));
      if (this.served.delete(key(document))) await next(document);
    },
    provideDiagnostics: (document, previous, token, next) =>
      document instanceof vscode.Uri || this.serves(document) ? next(document, previous, token) : null,
    provideCompletionItem: (document, position, context, token, next) =>
      this.serves(document) ? next(document, position, context, token) : null,
    provideHover: (document, position, token, next) => (this.serves(document) ? next(document, position, token) : null),
    provideDocumentSymbols: (document, token, next) => (this.serves(document) ? next(document, token) : null),
    provideCodeActions: (document, range, context, token, next) =>
      this.serves(document) ? next(document, range, context, token) : null,
    provideCodeLenses: (document, token, next) => (this.serves(document) ? next(document, token) : null),
  };

  /** A server was started: it knows no document yet. */
  reset(): void {
    this.served.clear();
  }

  dispose(): void {
    for (const timer of this.looking.values()) clearTimeout(timer);
    this.looking.clear();
  }

  private serves(document: vscode.TextDocument): boolean {
    return this.served.has(key(document));
  }

  private lookAgain(document: vscode.TextDocument): void {
    clearTimeout(this.looking.get(key(document)));
    const timer = setTimeout(() => {
      this.looking.delete(key(document));
      if (document.isClosed || this.serves(document) || !qualifies(document)) return;
      this.served.add(key(document));
      void this.open(document);
    }, LOOK_AGAIN_MS);
    this.looking.set(key(document), timer);
  }
}

function key(document: vscode.TextDocument): string {
  return document.uri.toString();
}
