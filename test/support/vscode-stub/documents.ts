import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { EndOfLine, Position, Range } from './values';

/** A document as the editor holds it; text and positions by the library that the language server uses too. */
export class StubDocument implements vscode.TextDocument {
  readonly isUntitled: boolean;
  /** With a byte order mark (`utf8bom`), the file keeps it when it is saved; the text never has it. */
  encoding: 'utf8' | 'utf8bom' = 'utf8';
  isDirty = false;
  isClosed = false;
  /** What `save` answers; false as where a disk is full. */
  canSave = true;
  private content: TextDocument;

  constructor(
    readonly uri: vscode.Uri,
    text: string,
    readonly languageId = languageOf(uri),
  ) {
    this.isUntitled = uri.scheme === 'untitled';
    this.content = TextDocument.create(uri.toString(), languageId, 1, text);
  }

  static read(uri: vscode.Uri): StubDocument {
    const text = readFileSync(uri.fsPath, 'utf8');
    const hasMark = text.startsWith('\uFEFF');
    const document = new StubDocument(uri, hasMark ? text.slice(1) : text);
    if (hasMark) document.encoding = 'utf8bom';
    return document;
  }

  get fileName(): string {
    return this.uri.fsPath;
  }

  get version(): number {
    return this.content.version;
  }

  get eol(): vscode.EndOfLine {
    return this.getText().includes('\r\n') ? EndOfLine.CRLF : EndOfLine.LF;
  }

  get lineCount(): number {
    return this.content.lineCount;
  }

  edit(range: Range, text: string): void {
    TextDocument.update(this.content, [{ range, text }], this.version + 1);
    this.isDirty = true;
  }

  save(): Promise<boolean> {
    if (!this.canSave) return Promise.resolve(false);
    writeFileSync(this.uri.fsPath, `${this.encoding === 'utf8bom' ? '\uFEFF' : ''}${this.getText()}`);
    this.isDirty = false;
    return Promise.resolve(true);
  }

  getText(range?: vscode.Range): string {
    return this.content.getText(range);
  }

  positionAt(offset: number): vscode.Position {
    const { line, character } = this.content.positionAt(offset);
    return new Position(line, character) as vscode.Position;
  }

  offsetAt(position: vscode.Position): number {
    return this.content.offsetAt(position);
  }

  lineAt(lineOrPosition: number | vscode.Position): vscode.TextLine {
    const lineNumber = typeof lineOrPosition === 'number' ? lineOrPosition : lineOrPosition.line;
    const text = this.getText().split(/\r\n|\r|\n/)[lineNumber] ?? '';
    const firstNonWhitespaceCharacterIndex = text.search(/\S|$/);
    const range = new Range(lineNumber, 0, lineNumber, text.length) as vscode.Range;
    const isEmptyOrWhitespace = text.trim() === '';
    const rangeIncludingLineBreak = range;
    return {
      lineNumber,
      text,
      range,
      rangeIncludingLineBreak,
      firstNonWhitespaceCharacterIndex,
      isEmptyOrWhitespace,
    };
  }

  getWordRangeAtPosition(): undefined {
    return undefined;
  }

  validateRange(range: vscode.Range): vscode.Range {
    return range;
  }

  validatePosition(position: vscode.Position): vscode.Position {
    return position;
  }
}

/** Language by name, as package.json declares it. */
function languageOf(uri: vscode.Uri): string {
  const name = path.posix.basename(uri.path);
  if (name.endsWith('.maixcam.yaml')) return 'maixcam-recipe';
  if (name.endsWith('.mud')) return 'maixcam-mud';
  if (/\.ya?ml$/.test(name)) return 'yaml';
  return name.endsWith('.md') ? 'markdown' : 'plaintext';
}
