import type { FileProblem } from '../core/language/service';
import { textFileBytes } from '../node/replace-file';
import type { Guard } from './guard';
import type { OpenDocument } from './open-documents';

interface Reading {
  readonly work: Promise<void>;
  problems: readonly FileProblem[];
  done: boolean;
}

/**
 * What only the bytes on disk show: the editor has removed the BOM and made all line ends one kind before this server
 * sees the text (spec decisions.md 5). Read when a document is opened, saved and changed on disk.
 */
export class DiskFindings {
  /** The latest reading of each document; an earlier one that ends later is dropped with its object. */
  private readonly readings = new Map<string, Reading>();

  constructor(private readonly guard: Guard) {}

  /** Reads the file, where that was not done since the document was opened. */
  ensure(document: OpenDocument): void {
    if (!this.readings.has(document.uri)) this.refresh(document);
  }

  /** Reads the file again; what was found before counts until then. */
  refresh(document: OpenDocument): void {
    const { uri, file } = document;
    if (file === null) return;
    const reading: Reading = { work: this.read(document, file), problems: this.of(uri), done: false };
    this.readings.set(uri, reading);
  }

  forget(uri: string): void {
    this.readings.delete(uri);
  }

  /** Waits until the bytes that lie on the disk now have been looked at. */
  async settled(uri: string): Promise<void> {
    for (let last = this.readings.get(uri); last?.done === false; last = this.readings.get(uri)) await last.work;
  }

  of(uri: string): readonly FileProblem[] {
    return this.readings.get(uri)?.problems ?? [];
  }

  private async read(document: OpenDocument, file: string): Promise<void> {
    // The caller stores the reading before the first byte can have arrived.
    const bytes = await textFileBytes(file);
    const reading = this.readings.get(document.uri);
    if (reading === undefined) return;
    reading.problems =
      bytes === null ? [] : this.guard.ask(document, 'looking at the bytes', [], (of) => of.validateFile(bytes, file));
    reading.done = true;
  }
}
