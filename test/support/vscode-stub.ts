/**
 * The `vscode` module for the client ring: tests are bundled with it in place of the editor (esbuild.mjs). It has what
 * the extension uses, held to the real declarations; the state behind it is `vscode-stub/editor.ts`.
 */
import path from 'node:path';
import type * as vscode from 'vscode';
import { StubDocument } from './vscode-stub/documents';
import { currentEditor, type StubWatcher } from './vscode-stub/editor';
import {
  Disposable,
  EventEmitter,
  LanguageStatusSeverity,
  UIKind,
  Uri,
  type WorkspaceEdit,
} from './vscode-stub/values';

export * from './vscode-stub/values';
export { window } from './vscode-stub/window';

export const version = '1.120.0';

export const commands = {
  registerCommand(id: string, callback: (...args: readonly unknown[]) => unknown, thisArgument?: unknown) {
    const { commands: all } = currentEditor();
    if (all.has(id)) throw new Error(`command ${id} is registered twice`);
    all.set(id, (...args) => callback.apply(thisArgument, [...args]));
    return new Disposable(() => all.delete(id));
  },
  executeCommand: async <T>(id: string, ...args: readonly unknown[]) => (await currentEditor().run(id, ...args)) as T,
} satisfies Pick<typeof vscode.commands, 'executeCommand'> & { registerCommand: unknown };

async function openTextDocument(target: vscode.Uri | string): Promise<vscode.TextDocument> {
  const editor = currentEditor();
  const uri = typeof target === 'string' ? Uri.file(target) : target;
  if (uri.scheme === 'file') return editor.document(uri);
  const open = editor.documents.find((each) => each.uri.toString() === uri.toString());
  if (open !== undefined) return open;
  const provider = editor.contentProviders.get(uri.scheme);
  if (provider === undefined) throw new Error(`nobody provides ${uri.toString()}`);
  const text = await provider.provideTextDocumentContent(uri, {} as vscode.CancellationToken);
  const document = new StubDocument(uri, text ?? '');
  editor.addDocument(document);
  return document;
}

function createFileSystemWatcher(pattern: vscode.GlobPattern): vscode.FileSystemWatcher {
  const creates = new EventEmitter<vscode.Uri>();
  const changes = new EventEmitter<vscode.Uri>();
  const deletes = new EventEmitter<vscode.Uri>();
  const watcher: StubWatcher = {
    pattern: typeof pattern === 'string' ? pattern : pattern.pattern,
    creates,
    changes,
    deletes,
    onDidCreate: creates.event,
    onDidChange: changes.event,
    onDidDelete: deletes.event,
    ignoreCreateEvents: false,
    ignoreChangeEvents: false,
    ignoreDeleteEvents: false,
    dispose: () => undefined,
  };
  currentEditor().watchers.push(watcher);
  return watcher;
}

function getConfiguration(section = ''): vscode.WorkspaceConfiguration {
  const full = (key: string): string => (section === '' ? key : `${section}.${key}`);
  const get = (key: string, fallback?: unknown): unknown => currentEditor().setting(full(key)) ?? fallback;
  return { get, has: (key: string) => get(key) !== undefined } as unknown as vscode.WorkspaceConfiguration;
}

