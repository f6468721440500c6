import { strict as assert } from 'node:assert';
import { type Editor, useEditors } from '../support/lsp-server';
import { useTempFolder } from '../support/temp-folder';
import { place, RECIPE, SAMPLES, type Sample } from './samples';

describe('language server: fixes in the text', () => {
  const editors = useEditors();
  const folder = useTempFolder();

  const opened = async (sample: Sample, text = sample.broken): Promise<{ editor: Editor; uri: string }> => {
    const uri = place(folder.path, sample, text);
    const editor = await editors.start();
    await editor.open(uri, sample.languageId, text);
    return { editor, uri };
  };

  for (const sample of SAMPLES) {
    it(`${sample.language}: the preferred fix leaves no problem`, async () => {
      const { editor, uri } = await opened(sample);
      const found = await editor.pull(uri);
      const fix = (await editor.actions(uri, found)).find(({ isPreferred }) => isPreferred);
      assert.ok(fix, 'a preferred fix');
      assert.equal(fix.kind, 'quickfix');
      assert.deepEqual(fix.diagnostics, found);
      await editor.apply(uri, fix);
      assert.deepEqual(await editor.pull(uri), []);
    });

    it(`${sample.language}: Fix All leaves no problem, and is offered only where it is asked for`, async () => {
      const { editor, uri } = await opened(sample);
      const [all, ...more] = await editor.actions(uri, [], ['source.fixAll']);
      assert.deepEqual(more, []);
      assert.equal(all?.kind, 'source.fixAll.maixcam');
      await editor.apply(uri, all);
      assert.deepEqual(await editor.pull(uri), []);
      assert.deepEqual(await editor.actions(uri, [], ['source.fixAll']), []);
    });
  }

  it('a fix for a text that was changed since is that of the same problem at its new place', async () => {
    const { editor, uri } = await opened(RECIPE);
    const found = await editor.pull(uri);
    await editor.type(uri, RECIPE.broken.replace('dataset: data.yaml', 'dataset:   data.yaml'));
    const [fix] = await editor.actions(uri, found);
    assert.ok(fix);
    await editor.apply(uri, fix);
    assert.deepEqual(await editor.pull(uri), []);
  });

  it('no fix is offered for a problem that is gone', async () => {
    const { editor, uri } = await opened(RECIPE);
    const found = await editor.pull(uri);
    await editor.type(uri, RECIPE.good);
    assert.deepEqual(await editor.actions(uri, found), []);
  });

  it('Fix All makes only edits that do not touch each other', async () => {
    const text = 'bord: maixcam\ntsk: detect\ndatset: data.yaml\ntrain:\n  modl: yolov8n\n';
    const { editor, uri } = await opened(RECIPE, text);
    const [all] = await editor.actions(uri, [], ['source.fixAll']);
    assert.match(all?.title ?? '', /^Fix \d problems$/);
    assert.ok(all);
    assert.equal(await editor.apply(uri, all), RECIPE.good);
  });

  it('foreign and malformed data in diagnostics give no fix', async () => {
    const { editor, uri } = await opened(RECIPE);
    const [found] = await editor.pull(uri);
    assert.ok(found);
    for (const data of [undefined, 1, {}, { version: 1 }, { version: 1, fixes: [{ title: 2 }], fileFix: null }]) {
      assert.deepEqual(await editor.actions(uri, [{ ...found, data }]), []);
    }
  });
});
