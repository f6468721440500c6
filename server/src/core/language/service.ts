import type { CompletionItem, CodeLens, DocumentSymbol, Hover } from 'vscode-languageserver-types';
import type { Position, Problem, Range, Severity } from '../problems/problem';

/** What lies at a path. */
export type PathKind = 'file' | 'folder' | 'absent';

/** What a language may ask of the file system. Absent for documents that do not lie on this machine's disks. */
export interface LanguageFiles {
  kind(path: string): PathKind;
  /** Names in a folder; empty where it cannot be read. */
  list(folder: string): readonly string[];
  /** The first `limit` bytes of a file; null where it cannot be read. */
  read(path: string, limit: number): Uint8Array | null;
  /** A path of the document, absolute: relative ones start in the document's folder. */
  resolve(document: string, written: string): string;
}

/** A text as the editor shows it: without BOM, line ends as the editor made them (spec decisions.md 5). */
export interface LanguageDocument {
  /** Absolute path, or the bare name of a document that has none; languages take the file's name from it. */
  readonly path: string;
  readonly text: string;
  /** Null: editing help only, nothing is looked up. */
  readonly files: LanguageFiles | null;
}

/** A finding about the bytes on disk, which the editor does not show: BOM, encoding, line ends, NUL. */
export interface FileProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** In the text as the editor shows it. */
  readonly range: Range;
  /** Null where only a person can mend it. */
  readonly fix: { readonly title: string; apply(bytes: Uint8Array): Uint8Array } | null;
}

/**
 * One language (spec decisions.md 3): the same shape for MUD files, dataset YAML and recipes, used by the language
 * server and by the terminal program. Pure: any text gives an answer, never an exception.
 */
export interface LanguageService {
  readonly id: LanguageId;
  /** In the order of the text. */
  validate(document: LanguageDocument): readonly Problem[];
  /** What only the bytes show. `path` as in `LanguageDocument`. */
  validateFile(bytes: Uint8Array, path: string): readonly FileProblem[];
  complete(document: LanguageDocument, at: Position): readonly CompletionItem[];
  hover(document: LanguageDocument, at: Position): Hover | null;
  symbols(document: LanguageDocument): readonly DocumentSymbol[];
  /** Lenses carry a command id of the manifest and no arguments: the server adds the document's URI. */
  lenses(document: LanguageDocument): readonly CodeLens[];
}

export type LanguageId = 'mud' | 'dataset' | 'recipe';
