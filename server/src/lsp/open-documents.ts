import { fileURLToPath } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { TextDocuments, type Connection } from 'vscode-languageserver/node';
import type { LanguageDocument, LanguageFiles, LanguageService } from '../core/language/service';
import { isTooLong, serviceFor } from './languages';

/** A version of a document of ours; the same object as long as the version is the same. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly service: LanguageService;
  /** What languages are given. They may remember what they read under this object. */
  readonly view: LanguageDocument;
  /** Absolute path of the file; null for documents that do not lie on this machine's disks. */
  readonly file: string | null;
}

/** The documents that the editor has open, each with its language; documents of no language of ours do not appear. */
export class OpenDocuments {
  readonly texts = new TextDocuments(TextDocument);
  private readonly versions = new Map<string, { readonly version: number; readonly document: OpenDocument | null }>();

  /** @param tooLong told of each document that is left alone because of its size */
  constructor(
    private readonly files: LanguageFiles,
    private readonly tooLong: (uri: string) => void,
  ) {
    this.texts.onDidClose(({ document }) => this.versions.delete(document.uri));
    // A document may be opened again with the version that it had.
    this.texts.onDidOpen(({ document }) => this.versions.delete(document.uri));
  }

  listen(connection: Connection): void {
    this.texts.listen(connection);
  }

  get(uri: string): OpenDocument | null {
    const text = this.texts.get(uri);
    if (text === undefined) return null;
    const known = this.versions.get(uri);
    if (known?.version === text.version) return known.document;
    const document = this.read(text);
    this.versions.set(uri, { version: text.version, document });
    return document;
  }

  all(): readonly OpenDocument[] {
    return this.texts.keys().flatMap((uri) => this.get(uri) ?? []);
  }

  private read(text: TextDocument): OpenDocument | null {
    const file = filePath(text.uri);
    const path = file ?? bareName(text.uri);
    const content = text.getText();
    const service = serviceFor(text.languageId, content, path);
    if (service === null) return null;
    if (isTooLong(service, content)) {
      this.tooLong(text.uri);
      return null;
    }
    const view = { path, text: content, files: file === null ? null : this.files };
    return { uri: text.uri, version: text.version, service, view, file };
  }
}

/** The path of a `file:` URI; null for any other, also for a file of another computer. */
export function filePath(uri: string): string | null {
  if (!/^file:/i.test(uri)) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}

function bareName(uri: string): string {
  const name = uri.replace(/[?#].*$/, '').replace(/^.*[/:]/, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
