import assert from 'node:assert/strict';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Locator } from 'playwright-core';
import { crash, jobsOf, message, PipelinePanel, pictures, THEME_OF_COMPUTER } from '../support/e2e-pipeline';
import { useEditor } from '../support/e2e-suite';
import { until } from '../support/until';

const MUD = '[basic]\ntype = cvimodel\nmodel = "one.cvimodel"\n';
const RECIPE = 'board: maixcam\ntask: detect\nonnx: one.onnx\nconvert: { calibration: { folder: pictures } }\n';
const TRAINED = 'board: maixcam\ntask: detect\ndataset: data/data.yaml\ntrain: { model: yolov8n, epochs: 1 }\n';
const TASKS = {
  version: '2.0.0',
  tasks: [
    { type: 'maixcam', label: 'cut one', recipe: 'one.maixcam.yaml', until: 'outputs' },
    { type: 'maixcam', label: 'run broken', recipe: 'broken.maixcam.yaml', until: 'outputs' },
  ],
};
const LOG_BYTES = 200e6;

/** A computer without Python, and things that go wrong while a person works. */
describe('when something is missing or breaks', function () {
  this.timeout(4 * 60_000);
  const nowhere = mkdtempSync(path.join(os.tmpdir(), 'maixcam-e2e-no-python-'));
  const suite = useEditor(
    {
      'quoted.mud': MUD,
      'one.onnx': gunzipSync(readFileSync('test/fixtures/onnx/trained/shapes-yolov8-detect.onnx.gz')),
      'one.maixcam.yaml': RECIPE,
      'broken.maixcam.yaml': `${RECIPE}depoly: { host: 10.0.0.1 }\n`,
      'trained.maixcam.yaml': TRAINED,
      '.vscode/tasks.json': JSON.stringify(TASKS),
    },
    {
      env: { PATH: nowhere, MAIXCAM_ENV_DIR: path.join(nowhere, 'environments'), MAIXCAM_CONFIG_DIR: nowhere },
      // Text of the terminal as elements, not as a picture.
      settings: { ...THEME_OF_COMPUTER, 'terminal.integrated.gpuAcceleration': 'off' },
    },
  );
  let panel: PipelinePanel;
  before(() => {
    mkdirSync(suite.file('pictures'));
    panel = new PipelinePanel(suite.window);
  });
  after(() => rmSync(nowhere, { recursive: true, force: true }));

  const servers = (): readonly number[] =>
    suite.editor
      .processes()
      .filter(({ command }) => command.includes('dist/server.js'))
      .map(({ pid }) => pid);

  async function runTask(label: string): Promise<void> {
    await suite.window.palette('Tasks: Run Task');
    await suite.window.pick('Tasks: Run Task');
    await suite.window.pick(label);
  }

  function terminalLine(text: string): Locator {
    // The terminal draws blanks as no-break spaces.
    const pattern = new RegExp(text.replaceAll(' ', '\\s'));
    return suite.window.page.locator('div.xterm-rows:visible > div').filter({ hasText: pattern }).first();
  }

  it('helps with editing again after the language server was killed', async () => {
    const { window } = suite;
    await window.openFile(suite.file('quoted.mud'));
    const rows = await window.problems('');
    await rows.filter({ hasText: 'MUD015' }).first().waitFor();
    const before = servers();
    assert.equal(before.length, 1);
    before.forEach(crash);
    await until('the server is started again', () => servers().some((pid) => !before.includes(pid)));
    // Before the server answers again, the problem may still be the old one: an edit tells.
    await window.focusEditor();
    await window.goTo(3, 10);
    await window.page.keyboard.press('Delete');
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('Backspace');
    await window.fixed('MUD015');
    await window.page.keyboard.press('Control+Z');
    await window.page.keyboard.press('Control+Z');
    await rows.filter({ hasText: 'MUD015' }).first().waitFor();
    assert.deepEqual(await window.notifications.allInnerTexts(), []);
  });

  it('runs a task of tasks.json in the terminal', async () => {
    const { window } = suite;
    await runTask('cut one');
    await terminalLine('yolov8 detect: 2 tensors').waitFor();
    await terminalLine('Terminal will be reused by tasks').waitFor();
    await pictures(window, 'task done');
    const [job] = jobsOf(suite.folder, 'one');
    assert.equal(job?.state, 'done');
  });

  it('shows what is wrong with a recipe that a task runs in the problems view', async () => {
    const { window } = suite;
    await runTask('run broken');
    await terminalLine('Correct the recipe').waitFor();
    await terminalLine('Terminal will be reused by tasks').waitFor();
    const rows = await window.problems('');
    await rows.filter({ hasText: 'RECIPE003' }).first().waitFor();
    await rows.filter({ hasText: 'broken.maixcam.yaml' }).first().waitFor();
    await pictures(window, 'task problem');
  });

  it('says that Python is missing, and offers to make an environment', async () => {
    const { window } = suite;
    await panel.show();
    await panel.recipe('one').waitFor();
    await panel.press(panel.recipe('one'), 'Run Pipeline');
    const told = message(window, /environment/i);
    await told.waitFor();
    await told.locator('.monaco-button').getByText('Create Environment…', { exact: true }).waitFor();
    await pictures(window, 'python missing');
  });

  it('opens the end of a log of 200 MB', async () => {
    const { window } = suite;
    const log = jobsOf(suite.folder, 'one').at(-1)?.log ?? assert.fail('there is no run');
    const line = Buffer.from(
      'a line of a tool that says too much, over and over again, until the disk is full\n'.repeat(10_000),
    );
    const file = openSync(log, 'a');
    for (let written = 0; written < LOG_BYTES; written += line.length) writeSync(file, line);
    writeSync(file, 'the last line\n');
    closeSync(file);
    await panel.recipe('one').click({ button: 'right' });
    await window.page.locator('.monaco-menu').getByText('Show Log of This Run', { exact: true }).click();
    await window.lines.getByText('the last line').waitFor();
    await window.page.keyboard.press('Control+Home');
    await window.lines.getByText('[The first 19').waitFor();
    await pictures(window, 'long log');
  });

  it('helps with a text that lies on no disk, and says why it cannot run it', async () => {
    const { window } = suite;
    await window.palette('File: New Untitled Text File');
    await window.pick('File: New Untitled Text File');
    await window.page.locator('.tab.active').filter({ hasText: 'Untitled-1' }).waitFor();
    await window.command('Change Language Mode');
    await window.quickInput.locator('.quick-input-box input').fill('MaixCAM Recipe');
    await window.pick('MaixCAM Recipe');
    await window.languageName.getByText('MaixCAM Recipe', { exact: true }).waitFor();
    await window.focusEditor();
    await window.page.keyboard.insertText('board: maixcam\ntask: detct\nonnx: one.onnx\n');
    const rows = await window.problems('');
    await rows.filter({ hasText: 'RECIPE' }).first().waitFor();
    await window.page.locator('.editor-group-container.active .editor-actions a[aria-label^="Run Pipeline"]').click();
    const refused = message(window, 'is not saved yet');
    await refused.waitFor();
    await pictures(window, 'no disk');
    assert.match(await refused.innerText(), /Untitled-1/);
  });
});
