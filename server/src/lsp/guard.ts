import type { RemoteConsole } from 'vscode-languageserver/node';
import { FilesTooSlow, type DiskFiles } from '../node/language-files';
import type { LanguageDocument, LanguageService } from '../core/language/service';
import type { OpenDocument } from './open-documents';

/**
 * Asks a language something. A disk that does not answer in time leaves editing help that needs no files; a defect of
 * ours is logged and costs this one answer, never the server.
 */
export class Guard {
  constructor(
    private readonly files: DiskFiles,
    private readonly log: RemoteConsole,
  ) {}

  ask<T>(document: OpenDocument, what: string, none: T, ask: (of: LanguageService, view: LanguageDocument) => T): T {
    this.files.beginTurn();
    try {
      return ask(document.service, document.view);
    } catch (thrown) {
      if (!(thrown instanceof FilesTooSlow)) return this.defect(document, what, none, thrown);
    }
    this.log.warn(`${document.uri}: the disk is slow, files that the text names are not looked up (${what}).`);
    try {
      return ask(document.service, { ...document.view, files: null });
    } catch (thrown) {
      return this.defect(document, what, none, thrown);
    }
  }

  private defect<T>(document: OpenDocument, what: string, none: T, thrown: unknown): T {
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.log.error(`${document.uri}, version ${document.version}: ${what} failed.\n${stack}`);
    return none;
  }
}