export const workspace = {
  get workspaceFolders() {
    const { folders } = currentEditor();
    return folders.length === 0 ? undefined : folders;
  },
  get textDocuments() {
    return currentEditor().documents;
  },
  get isTrusted() {
    return currentEditor().trusted;
  },
  getConfiguration,
  getWorkspaceFolder: (uri: vscode.Uri) => currentEditor().folderAround(uri),
  asRelativePath(target: string | vscode.Uri, includeFolder?: boolean) {
    const { folders } = currentEditor();
    const uri = typeof target === 'string' ? Uri.file(target) : target;
    const folder = currentEditor().folderAround(uri);
    if (folder === undefined) return uri.fsPath;
    const inside = path.posix.relative(folder.uri.path, uri.path);
    return (includeFolder ?? folders.length > 1) ? `${folder.name}/${inside}` : inside;
  },
  findFiles: (include: vscode.GlobPattern, exclude?: vscode.GlobPattern | null, most?: number) =>
    Promise.resolve(currentEditor().find(textOf(include) ?? '**', textOf(exclude), most ?? Infinity)),
  applyEdit(edit: WorkspaceEdit) {
    for (const { uri, range, text } of edit.all()) currentEditor().document(uri).edit(range, text);
    return Promise.resolve(true);
  },
  openTextDocument,
  fs: {
    /** Older versions and views of the extension lie in schemes that only show. */
    isWritableFileSystem: (scheme: string) => (scheme === 'file' ? true : undefined),
  },
  createFileSystemWatcher,
  registerTextDocumentContentProvider(scheme: string, provider: vscode.TextDocumentContentProvider) {
    const { contentProviders } = currentEditor();
    contentProviders.set(scheme, provider);
    return new Disposable(() => contentProviders.delete(scheme));
  },
  get onDidGrantWorkspaceTrust() {
    return currentEditor().trustGrants.event;
  },
  get onDidChangeWorkspaceFolders() {
    return currentEditor().folderChanges.event;
  },
  get onDidChangeConfiguration() {
    return currentEditor().configurationChanges.event;
  },
  get onDidOpenTextDocument() {
    return currentEditor().documentOpenings.event;
  },
  get onDidChangeTextDocument() {
    return currentEditor().documentChanges.event;
  },
} satisfies Pick<
  typeof vscode.workspace,
  | 'workspaceFolders'
  | 'textDocuments'
  | 'isTrusted'
  | 'getConfiguration'
  | 'getWorkspaceFolder'
  | 'asRelativePath'
  | 'findFiles'
  | 'createFileSystemWatcher'
  | 'registerTextDocumentContentProvider'
  | 'onDidGrantWorkspaceTrust'
  | 'onDidChangeWorkspaceFolders'
  | 'onDidChangeConfiguration'
  | 'onDidOpenTextDocument'
  | 'onDidChangeTextDocument'
> & { applyEdit: unknown; openTextDocument: unknown; fs: Pick<typeof vscode.workspace.fs, 'isWritableFileSystem'> };

export const env = {
  appName: 'Stub',
  language: 'en',
  uiKind: UIKind.Desktop,
  remoteName: undefined,
  clipboard: {
    readText: () => Promise.resolve(currentEditor().clipboard),
    writeText: (text: string) => {
      currentEditor().clipboard = text;
      return Promise.resolve();
    },
  },
  openExternal: (target: vscode.Uri) => {
    currentEditor().openedExternally.push(target.toString());
    return Promise.resolve(true);
  },
} satisfies Pick<typeof vscode.env, 'appName' | 'language' | 'uiKind' | 'remoteName' | 'clipboard' | 'openExternal'>;

export const tasks = {
  registerTaskProvider(type: string, provider: vscode.TaskProvider) {
    const { taskProviders } = currentEditor();
    taskProviders.set(type, provider);
    return new Disposable(() => taskProviders.delete(type));
  },
} satisfies Pick<typeof vscode.tasks, 'registerTaskProvider'>;

export const languages = {
  createLanguageStatusItem(id: string, selector: vscode.DocumentSelector): vscode.LanguageStatusItem {
    const item: vscode.LanguageStatusItem = {
      id,
      selector,
      name: undefined,
      severity: LanguageStatusSeverity.Information,
      text: '',
      busy: false,
      command: undefined,
      dispose: () => undefined,
    };
    currentEditor().statusItems.push(item);
    return item;
  },
} satisfies Pick<typeof vscode.languages, 'createLanguageStatusItem'>;

/** English: what the code has. `{0}` and named places as the editor fills them. */
export const l10n = {
  t(message: string | { message: string; args?: unknown }, ...args: readonly unknown[]) {
    const text = typeof message === 'string' ? message : message.message;
    const given = typeof message === 'string' ? args : [message.args].flat();
    const [first] = given;
    const values = (typeof first === 'object' && first !== null ? first : given) as Readonly<Record<string, unknown>>;
    return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place));
  },
} satisfies Pick<typeof vscode.l10n, 't'>;

function textOf(pattern: vscode.GlobPattern | null | undefined): string | null {
  if (pattern === null || pattern === undefined) return null;
  return typeof pattern === 'string' ? pattern : pattern.pattern;
}
