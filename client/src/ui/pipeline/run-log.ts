import { stat } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import type { StepName } from '../../domain/pipeline/steps';
import { host } from '../host';

const SCHEME = 'maixcam-log';
/** Of a longer log the end is shown, where the failure stands; an editor of a 200 MB text would be of no use. */
const SHOWN_BYTES = 1 << 20;
/** How often a log that is on the screen is looked at. */
const FOLLOW_MS = 1000;

/** Logs of runs as read-only documents that follow the file while they are open. */
export class RunLogs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly owned: readonly { dispose(): unknown }[];
  private disposed = false;
  /** Size of the file when it was read for the document. */
  private readonly sizes = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    this.owned = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.window.onDidChangeVisibleTextEditors(() => this.follow()),
      this.changes,
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const file = uri.with({ scheme: 'file' }).fsPath;
    const size = await sizeOf(file);
    this.sizes.set(uri.toString(), size);
    const end = readable(await (await host()).logEnd(file, SHOWN_BYTES));
    if (size <= SHOWN_BYTES) return end;
    const left = ((size - SHOWN_BYTES) / 1e6).toFixed(1);
    return `${vscode.l10n.t('[The first {0} MB are left out; the whole log: {1}]', left, file)}\n${end}`;
  }

  /** Opens the log at its end, or where the log tells of `step`. */
  async show(log: string, step: StepName | null): Promise<void> {
    const uri = vscode.Uri.file(log).with({ scheme: SCHEME });
    const document = await vscode.workspace.openTextDocument(uri);
    await this.update(document);
    const text = document.getText();
    const begin = step === null ? -1 : text.search(new RegExp(`^=== ${step} `, 'm'));
    const at = begin === -1 ? document.lineAt(document.lineCount - 1).range.end : document.positionAt(begin);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    editor.selection = new vscode.Selection(at, at);
    const where = begin === -1 ? vscode.TextEditorRevealType.Default : vscode.TextEditorRevealType.AtTop;
    editor.revealRange(new vscode.Range(at, at), where);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    for (const one of this.owned) one.dispose();
  }

  private follow(): void {
    clearTimeout(this.timer);
    const shown = vscode.window.visibleTextEditors.map(({ document }) => document).filter(isLog);
    if (shown.length === 0 || this.disposed) return;
    this.timer = setTimeout(() => {
      void Promise.all(shown.map((document) => this.update(document))).then(() => this.follow());
    }, FOLLOW_MS);
  }

  private async update({ uri }: vscode.TextDocument): Promise<void> {
    const size = await sizeOf(uri.with({ scheme: 'file' }).fsPath);
    if (this.sizes.get(uri.toString()) === size) return;
    this.sizes.set(uri.toString(), size);
    this.changes.fire(uri);
  }
}

/** Colours of a terminal, and lines that a terminal would have overwritten, are no text. */
function readable(log: string): string {
  return stripVTControlCharacters(log).replace(/^.*\r(?!\n)/gm, '');
}

function isLog(document: vscode.TextDocument): boolean {
  return document.uri.scheme === SCHEME;
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}
