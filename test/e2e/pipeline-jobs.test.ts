import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { JobRecord } from '../../client/src/domain/jobs/job-record';
import { isAlive } from '../../client/src/host/store/lock';
import { drawSquares } from '../real/drawn-set';
import {
  assertNothingLeft,
  crash,
  endOf,
  jobsOf,
  message,
  PipelinePanel,
  pictures,
  pressIn,
  THEME_OF_COMPUTER,
  TOOL_MS,
  toolsOf,
} from '../support/e2e-pipeline';
import { useEditor } from '../support/e2e-suite';
import { ENVIRONMENTS_MS, requireTools } from '../support/train-python';
import { until } from '../support/until';

/** A training that goes on until it is cancelled, and one that takes a moment. */
const LONG = 5000;
const SHORT = 6;

function recipeText(epochs: number): string {
  return [
    'board: maixcam',
    'task: detect',
    'dataset: data.yaml',
    `train: { model: yolov8n, width: 0.0625, epochs: ${epochs}, batch: 8, image-size: 64, device: cpu, args: { workers: 0, patience: 0 } }`,
    'export: { size: 64x64 }',
    '',
  ].join('\n');
}

describe('a training that a person watches', function () {
  this.timeout(4 * 60_000);
  this.bail(true);
  const suite = useEditor({}, { settings: THEME_OF_COMPUTER });
  let panel: PipelinePanel;
  let other: PipelinePanel;
  let job: JobRecord;

  before(async function () {
    this.timeout(ENVIRONMENTS_MS);
    await requireTools(this);
    drawSquares(suite.folder, { train: 16, val: 8 });
    writeFileSync(suite.file('squares.maixcam.yaml'), recipeText(LONG));
    panel = new PipelinePanel(suite.window);
    await panel.show();
    await panel.row('Check', 'not made yet').waitFor();
  });
  // Whatever a flow left running works in the folder that is removed next.
  after(() => toolsOf(suite.folder).forEach(crash));

  function lastJob(name = 'squares'): JobRecord {
    return jobsOf(suite.folder, name).at(-1) ?? assert.fail('there is no run');
  }

  const lives = (record: JobRecord): boolean => isAlive({ pid: record.pid, started: record.processStarted });

  /** Until the view shows the run in training, further than it was when this was asked. */
  async function trainsOn(shown: PipelinePanel): Promise<void> {
    const row = shown.row('Train', 'running');
    await row.filter({ hasText: /epoch \d+ of/ }).waitFor({ timeout: TOOL_MS });
    const before = lastJob().progress?.message ?? '';
    await until('the training goes on', () => lastJob().progress?.message !== before);
    const after = Number(/epoch (\d+)/.exec(lastJob().progress?.message ?? '')?.[1] ?? 0);
    await until('the view goes on', async () => {
      const epoch = /epoch (\d+)/.exec((await row.getAttribute('aria-label')) ?? '')?.[1];
      return Number(epoch ?? 0) >= after;
    });
  }

  it('shows in both windows, and a second run of the recipe is refused', async () => {
    await panel.press(panel.recipe('squares'), 'Run Pipeline');
    await trainsOn(panel);
    job = lastJob();
    other = new PipelinePanel(await suite.editor.open({ folder: suite.folder }));
    await other.show();
    await trainsOn(other);
    await message(other.window, /squares.*epoch/).waitFor();
    await other.window.command('MaixCAM: Run Pipeline');
    const refused = message(other.window, /Another run|in use|already/);
    await refused.waitFor();
    assert.match(await refused.innerText(), new RegExp(`Cancel That Run`));
    await pictures(other.window, 'two windows refused');
    assert.deepEqual(
      jobsOf(suite.folder, 'squares').map(({ id }) => id),
      [job.id],
    );
    assert.ok(lives(job));
  });

  it('goes on while the window is reloaded', async () => {
    await suite.window.reload();
    await trainsOn(panel);
    await message(suite.window, /squares.*epoch/).waitFor();
    await pictures(suite.window, 'reload found again');
    assert.equal(lastJob().pid, job.pid);
    assert.ok(lives(job));
  });

  it('goes on when the extension hosts are killed', async () => {
    const hosts = suite.editor.extensionHosts();
    assert.equal(hosts.length, 2);
    hosts.forEach(crash);
    await until('the editor starts them again', () => {
      const again = suite.editor.extensionHosts().filter((pid) => !hosts.includes(pid));
      return again.length === 2;
    });
    assert.ok(lives(job));
    await trainsOn(panel);
    await trainsOn(other);
    await pictures(suite.window, 'extension host found again');
    assert.equal(lastJob().id, job.id);
  });

  it('is cancelled from the other window', async () => {
    await other.window.command('MaixCAM: Cancel');
    for (const one of [other, panel]) await one.row('Train', 'cancelled').waitFor();
    assert.equal(lastJob().state, 'cancelled');
    assertNothingLeft(suite.folder, 'squares');
    assert.ok(!lives(job));
    assert.ok(!existsSync(suite.file('.maixcam/squares/train')));
    await panel.row('Train', 'cancelled, next step').waitFor();
    await panel.row('Check', 'done').waitFor();
    await pictures(suite.window, 'cancelled');
    await other.window.page.close();
  });

  it('is cancelled from its notification, and from its row', async () => {
    const { window } = suite;
    await panel.press(panel.row('Train'), 'Run Step…');
    await trainsOn(panel);
    await pressIn(message(window, /squares.*epoch/), 'Cancel');
    await panel.row('Train', 'cancelled').waitFor();
    assert.equal(jobsOf(suite.folder, 'squares').length, 2);
    assert.equal(lastJob().state, 'cancelled');
    assert.equal(lastJob().steps.find(({ name }) => name === 'check')?.state, 'skipped');
    assertNothingLeft(suite.folder, 'squares');

    await panel.press(panel.row('Train'), 'Run Step…');
    await trainsOn(panel);
    await panel.press(panel.row('Train', 'running'), 'Cancel');
    await panel.row('Train', 'cancelled').waitFor();
    assert.equal(lastJob().state, 'cancelled');
    assertNothingLeft(suite.folder, 'squares');
  });

  it('tells its end in a window that was reloaded meanwhile', async () => {
    writeFileSync(suite.file('squares.maixcam.yaml'), recipeText(SHORT));
    await panel.press(panel.row('Train'), 'Run Step…');
    await panel.row('Train', 'running').waitFor({ timeout: TOOL_MS });
    const { pid } = await until('the run has begun', () => {
      const last = lastJob();
      return last.state === 'running' && last.current === 'train' ? last : null;
    });
    await suite.window.reload();
    await endOf(suite.window, /squares is done: mAP50 \d/);
    await panel.row('Train', 'done').waitFor();
    await pictures(suite.window, 'reload end told');
    assert.equal(lastJob().pid, pid);
    assert.equal(lastJob().state, 'done');
    assertNothingLeft(suite.folder, 'squares');
  });

  it('ends when its folder is removed, and that is told', async () => {
    const { window } = suite;
    const folder = suite.file('gone');
    mkdirSync(folder);
    drawSquares(folder, { train: 16, val: 8 });
    writeFileSync(path.join(folder, 'gone.maixcam.yaml'), recipeText(LONG));
    await panel.recipe('gone').waitFor();
    await panel.press(panel.recipe('gone'), 'Run Pipeline');
    await message(window, /gone.*epoch/).waitFor({ timeout: TOOL_MS });
    const [run] = jobsOf(folder, 'gone');
    assert.ok(run !== undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    const told = window.notifications.filter({ has: window.page.locator('.codicon-error') }).first();
    await told.waitFor({ timeout: TOOL_MS });
    await panel.recipe('gone').waitFor({ state: 'detached' });
    await pictures(window, 'folder removed');
    assert.match(await told.innerText(), /removed or moved|no such|not there|gone/i);
    await until('the processes end', () => toolsOf(folder).length === 0);
    assert.ok(!existsSync(folder), 'the folder came back');
    await panel.row('Train', 'done').waitFor();
  });
});
