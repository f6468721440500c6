import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedBoard, type EmbeddedBoard } from '../../client/src/host/board/embedded';
import { onBoard, sha256Of } from '../support/boards';
import {
  assertNothingLeft,
  dialog,
  endOf,
  jobsOf,
  message,
  PipelinePanel,
  pictures,
  pressIn,
  THEME_OF_COMPUTER,
  TOOL_MS,
} from '../support/e2e-pipeline';
import { useEditor } from '../support/e2e-suite';
import { ENVIRONMENTS_MS, requireTools } from '../support/train-python';

const STEPS = ['Check', 'Train', 'Export', 'Outputs', 'Cut', 'Convert', 'MUD', 'Compare', 'Push'];
const CONFIG = path.join(os.tmpdir(), `maixcam-e2e-config-${process.pid}`);

/** The sample learns for two minutes; a smaller one that learns less takes the same way. */
const SMALLER: readonly (readonly [RegExp, string])[] = [
  [/epochs: 12/, 'epochs: 9'],
  [/close_mosaic: 4/, 'close_mosaic: 6'],
  [/image-size: 320/, 'image-size: 192'],
  [/size: 320x224/, 'size: 192x128'],
  [/precision: int8/, 'precision: int8\n  tolerance: [0, 0]'],
  [/pictures: 30/, 'pictures: 10'],
  [/pictures: 40/, 'pictures: 8'],
  [/minimum: 0.9/, 'minimum: 0'],
];

describe('a new user', function () {
  this.timeout(8 * 60_000);
  this.bail(true);
  const suite = useEditor({}, { env: { MAIXCAM_CONFIG_DIR: CONFIG }, settings: THEME_OF_COMPUTER });
  let board: EmbeddedBoard;
  let panel: PipelinePanel;
  before(async function () {
    this.timeout(ENVIRONMENTS_MS);
    await requireTools(this);
    board = await startEmbeddedBoard({ kind: 'maixcam' });
    panel = new PipelinePanel(suite.window);
  });
  after(async () => {
    // Not there where the suite was skipped.
    await (board as EmbeddedBoard | undefined)?.stop();
    rmSync(CONFIG, { recursive: true, force: true });
  });

  it('opens the sample in an empty folder', async () => {
    const { window } = suite;
    await panel.show();
    await window.page.locator('.welcome-view-content').getByText('Open Sample Workspace').waitFor();
    await pictures(window, 'sample 1 empty folder');
    await window.command('MaixCAM: Open Sample Workspace');
    await window.quickRow('Shapes, with boxes').waitFor();
    await pictures(window, 'sample 2 question');
    await window.pick('Shapes, with boxes');
    await window.page.locator('.tab.active').filter({ hasText: 'shapes.maixcam.yaml' }).waitFor();
    for (const title of STEPS) await panel.row(title).waitFor();
    await window.lenses.filter({ hasText: 'Run' }).first().waitFor();
    await pictures(window, 'sample 3 recipe');
    assert.deepEqual(readdirSync(suite.folder).sort(), [
      '.gitignore',
      'data.yaml',
      'images',
      'labels',
      'shapes.maixcam.yaml',
    ]);
  });

  it('runs all steps to the board, after a look at its host key', async () => {
    const { window } = suite;
    const recipe = suite.file('shapes.maixcam.yaml');
    let text = readFileSync(recipe, 'utf8');
    for (const [pattern, small] of SMALLER) {
      assert.match(text, pattern);
      text = text.replace(pattern, small);
    }
    writeFileSync(recipe, text.replace('deploy:\n', `deploy:\n  host: ${board.host}:${board.port}\n`));
    await panel.row('Push', 'waiting').waitFor();

    await panel.press(panel.recipe('shapes'), 'Run Pipeline');
    await dialog(window).getByText(board.fingerprint).waitFor();
    await pictures(window, 'run 1 host key');
    await dialog(window).locator('.monaco-button').getByText('Trust This Board', { exact: true }).click();
    await window.quickInput.locator('input[type=password]').waitFor();
    await pictures(window, 'run 2 password');
    await window.answer(board.password);

    const running = panel.row('Train', 'running');
    await running.filter({ hasText: /%/ }).waitFor({ timeout: TOOL_MS });
    await message(window, /train.*epoch/i).waitFor({ timeout: TOOL_MS });
    await pictures(window, 'run 3 training');
    await panel.row('Convert', 'running').filter({ hasText: /%/ }).waitFor({ timeout: TOOL_MS });
    await pictures(window, 'run 4 converting');
    const end = await endOf(window, 'shapes is done');
    for (const title of STEPS) await panel.row(title, 'done').waitFor();
    await pictures(window, 'run 5 done');
    assert.match(await end.innerText(), /mAP50 \d/);
    const texts = await panel.texts();
    const textOf = (title: string): string => texts.find((one) => one.startsWith(`${title}, `)) ?? '';
    assert.match(textOf('Train'), /mAP50 [01]\.\d+/);
    assert.match(textOf('Export'), /192×128.*MB|192×128.*kB/);
    assert.match(textOf('Convert'), /[kM]B/);

    const made = suite.file('.maixcam/shapes/mud');
    const there = onBoard(board, '/root/models/shapes');
    const files = readdirSync(there).sort();
    assert.deepEqual(files, ['shapes.mud', 'shapes_int8.cvimodel']);
    for (const file of files) assert.equal(sha256Of(path.join(there, file)), sha256Of(path.join(made, file)));
    assertNothingLeft(suite.folder, 'shapes');
    assert.ok(!readFileSync(jobsOf(suite.folder, 'shapes').at(-1)?.log ?? '', 'utf8').includes(`"${board.password}"`));

    await pressIn(end, 'Open Contact Sheet');
    await window.page.locator('.tab.active').filter({ hasText: 'contact-sheet.png' }).waitFor();
  });

  it('opens the result of a step from its row', async () => {
    const { window } = suite;
    await panel.show();
    await panel.row('Compare').click();
    await window.page.locator('.tab.active').filter({ hasText: 'contact-sheet.png' }).waitFor();
    // Its size in pixels shows once it is drawn.
    await window.page
      .locator('.part.statusbar')
      .getByText(/^\d+x\d+$/)
      .waitFor();
    await pictures(window, 'result 1 contact sheet');
    await panel.row('MUD').click();
    await window.page.locator('.tab.active').filter({ hasText: 'shapes.mud' }).waitFor();
    await window.languageName.getByText('MUD (MaixCAM model description)', { exact: true }).waitFor();
    await pictures(window, 'result 2 mud');
  });

  it('has nothing to do the second time', async () => {
    const { window } = suite;
    const jobs = jobsOf(suite.folder, 'shapes').length;
    await panel.press(panel.recipe('shapes'), 'Run Pipeline');
    const told = message(window, 'shapes is up to date');
    await told.waitFor();
    assert.match(await told.innerText(), /all files are there/);
    assert.equal(await told.getByText('Push to Board…').count(), 0);
    await pictures(window, 'run 6 up to date');
    const runs = jobsOf(suite.folder, 'shapes');
    assert.equal(runs.length, jobs + 1);
    assert.ok(runs.at(-1)?.steps.every(({ state }) => state === 'skipped'));
  });
});
