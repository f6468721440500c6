import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { useEditor, writeFiles } from '../support/e2e-suite';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
  };
}

const MUD = '[basic]\ntype = cvimodel\nmodel = one.cvimodel\n';
const RECIPE = 'board: maixcam\ntask: detect\ndataset: data.yaml\n';

describe('a window with the extension', function () {
  this.timeout(240_000);
  const suite = useEditor({ 'one.mud': MUD, 'one.maixcam.yaml': RECIPE, 'other.yaml': 'services: [web]\n' });

  it('offers every command under MaixCAM, and only those that are meant for the palette', async () => {
    const { commands, menus } = (JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).contributes;
    const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const expected = commands
      .filter(({ command }) => !hidden.includes(command))
      .map(({ command }) => `MaixCAM: ${texts[command.replace('maixcam.', 'command.')] ?? command}`);
    // The editor adds this one for every view.
    expected.push('MaixCAM: Focus on Pipeline View');
    assert.deepEqual(await suite.window.commandTitles('MaixCAM: Run Pipeline'), expected.sort());
  });

  it('knows its languages, and leaves other YAML alone', async () => {
    const { window } = suite;
    for (const [file, language] of [
      ['one.mud', 'MUD (MaixCAM model description)'],
      ['one.maixcam.yaml', 'MaixCAM Recipe'],
      ['other.yaml', 'YAML'],
    ] as const) {
      await window.openFile(suite.file(file));
      await window.languageName.getByText(language, { exact: true }).waitFor();
    }
  });

  it('shows the recipes in its own view', async () => {
    const { window } = suite;
    const rows = await window.pipelineView();
    await rows.filter({ hasText: 'one' }).first().waitFor();
    await window.screenshot('pipeline view');
  });

  it('opens with several folders', async () => {
    const workspace = suite.file('several.code-workspace');
    for (const name of ['first', 'second']) {
      mkdirSync(suite.file(name));
      writeFiles(suite.file(name), { [`${name}.maixcam.yaml`]: RECIPE });
    }
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'first' }, { path: 'second' }] }));
    const window = await suite.editor.open({ workspace });
    const rows = await window.pipelineView();
    for (const name of ['first', 'second']) await rows.filter({ hasText: name }).first().waitFor();
    await window.screenshot('several folders');
    await window.page.close();
  });

  it('opens without a folder, and says what to do', async () => {
    const window = await suite.editor.open(null);
    await window.pipelineView();
    const welcome = window.page.locator('.welcome-view-content');
    await welcome.getByText('Open a folder').first().waitFor();
    await welcome.getByText('Open Sample Workspace').waitFor();
    await window.screenshot('no folder');
    await window.page.close();
  });

  it('speaks Chinese where the editor does', async () => {
    const texts = JSON.parse(readFileSync('package.nls.zh-cn.json', 'utf8')) as Readonly<Record<string, string>>;
    const window = await suite.editor.open({ folder: suite.folder }, 'zh-cn');
    const titles = await window.commandTitles(`MaixCAM: ${texts['command.doctor'] ?? ''}`);
    assert.ok(titles.includes(`MaixCAM: ${texts['command.newModel'] ?? ''}`), titles.join(', '));
    await window.openFile(suite.file('one.maixcam.yaml'));
    await window.screenshot('Chinese');
    await window.page.close();
  });

  it('has told of nothing and logged no error', async () => {
    assert.deepEqual(await suite.window.notifications.allInnerTexts(), []);
    const logs = [...suite.editor.extensionLogs()];
    assert.ok(logs.length > 0, 'the extension has not started');
    for (const [name, text] of logs) assert.ok(!/\[(error|warning)\]/.test(text), `${name}:\n${text}`);
    for (const [name, text] of suite.editor.logs()) {
      if (name.endsWith('remoteexthost.log'))
        assert.ok(!/\[error\].*maixcam-workbench/i.test(text), `${name}:\n${text}`);
    }
  });
});
