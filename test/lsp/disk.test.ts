import { strict as assert } from 'node:assert';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CodeAction } from 'vscode-languageserver-types';
import type { FixFileParams, FixFileResult } from '../../server/src/protocol/methods';
import { type Editor, useEditors } from '../support/lsp-server';
import { useTempFolder } from '../support/temp-folder';
import { place, SAMPLES, type Sample } from './samples';

const BOM = '\uFEFF';

/** What the editor shows of a text: without BOM, one kind of line end. */
function shown(text: string): string {
  return text.replace(BOM, '').replace(/\r\n?/g, '\n');
}

describe('language server: what only the bytes on disk show', () => {
  const editors = useEditors();
  const folder = useTempFolder();

  const opened = async (sample: Sample, onDisk: string): Promise<{ editor: Editor; uri: string }> => {
    const uri = place(folder.path, sample, onDisk);
    const editor = await editors.start();
    await editor.open(uri, sample.languageId, shown(onDisk));
    return { editor, uri };
  };

  /** Fixes that write bytes, for all problems of a file. */
  const fileFixes = async (editor: Editor, uri: string): Promise<readonly CodeAction[]> =>
    (await editor.actions(uri, await editor.pull(uri))).filter(({ command }) => command !== undefined);

  const fix = (editor: Editor, action: CodeAction | undefined): Promise<FixFileResult> => {
    assert.ok(action?.command, 'an action with a command');
    assert.equal(action.command.command, 'maixcam.fixFile');
    const [uri, code, title] = action.command.arguments as [string, string, string];
    const params: FixFileParams = { uri, code, title };
    return editor.ask('maixcam/fixFile', params);
  };

  for (const sample of SAMPLES) {
    it(`${sample.language}: a BOM is told although the editor hides it; the fix takes it away on the disk`, async () => {
      const { editor, uri } = await opened(sample, BOM + sample.good);
      const found = await editor.pull(uri);
      assert.equal(found.length, 1);
      const actions = await fileFixes(editor, uri);
      assert.equal(actions.length, 1);
      assert.deepEqual(await fix(editor, actions[0]), { changed: true, reason: null });
      assert.equal(readFileSync(fileURLToPath(uri), 'utf8'), sample.good);
      await editor.until('a refresh', () => (editor.refreshes.length > 0 ? true : undefined));
      assert.deepEqual(await editor.pull(uri), []);
      assert.deepEqual(
        readdirSync(folder.path).filter((name) => name.endsWith('.part')),
        [],
      );
    });
  }

  it('the bytes are read again after a save and after a change by another program', async () => {
    const [sample] = SAMPLES as readonly [Sample];
    const { editor, uri } = await opened(sample, sample.good);
    const file = fileURLToPath(uri);
    assert.deepEqual(await editor.pull(uri), []);
    writeFileSync(file, BOM + sample.good);
    await editor.watched(uri, 2);
    assert.equal((await editor.pull(uri)).length, 1);
    writeFileSync(file, sample.good);
    await editor.save(uri);
    assert.deepEqual(await editor.pull(uri), []);
  });

  it('a file that was mended by others is left alone, with the reason', async () => {
    const [sample] = SAMPLES as readonly [Sample];
    const { editor, uri } = await opened(sample, BOM + sample.good);
    const [action] = await fileFixes(editor, uri);
    writeFileSync(fileURLToPath(uri), sample.good);
    const result = await fix(editor, action);
    assert.equal(result.changed, false);
    assert.match(result.reason ?? '', /has changed on the disk and no longer has this problem/);
    assert.deepEqual(await editor.pull(uri), []);
  });

  it('an editor with other text than the file is told to save first, and nothing is written', async () => {
    const [sample] = SAMPLES as readonly [Sample];
    const { editor, uri } = await opened(sample, BOM + sample.good);
    const [action] = await fileFixes(editor, uri);
    await editor.type(uri, `${sample.good}# more\n`);
    const result = await fix(editor, action);
    assert.equal(result.changed, false);
    assert.match(result.reason ?? '', /not saved/);
    assert.equal(readFileSync(fileURLToPath(uri), 'utf8'), BOM + sample.good);
  });

  it('permissions and a symbolic link stay', async function () {
    if (process.platform === 'win32') this.skip();
    const [sample] = SAMPLES as readonly [Sample];
    const uri = place(folder.path, sample, BOM + sample.good);
    const file = fileURLToPath(uri);
    const real = path.join(folder.path, 'elsewhere.yaml');
    renameSync(file, real);
    chmodSync(real, 0o640);
    symlinkSync('elsewhere.yaml', file);
    const editor = await editors.start();
    await editor.open(uri, sample.languageId, sample.good);
    assert.equal((await fix(editor, (await fileFixes(editor, uri))[0])).changed, true);
    assert.ok(lstatSync(file).isSymbolicLink());
    assert.equal(readFileSync(real, 'utf8'), sample.good);
    assert.equal(statSync(real).mode & 0o777, 0o640);
  });

  it('a vanished file is refused with the reason', async () => {
    const [sample] = SAMPLES as readonly [Sample];
    const { editor, uri } = await opened(sample, BOM + sample.good);
    const [action] = await fileFixes(editor, uri);
    renameSync(fileURLToPath(uri), `${fileURLToPath(uri)}.gone`);
    const result = await fix(editor, action);
    assert.equal(result.changed, false);
    assert.match(result.reason ?? '', /There is no file/);
  });

  it('a file that is not open is refused', async () => {
    const [sample] = SAMPLES as readonly [Sample];
    const uri = place(folder.path, sample, BOM + sample.good);
    const editor = await editors.start();
    const result = await editor.ask<FixFileResult>('maixcam/fixFile', { uri, code: 'X', title: 'Y' });
    assert.equal(result.changed, false);
    assert.match(result.reason ?? '', /not open/);
  });
});
