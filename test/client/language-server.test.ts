import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { FixFileParams, FixFileResult } from '../../server/src/protocol/methods';
import { fixFile } from '../../client/src/ui/language/fix-file';
import { useEditors } from '../support/lsp-server';
import { useTempFolder } from '../support/temp-folder';
import type { StubDocument } from '../support/vscode-stub/documents';
import { useEditor } from '../support/vscode-stub/editor';
import { choose } from '../support/vscode-stub/prompts';

describe('fixes of files on the disk', () => {
  const editor = useEditor();
  const servers = useEditors();
  const folder = useTempFolder();

  /** A file that the editor shows and the real server has; the fix as its code action names it. */
  async function opened(): Promise<{
    readonly file: string;
    readonly shown: StubDocument;
    readonly params: FixFileParams;
    readonly asked: FixFileParams[];
    readonly request: (params: FixFileParams) => Promise<FixFileResult>;
  }> {
    const file = folder.file('m.mud');
    writeFileSync(file, '\uFEFF[basic]\ntype = cvimodel\nmodel = m.cvimodel\n');
    editor().openFolders(folder.path);
    const shown = editor().openFile(file);
    const uri = shown.uri.toString();
    const server = await servers.start();
    await server.open(uri, shown.languageId, shown.getText());
    const found = await server.pull(uri);
    const action = (await server.actions(uri, found)).find(({ command }) => command?.command === 'maixcam.fixFile');
    const [, code, title] = (action?.command?.arguments ?? []) as string[];
    assert.ok(code !== undefined && title !== undefined, 'a fix of the file');
    const asked: FixFileParams[] = [];
    const request = async (params: FixFileParams): Promise<FixFileResult> => {
      asked.push(params);
      return await server.ask<FixFileResult>('maixcam/fixFile', params);
    };
    return { file, shown, params: { uri, code, title }, asked, request };
  }
  const startsWithMark = (file: string): boolean => readFileSync(file, 'utf8').startsWith('\uFEFF');

  it('are made without a question where all is saved', async () => {
    const { file, params, request } = await opened();
    await fixFile(params, request);
    assert.ok(!startsWithMark(file));
    assert.deepEqual(editor().prompts.seen, []);
  });

  it('ask to save first, and then are made', async () => {
    const { file, shown, params, request, asked } = await opened();
    shown.isDirty = true;
    editor().prompts.answer(choose('Save and Fix'));
    await fixFile(params, request);
    const [question, ...more] = editor().prompts.messages('warning');
    assert.deepEqual(more, []);
    assert.match(question?.text ?? '', /^m\.mud has changes that are not saved\./);
    assert.deepEqual(question?.choices, ['Save and Fix']);
    assert.equal(asked.length, 1);
    assert.ok(!shown.isDirty);
    assert.ok(!startsWithMark(file));
  });

  it('change nothing where the question is left, or saving fails', async () => {
    const { file, shown, params, request, asked } = await opened();
    shown.isDirty = true;
    await fixFile(params, request);
    assert.ok(shown.isDirty);
    shown.canSave = false;
    editor().prompts.answer(choose('Save and Fix'));
    await fixFile(params, request);
    assert.deepEqual(asked, []);
    assert.ok(startsWithMark(file));
  });

  it('that the server refuses are told with its reason', async () => {
    const { file, params, request } = await opened();
    writeFileSync(file, '[basic]\ntype = cvimodel\nmodel = other.cvimodel\n');
    await fixFile(params, request);
    const [told] = editor().prompts.messages('warning');
    assert.match(told?.text ?? '', /^m\.mud has changes that are not saved/);
  });

  it('of a file that vanished say so', async () => {
    const { file, params, request } = await opened();
    rmSync(file);
    await fixFile(params, request);
    assert.equal(editor().prompts.messages('warning').length, 1);
    assert.match(editor().prompts.messages('warning')[0]?.text ?? '', /m\.mud/);
  });
});
