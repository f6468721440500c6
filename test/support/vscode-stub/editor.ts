import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { minimatch } from 'minimatch';
import { StubDocument } from './documents';
import { Prompts } from './prompts';
import { CancellationTokenSource, EventEmitter, Uri } from './values';

/** A notification of work that goes on. */
export interface ShownProgress {
  readonly title: string;
  readonly location: unknown;
  readonly cancellable: boolean;
  readonly messages: string[];
  /** Sum of the increments, 0 to 100. */
  percent: number;
  ended: boolean;
  /** Presses *Cancel*. */
  cancel(): void;
}

/** A watcher whose events the test fires. */
export interface StubWatcher extends vscode.FileSystemWatcher {
  readonly pattern: string;
  readonly creates: EventEmitter<vscode.Uri>;
  readonly changes: EventEmitter<vscode.Uri>;
  readonly deletes: EventEmitter<vscode.Uri>;
}

/** A tree of the side bar; `visible` is set by the test. */
export interface StubTreeView extends vscode.TreeView<unknown> {
  readonly id: string;
  readonly provider: vscode.TreeDataProvider<unknown>;
  setVisible(visible: boolean): void;
}

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Record<string, { readonly default: unknown }> };
  };
}

/** The state of an editor that exists only for a test: what is open, what was asked, shown and registered. */
export class Editor {
  readonly prompts = new Prompts();
  readonly commands = new Map<string, (...args: readonly unknown[]) => unknown>();
  /** Commands of the editor itself that were called: `[id, …arguments]`. */
  readonly called: (readonly unknown[])[] = [];
  readonly progress: ShownProgress[] = [];
  readonly log: string[] = [];
  /** Output channels by name, in the order they were made. */
  readonly channels: string[] = [];
  readonly statusItems: vscode.LanguageStatusItem[] = [];
  logShown = 0;
  /** Own settings by full name; the rest are the manifest's defaults. */
  readonly settings = new Map<string, unknown>();
  folders: vscode.WorkspaceFolder[] = [];
  trusted = true;
  readonly trustGrants = new EventEmitter<void>();
  readonly visibleChanges = new EventEmitter<readonly vscode.TextEditor[]>();
  readonly folderChanges = new EventEmitter<vscode.WorkspaceFoldersChangeEvent>();
  readonly configurationChanges = new EventEmitter<vscode.ConfigurationChangeEvent>();
  /** Fired by tests only: an opened document starts the language server, which has a ring of its own. */
  readonly documentOpenings = new EventEmitter<vscode.TextDocument>();
  readonly documentChanges = new EventEmitter<vscode.TextDocumentChangeEvent>();
  readonly documents: StubDocument[] = [];
  active: StubDocument | null = null;
  /** Documents that were shown, in order. */
  readonly shown: vscode.Uri[] = [];
  readonly openedExternally: string[] = [];
  clipboard = '';
  readonly secrets = new Map<string, string>();
  readonly globalState = new Map<string, unknown>();
  readonly contentProviders = new Map<string, vscode.TextDocumentContentProvider>();
  readonly taskProviders = new Map<string, vscode.TaskProvider>();
  readonly treeViews: StubTreeView[] = [];
  readonly watchers: StubWatcher[] = [];
  /** Files of a folder that lies on no disk, found beside those of the folders. */
  readonly virtualFiles: vscode.Uri[] = [];
  private readonly progressWaiting: ((shown: ShownProgress) => void)[] = [];

  /** Opens folders as the workspace. */
  openFolders(...folders: readonly (string | vscode.Uri)[]): void {
    this.folders = folders.map((folder, index) => {
      const uri = typeof folder === 'string' ? Uri.file(folder) : folder;
      return { uri, name: path.posix.basename(uri.path), index };
    });
  }

  /** Shows a file in the editor in front. */
  openFile(file: string): StubDocument {
    const document = this.document(Uri.file(file));
    this.active = document;
    return document;
  }

  document(uri: vscode.Uri): StubDocument {
    const open = this.documents.find((each) => each.uri.toString() === uri.toString());
    if (open !== undefined) return open;
    const document = StubDocument.read(uri);
    this.documents.push(document);
    return document;
  }

  addDocument(document: StubDocument): void {
    this.documents.push(document);
  }

  setting(name: string): unknown {
    if (this.settings.has(name)) return this.settings.get(name);
    return MANIFEST.contributes.configuration.properties[name]?.default;
  }

  /** Runs a command as the palette does; the extension's own, or one of the editor, which is only written down. */
  async run(id: string, ...args: readonly unknown[]): Promise<unknown> {
    const command = this.commands.get(id);
    if (command !== undefined) return await command(...args);
    this.called.push([id, ...args]);
    return undefined;
  }

  folderAround(uri: vscode.Uri): vscode.WorkspaceFolder | undefined {
    return this.folders
      .filter((folder) => uri.scheme === folder.uri.scheme && `${uri.path}/`.startsWith(`${folder.uri.path}/`))
      .sort((a, b) => b.uri.path.length - a.uri.path.length)[0];
  }

  /** Files of the open folders by glob patterns, as the editor finds them. */
  find(include: string, exclude: string | null, most: number): vscode.Uri[] {
    const found = this.folders
      .filter(({ uri }) => uri.scheme === 'file')
      .flatMap((folder) =>
        readdirSync(folder.uri.fsPath, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name))
          .filter((file) => matches(path.relative(folder.uri.fsPath, file), include, exclude))
          .map((file) => Uri.file(file)),
      );
    const virtual = this.virtualFiles.filter((uri) => matches(uri.path.slice(1), include, exclude));
    return [...found, ...virtual].slice(0, most);
  }

  showProgress(options: vscode.ProgressOptions): { shown: ShownProgress; token: vscode.CancellationToken } {
    const source = new CancellationTokenSource();
    const shown: ShownProgress = {
      title: options.title ?? '',
      location: options.location,
      cancellable: options.cancellable === true,
      messages: [],
      percent: 0,
      ended: false,
      cancel: () => source.cancel(),
    };
    this.progress.push(shown);
    this.progressMoved(shown);
    return { shown, token: source.token };
  }

  progressMoved(shown: ShownProgress): void {
    for (const waiting of [...this.progressWaiting]) waiting(shown);
  }

  /** The first notification of work, past or future, for which `reached` is true. */
  async untilProgress(reached: (shown: ShownProgress) => boolean): Promise<ShownProgress> {
    const past = this.progress.find(reached);
    if (past !== undefined) return past;
    return await new Promise((resolve) => {
      this.progressWaiting.push((shown) => {
        if (reached(shown)) resolve(shown);
      });
    });
  }
}

const MANIFEST = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

function matches(file: string, include: string, exclude: string | null): boolean {
  const relative = file.split(path.sep).join('/');
  if (!minimatch(relative, include, { dot: true })) return false;
  return exclude === null || !minimatch(relative, exclude, { dot: true });
}

let current = new Editor();

/** The editor of the test that runs. */
export function currentEditor(): Editor {
  return current;
}

/** Gives each test of the suite it is called in an editor of its own, and checks that no answer was left over. */
export function useEditor(): () => Editor {
  beforeEach(() => {
    current = new Editor();
  });
  afterEach(function () {
    const { unexpected, left } = current.prompts;
    if (this.currentTest?.state === 'failed') return;
    if (unexpected.length > 0) throw new Error(unexpected.join('\n'));
    if (left > 0) throw new Error(`${left} answers were never asked for`);
  });
  return () => current;
}
