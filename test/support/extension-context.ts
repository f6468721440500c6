import { readFileSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { currentEditor } from './vscode-stub/editor';
import { EventEmitter, Uri } from './vscode-stub/values';

/** What the editor hands to `activate`, backed by the editor of the test. `root` has the built program in `dist`. */
export function extensionContext(root = process.cwd()): vscode.ExtensionContext {
  const editor = currentEditor();
  const changes = new EventEmitter<vscode.SecretStorageChangeEvent>();
  const secrets: vscode.SecretStorage = {
    get: (key) => Promise.resolve(editor.secrets.get(key)),
    store: (key, value) => {
      editor.secrets.set(key, value);
      return Promise.resolve();
    },
    delete: (key) => {
      editor.secrets.delete(key);
      return Promise.resolve();
    },
    keys: () => Promise.resolve([...editor.secrets.keys()]),
    onDidChange: changes.event,
  };
  const globalState = {
    keys: () => [...editor.globalState.keys()],
    get: (key: string, fallback?: unknown) => editor.globalState.get(key) ?? fallback,
    update: (key: string, value: unknown) => {
      editor.globalState.set(key, value);
      return Promise.resolve();
    },
    setKeysForSync: () => undefined,
  };
  const packageJSON = JSON.parse(readFileSync('package.json', 'utf8')) as unknown;
  return {
    subscriptions: [],
    extensionUri: Uri.file(root),
    extensionPath: root,
    asAbsolutePath: (relative: string) => path.join(root, relative),
    extension: { packageJSON },
    secrets,
    globalState,
    workspaceState: globalState,
  } as unknown as vscode.ExtensionContext;
}
