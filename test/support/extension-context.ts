import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import { activate } from '../../client/src/extension';
import { PROGRAM } from './cli';
import { currentEditor, type Editor, useEditor } from './vscode-stub/editor';
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

/**
 * Starts the extension anew for each test of the suite it is called in, with the built program and with environments and
 * known boards in folders of their own; disposes it afterwards.
 */
export function useExtension(): () => Editor {
  const editor = useEditor();
  let root = '';
  let context: vscode.ExtensionContext | undefined;
  const before = { ...process.env };
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'maixcam-extension-'));
    symlinkSync(path.dirname(PROGRAM), path.join(root, 'dist'), 'junction');
    process.env.MAIXCAM_CONFIG_DIR = path.join(root, 'config');
    delete process.env.SSH_AUTH_SOCK;
    editor().settings.set('maixcam.environments.folder', path.join(root, 'environments'));
    context = extensionContext(root);
    activate(context);
  });
  afterEach(() => {
    for (const part of context?.subscriptions ?? []) part.dispose();
    process.env = { ...before };
    rmSync(root, { recursive: true, force: true });
  });
  return editor;
}
