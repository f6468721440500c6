import { strict as assert } from 'node:assert';
import { useEditors } from '../support/lsp-server';
import { useTempFolder } from '../support/temp-folder';
import { DATASET, place, SAMPLES } from './samples';

const COMPOSE = 'services:\n  web:\n    image: nginx\n    image: twice\n\tbroken: [\n';

const QUESTIONS = ['hover', 'completion', 'documentSymbol', 'codeLens', 'codeAction'] as const;

describe('language server: which documents are its own', () => {
  const editors = useEditors();
  const folder = useTempFolder();

  it('other YAML gets nothing at all, however broken it is (pull)', async () => {
    const editor = await editors.start();
    const uri = place(folder.path, { ...DATASET, name: 'compose.yaml' }, COMPOSE);
    await editor.open(uri, 'yaml', COMPOSE);
    assert.deepEqual(await editor.pull(uri), []);
    const position = { line: 0, character: 3 };
    for (const question of QUESTIONS) {
      const params = { textDocument: { uri }, position, context: { diagnostics: [] } };
      assert.equal(await editor.ask(`textDocument/${question}`, params), null, question);
    }
    assert.ok(editor.statuses.every((status) => (status as { state: string }).state === 'ready'));
  });

  it('other YAML is never mentioned (push)', async () => {
    const editor = await editors.start({ mode: 'push' });
    await editor.open('file:///w/compose.yaml', 'yaml', COMPOSE);
    const uri = place(folder.path, DATASET, DATASET.broken);
    await editor.open(uri, 'yaml', DATASET.broken);
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.length === 1);
    await editor.close('file:///w/compose.yaml');
    await editor.close(uri);
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.length === 0);
    assert.ok(editor.published.every((one) => one.uri === uri));
  });

  it('a YAML that becomes a dataset is checked, and its problems go when it is none any more (push)', async () => {
    const editor = await editors.start({ mode: 'push' });
    const uri = place(folder.path, { ...DATASET, name: 'cats.yaml' }, DATASET.broken);
    await editor.open(uri, 'yaml', '# nothing yet\n');
    await editor.type(uri, DATASET.broken);
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.some(({ code }) => code === DATASET.code));
    await editor.type(uri, 'services: {}\n');
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.length === 0);
  });

  for (const sample of SAMPLES) {
    it(`${sample.language}: documents of no disk get editing help; no file is looked up and none is mended`, async () => {
      const editor = await editors.start();
      for (const uri of [`untitled:${sample.name}`, `vscode-vfs://github/somebody/thing/${sample.name}`]) {
        await editor.open(uri, sample.languageId, sample.good);
        assert.deepEqual(await editor.pull(uri), [], uri);
        await editor.type(uri, sample.broken);
        const found = await editor.pull(uri);
        assert.deepEqual(
          found.map(({ code }) => code),
          [sample.code],
        );
        assert.ok((await editor.actions(uri, found)).every(({ command }) => command === undefined));
        assert.equal(
          (await editor.ask<{ changed: boolean }>('maixcam/fixFile', { uri, code: sample.code, title: 'x' })).changed,
          false,
        );
        const hover = await editor.ask('textDocument/hover', { textDocument: { uri }, position: sample.hover });
        assert.notEqual(hover, null);
      }
    });
  }

  it('a document of an unknown language and one that is not open get nothing', async () => {
    const editor = await editors.start();
    await editor.open('file:///w/a.txt', 'plaintext', 'train: x\nval: y\n');
    assert.deepEqual(await editor.pull('file:///w/a.txt'), []);
    assert.deepEqual(await editor.pull('file:///w/never-opened.mud'), []);
  });

  it('a text that is too long for its kind is left alone, which the log says, and helped with when it is shorter', async () => {
    const editor = await editors.start();
    for (const sample of SAMPLES) {
      const uri = place(folder.path, sample);
      await editor.open(uri, sample.languageId, sample.broken + '#'.repeat(1024 * 1024));
      assert.deepEqual(await editor.pull(uri), []);
      await editor.until('a line in the log', () => editor.logs.find((line) => line.includes(`${uri} is too long`)));
      await editor.type(uri, sample.broken);
      assert.equal((await editor.pull(uri)).length, 1);
    }
  });

  it('any text of any language leaves the server alive', async () => {
    const editor = await editors.start();
    const nasty = ['', '\0', '\uD800', '[', '{{{{', '- - - -', '&a [*a]', '%YAML 9\n---', 'a: !!binary x', '\u2028'];
    const texts = [
      ...nasty,
      '[['.repeat(5000),
      'train:\nval:\nnames:\n  0: \0\n',
      `train: ${'../'.repeat(9999)}\nval: x\n`,
    ];
    for (const sample of SAMPLES) {
      const uri = place(folder.path, sample);
      await editor.open(uri, sample.languageId, sample.good);
      for (const text of texts) {
        await editor.type(uri, text);
        const params = { textDocument: { uri }, position: { line: 0, character: 1 }, context: { diagnostics: [] } };
        for (const question of QUESTIONS) await editor.ask(`textDocument/${question}`, params);
      }
      await editor.pull(uri);
    }
    assert.deepEqual(
      editor.logs.filter((line) => line.includes('failed')),
      [],
    );
  });
});
