import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type * as vscode from 'vscode';
import { activate } from '../../client/src/extension';
import { commands } from '../../client/src/ui/commands';
import { extensionContext } from '../support/extension-context';
import { useEditor } from '../support/vscode-stub/editor';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly enablement?: string }[];
    readonly views: { readonly maixcam: readonly { readonly id: string }[] };
    readonly taskDefinitions: readonly { readonly type: string }[];
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const english = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const chinese = JSON.parse(readFileSync('package.nls.zh-cn.json', 'utf8')) as Readonly<Record<string, string>>;

describe('activation', () => {
  const editor = useEditor();

  it('registers every command of the manifest, and tells nothing', () => {
    activate(extensionContext());
    const registered = editor().commands;
    for (const { command } of manifest.contributes.commands) assert.ok(registered.has(command), command);
    assert.deepEqual(editor().prompts.seen, []);
  });

  it('registers views and task types of the manifest', () => {
    activate(extensionContext());
    assert.deepEqual(
      editor().treeViews.map((view) => view.id),
      manifest.contributes.views.maixcam.map((view) => view.id),
    );
    assert.deepEqual(
      [...editor().taskProviders.keys()],
      manifest.contributes.taskDefinitions.map((task) => task.type),
    );
  });

  it('awaits nothing: all is registered when the call returns, and it gives no promise', () => {
    const start: (context: vscode.ExtensionContext) => unknown = activate;
    assert.equal(start(extensionContext()), undefined);
    assert.equal(editor().progress.length, 0);
  });

  it('is disposed as a whole, so that it can be activated again', () => {
    const context = extensionContext();
    activate(context);
    for (const part of context.subscriptions) part.dispose();
    assert.equal(editor().commands.size, 0);
    activate(extensionContext());
  });

  it('waits for what it is needed for', () => {
    for (const event of manifest.activationEvents) assert.ok(!/^(\*|onStartupFinished)$/.test(event), event);
  });
});

describe('manifest and commands', () => {
  it('declares every command of the table, with a title in both languages', () => {
    for (const { id } of commands) {
      const declared = manifest.contributes.commands.find(({ command }) => command === id);
      assert.ok(declared !== undefined, id);
      const key = declared.title.replaceAll('%', '');
      assert.ok(english[key], key);
      assert.ok(chinese[key], key);
    }
  });

  it('asks for trust in the manifest exactly where the table does', () => {
    for (const { id, trusted } of commands) {
      const declared = manifest.contributes.commands.find(({ command }) => command === id);
      // A lens or another extension may call a command that the palette greys out: the table is what refuses.
      if (declared?.enablement?.includes('isWorkspaceTrusted') === true) assert.ok(trusted, id);
      else assert.ok(!trusted, id);
    }
  });

  it('has the same texts in both languages', () => {
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
    const used = new Set([...readFileSync('package.json', 'utf8').matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]));
    for (const key of used) assert.ok(english[key ?? ''], key);
    for (const key of Object.keys(english)) assert.ok(used.has(key), `${key} is used nowhere`);
  });
});
