import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { useEditors } from '../support/lsp-server';
import { useTempFolder } from '../support/temp-folder';
import { DATASET, place, RECIPE, SAMPLES } from './samples';

describe('language server: diagnostics', () => {
  const editors = useEditors();
  const folder = useTempFolder();

  for (const sample of SAMPLES) {
    it(`${sample.language}: a good file has none, a broken one has its own, with code and source (pull)`, async () => {
      const uri = place(folder.path, sample);
      const editor = await editors.start();
      await editor.open(uri, sample.languageId, sample.good);
      assert.deepEqual(await editor.pull(uri), []);
      await editor.type(uri, sample.broken);
      const found = await editor.pull(uri);
      assert.deepEqual(
        found.map(({ code, source }) => [code, source]),
        [[sample.code, 'maixcam']],
      );
      assert.deepEqual(editor.published, []);
    });

    it(`${sample.language}: problems come, go and are cleared when the file is closed (push)`, async () => {
      const uri = place(folder.path, sample, sample.broken);
      const editor = await editors.start({ mode: 'push' });
      await editor.open(uri, sample.languageId, sample.broken);
      const first = await editor.pushed(uri, () => true);
      assert.deepEqual(
        first.diagnostics.map(({ code }) => code),
        [sample.code],
      );
      assert.equal(first.version, 1);
      await editor.type(uri, sample.good);
      assert.deepEqual((await editor.pushed(uri, ({ version }) => version === 2)).diagnostics, []);
      await editor.close(uri);
      await editor.pushed(uri, ({ version }) => version === undefined);
    });
  }

  it('sends five hundred problems of a file, the last line says how many more there are', async () => {
    const editor = await editors.start();
    const uri = 'untitled:junk.mud';
    await editor.open(uri, 'maixcam-mud', 'junk\n'.repeat(700));
    const found = await editor.pull(uri);
    assert.equal(found.length, 501);
    assert.equal(found.at(-1)?.code, 'FILE004');
    const message = found.at(-1)?.message;
    assert.match(typeof message === 'string' ? message : '', /^\d+ more /);
  });

  it('says that nothing has changed to a client that asks again', async () => {
    const uri = place(folder.path, RECIPE);
    const editor = await editors.start();
    await editor.open(uri, RECIPE.languageId, RECIPE.broken);
    const first = await editor.report(uri);
    assert.equal(first.kind, 'full');
    assert.deepEqual(await editor.report(uri, first.resultId), { kind: 'unchanged', resultId: first.resultId });
    await editor.type(uri, RECIPE.good);
    assert.equal((await editor.report(uri, first.resultId)).kind, 'full');
  });

  it('rapid typing: the answers are those of the last version (pull)', async () => {
    const uri = place(folder.path, RECIPE);
    const editor = await editors.start();
    await editor.open(uri, RECIPE.languageId, RECIPE.good);
    for (let length = 1; length <= RECIPE.broken.length; length += 1) {
      await editor.type(uri, RECIPE.broken.slice(0, length));
    }
    const reports = await Promise.all([editor.pull(uri), editor.pull(uri), editor.pull(uri)]);
    for (const report of reports) {
      assert.deepEqual(
        report.map(({ code }) => code),
        [RECIPE.code],
      );
    }
  });

  it('rapid typing: one set of diagnostics is sent, that of the last version (push)', async () => {
    const uri = place(folder.path, RECIPE);
    const editor = await editors.start({ mode: 'push' });
    await editor.open(uri, RECIPE.languageId, RECIPE.good);
    await editor.pushed(uri, ({ version }) => version === 1);
    for (let length = 1; length <= RECIPE.broken.length; length += 1) {
      await editor.type(uri, RECIPE.broken.slice(0, length));
    }
    const last = await editor.pushed(uri, ({ version }) => version === RECIPE.broken.length + 1);
    assert.deepEqual(
      last.diagnostics.map(({ code }) => code),
      [RECIPE.code],
    );
    const versions = editor.published.map(({ version }) => version ?? 0);
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => a - b),
    );
    assert.ok(versions.length < RECIPE.broken.length, `${versions.length} sets were sent`);
  });

  it('a question that is cancelled is answered as cancelled', async () => {
    const uri = place(folder.path, RECIPE);
    const editor = await editors.start();
    await editor.open(uri, RECIPE.languageId, RECIPE.good);
    await editor.type(uri, RECIPE.broken);
    const { CancellationTokenSource } = await import('vscode-jsonrpc/node');
    const source = new CancellationTokenSource();
    const asked = editor.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, source.token);
    source.cancel();
    await assert.rejects(asked, { code: -32800 });
    assert.equal((await editor.pull(uri)).length, 1);
  });

  it('a folder that the text names: its problem comes when it vanishes and goes when it appears', async () => {
    const uri = place(folder.path, DATASET);
    const images = folder.file('images');
    const editor = await editors.start();
    await editor.open(uri, DATASET.languageId, DATASET.good);
    assert.deepEqual(await editor.pull(uri), []);
    rmSync(images, { recursive: true });
    await editor.watched(pathToFileURL(images).href, 3);
    await editor.until('a refresh', () => (editor.refreshes.length > 0 ? true : undefined));
    assert.ok((await editor.pull(uri)).some(({ code }) => code === 'DATA008'));
    place(folder.path, DATASET);
    await editor.watched(pathToFileURL(images).href, 1);
    await editor.until('another refresh', () => (editor.refreshes.length > 1 ? true : undefined));
    assert.deepEqual(await editor.pull(uri), []);
  });

  it('a folder that appears is noticed without being asked (push)', async () => {
    const uri = place(folder.path, DATASET);
    const images = folder.file('images');
    rmSync(images, { recursive: true });
    const editor = await editors.start({ mode: 'push' });
    await editor.open(uri, DATASET.languageId, DATASET.good);
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.some(({ code }) => code === 'DATA008'));
    place(folder.path, DATASET);
    await editor.watched(pathToFileURL(images).href, 1);
    await editor.pushed(uri, ({ diagnostics }) => diagnostics.length === 0);
  });
});
