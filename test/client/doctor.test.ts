import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { environmentOf, readSettings } from '../../client/src/ui/settings';
import { useExtension } from '../support/extension-context';
import { useTempFolder } from '../support/temp-folder';
import type { Editor } from '../support/vscode-stub/editor';
import { choose, dismiss } from '../support/vscode-stub/prompts';
import { Uri } from '../support/vscode-stub/values';

const shownText = (editor: Editor): string => editor.documents.at(-1)?.getText() ?? '';

describe('Doctor', function () {
  this.timeout(60_000);
  const editor = useExtension();
  const temp = useTempFolder();

  it('reports versions, tools, environments, settings and recipes, and nothing secret', async () => {
    writeFileSync(
      temp.file('shapes.maixcam.yaml'),
      'board: maixcam\nonnx: gone.onnx\nconvert:\n  calibration:\n    folder: p\n',
    );
    editor().openFolders(temp.path);
    editor().secrets.set('board-password:root@board:22', 'very secret');
    await editor().run('maixcam.doctor');
    const text = shownText(editor());
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    assert.ok(text.includes(version));
    for (const title of ['Editor', 'Machine', 'Tools on PATH', 'Engine for ONNX models', 'Python environments']) {
      assert.match(text, new RegExp(`^## ${title}\n\n\\S`, 'm'), title);
    }
    assert.match(text, /\| Extension host \| this machine \|/);
    assert.match(text, /^(native|wasm): /m);
    assert.match(text, /- \*\*train\*\*: missing/);
    assert.match(text, /\| maixcam\.environments\.folder \| .*environments \|/);
    assert.match(text, /### .*shapes\.maixcam\.yaml/);
    assert.doesNotMatch(text, /very secret/);
    assert.equal(editor().shown.at(-1)?.scheme, 'maixcam-doctor');
  });

  it('starts nothing in a restricted workspace, and says so', async () => {
    editor().trusted = false;
    await editor().run('maixcam.doctor');
    assert.match(shownText(editor()), /## Python environments\n\nNot looked at: this workspace is not trusted/);
    assert.match(shownText(editor()), /not trusted \|/);
  });
});

describe('Create/Repair Environment', function () {
  this.timeout(60_000);
  const editor = useExtension();

  it('shows state, size and time before anything begins', async () => {
    editor().prompts.answer(choose('Training'), dismiss);
    await editor().run('maixcam.createEnvironment');
    const [list, confirmation] = editor().prompts.seen;
    assert.ok(list !== undefined);
    assert.deepEqual(
      list.items.map((item) => item.description),
      ['not there yet', 'not there yet'],
    );
    assert.match(list.items[0]?.detail ?? '', /GB to .*GB on disk, 1 to 10 minutes/);
    assert.equal(confirmation?.modal, true);
    assert.match(confirmation.detail, /GB/);
    assert.equal(editor().progress.filter((shown) => shown.cancellable).length, 0);
  });

  it('tells what is wrong with an environment that it did not make', async () => {
    const folder = String(editor().settings.get('maixcam.environments.folder'));
    mkdirSync(path.join(folder, 'train'), { recursive: true });
    writeFileSync(path.join(folder, 'train', 'mine.txt'), '');
    editor().prompts.answer(choose('Make Anew'));
    await editor().run('maixcam.createEnvironment', 'train');
    const [error] = editor().prompts.messages('error');
    assert.match(error?.text ?? '', /was not made by this program, so it is left alone/);
    assert.deepEqual(error?.choices, ['Show Log']);
  });
});

describe('settings', () => {
  const editor = useExtension();

  it('reach the host layer and every child under the names of the terminal program', () => {
    editor().openFolders('/work space');
    editor().settings.set('maixcam.python.train', '~/py/bin/python');
    editor().settings.set('maixcam.python.convert', '${workspaceFolder}/.venv/bin/python');
    editor().settings.set('maixcam.environments.folder', '${env:MAIXCAM_TEST_PLACE}/envs');
    process.env.MAIXCAM_TEST_PLACE = '/somewhere';
    const env = environmentOf(readSettings(Uri.file('/work space/a.maixcam.yaml')));
    assert.equal(env.MAIXCAM_TRAIN_PYTHON, path.join(os.homedir(), 'py/bin/python'));
    assert.equal(env.MAIXCAM_CONVERT_PYTHON, '/work space/.venv/bin/python');
    assert.equal(env.MAIXCAM_ENV_DIR, '/somewhere/envs');
    assert.equal(env.PATH, process.env.PATH);
  });

  it('leave what is not set alone, and pass on nothing that steers the editor or is a password', () => {
    const settings = { trainPython: '', convertPython: '', environmentsFolder: '', codeLens: true };
    const base = {
      PATH: '/bin',
      NODE_OPTIONS: '-r x',
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '1',
      MAIXCAM_PASSWORD: 'x',
    };
    assert.deepEqual(environmentOf(settings, base), { PATH: '/bin' });
  });
});
