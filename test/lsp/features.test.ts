import { strict as assert } from 'node:assert';
import type { CodeLens, CompletionItem, DocumentSymbol, Hover } from 'vscode-languageserver-types';
import { type Editor, useEditors } from '../support/lsp-server';
import { useTempFolder } from '../support/temp-folder';
import { place, RECIPE, SAMPLES, type Sample } from './samples';

describe('language server: help while editing', () => {
  const editors = useEditors();
  const folder = useTempFolder();

  const opened = async (sample: Sample): Promise<{ editor: Editor; textDocument: { uri: string } }> => {
    const uri = place(folder.path, sample);
    const editor = await editors.start();
    await editor.open(uri, sample.languageId, sample.good);
    return { editor, textDocument: { uri } };
  };

  for (const sample of SAMPLES) {
    it(`${sample.language}: hover, completion, symbols and lenses`, async () => {
      const { editor, textDocument } = await opened(sample);
      const hover = await editor.ask<Hover | null>('textDocument/hover', { textDocument, position: sample.hover });
      assert.ok(JSON.stringify(hover?.contents ?? '').length > 20, 'a hover with words');

      const position = { line: sample.good.split('\n').length - 1, character: 0 };
      const items = await editor.ask<CompletionItem[]>('textDocument/completion', { textDocument, position });
      assert.ok(items.map(({ label }) => label).includes(sample.suggestion), items.map(({ label }) => label).join());

      const symbols = await editor.ask<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
      assert.deepEqual(
        symbols.map(({ name }) => name),
        sample.symbols,
      );

      const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens', { textDocument });
      assert.deepEqual(
        lenses.map(({ command }) => command?.command),
        sample.lenses,
      );
      for (const { command } of lenses) assert.deepEqual(command?.arguments, [textDocument.uri]);
    });
  }

  it('lenses obey their setting, also when it changes', async () => {
    const uri = place(folder.path, RECIPE);
    const editor = await editors.start({ settings: { codeLens: { enabled: false } } });
    await editor.open(uri, RECIPE.languageId, RECIPE.good);
    const lenses = (): Promise<unknown[]> => editor.ask('textDocument/codeLens', { textDocument: { uri } });
    assert.deepEqual(await lenses(), []);
    editor.settings = { codeLens: { enabled: true } };
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await editor.until('a refresh of the lenses', () =>
      editor.refreshes.includes('workspace/codeLens/refresh') ? true : undefined,
    );
    assert.equal((await lenses()).length, RECIPE.lenses.length);
    editor.settings = 'nonsense';
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    assert.equal((await lenses()).length, RECIPE.lenses.length);
  });
});
