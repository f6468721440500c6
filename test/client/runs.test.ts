import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import type * as vscode from 'vscode';
import { currentJob } from '../../client/src/host/jobs/current-job';
import { KnownBoards } from '../../client/src/ui/jobs/known-boards';
import { RecipeJobs } from '../../client/src/ui/jobs/recipe-jobs';
import { tellFailure } from '../../client/src/ui/notify';
import { Secrets } from '../../client/src/ui/secrets';
import { environmentOf, readSettings } from '../../client/src/ui/settings';
import { extensionContext } from '../support/extension-context';
import { useEditor } from '../support/vscode-stub/editor';
import { choose } from '../support/vscode-stub/prompts';
import { Uri } from '../support/vscode-stub/values';
import { window } from '../support/vscode-stub';
import { useJobs } from '../unit/jobs/job-fixture';

describe('runs in the window', function () {
  this.timeout(60_000);
  const editor = useEditor();
  const jobs = useJobs();
  const opened: RecipeJobs[] = [];

  /** A window of the editor; each one has its own. */
  function openWindow(): RecipeJobs {
    const context = extensionContext();
    const made = new RecipeJobs({
      context,
      log: window.createOutputChannel('MaixCAM'),
      program: jobs.program(),
      environment: (resource) => environmentOf(readSettings(resource)),
      secrets: new Secrets(context.secrets),
      boards: new KnownBoards(context.globalState),
    });
    opened.push(made);
    return made;
  }

  beforeEach(() => {
    writeFileSync(jobs.recipe(), 'board: maixcam\nonnx: model.onnx\nconvert:\n  calibration:\n    folder: pictures\n');
  });
  afterEach(() => {
    for (const one of opened.splice(0)) one.dispose();
  });

  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const recipe = (): vscode.Uri => Uri.file(jobs.recipe());
  const training = (): Promise<unknown> =>
    editor().untilProgress((shown) => shown.messages.at(-1) === 'Train: epoch 500 of 500');
  const ended = (): Promise<unknown> => editor().untilProgress((shown) => shown.ended);

  it('show their progress while they go on, and one message at their end', async () => {
    const changes: string[] = [];
    const window1 = openWindow();
    window1.onDidChange((uri) => changes.push(uri.toString()));
    const run = window1.run(recipe(), {});
    await training();
    assert.deepEqual(editor().prompts.seen, []);
    jobs.go();
    await run;
    const told = editor().prompts.messages('information');
    assert.equal(told.length, 1);
    assert.match(told[0]?.text ?? '', /^r is done/);
    assert.ok(changes.length >= 2);
    assert.deepEqual(new Set(changes), new Set([recipe().toString()]));
  });

  it('move the bar of their notification, and never back', async () => {
    const run = openWindow().run(recipe(), { until: 'train' });
    await training();
    const [shown] = editor().progress;
    assert.ok(shown !== undefined && shown.percent > 90, 'all of the last step but its end');
    jobs.go();
    await run;
    assert.ok(shown.percent <= 100);
  });

  it('are cancelled from their notification, with no process left and without a message', async () => {
    const run = openWindow().run(recipe(), {});
    const tool = await jobs.tool();
    await training();
    editor().progress[0]?.cancel();
    await run;
    assert.equal((await currentJob(jobs.recipe()))?.state, 'cancelled');
    assert.throws(() => process.kill(tool, 0));
    assert.deepEqual(editor().prompts.seen, []);
  });

  it('are refused while another window runs the recipe, which can be cancelled from there', async () => {
    const first = openWindow().run(recipe(), {});
    await jobs.tool();
    const second = openWindow();
    const log = window.createOutputChannel('MaixCAM');
    const refused: unknown = await second.run(recipe(), {}).catch((thrown: unknown) => thrown);
    editor().commands.set('maixcam.cancel', (uri) => second.cancel(uri as vscode.Uri));
    editor().prompts.answer(choose('Cancel That Run'));
    await tellFailure({ log }, 'run', refused);
    await first;
    const [error] = editor().prompts.messages('error');
    assert.match(error?.text ?? '', /already being run by process \d+/);
    assert.deepEqual(error?.choices, ['Cancel That Run', 'Show Log']);
    assert.equal((await currentJob(jobs.recipe()))?.state, 'cancelled');
  });

  it('are found again after the window was reloaded, and their end is told', async () => {
    await jobs.start();
    await jobs.tool();
    const follow = openWindow().follow(recipe());
    await training();
    jobs.go();
    await follow;
    assert.match(editor().prompts.messages('information')[0]?.text ?? '', /^r is done/);
  });

  it('are followed once, and not at all where nothing runs', async () => {
    const one = openWindow();
    await one.follow(recipe());
    assert.equal(editor().progress.length, 0);
    const run = one.run(recipe(), {});
    await training();
    await one.follow(recipe());
    assert.equal(editor().progress.length, 1);
    jobs.go();
    await run;
  });

  it('tell truthfully that their process was killed', async () => {
    const { pid } = await jobs.start();
    const tool = await jobs.tool();
    const follow = openWindow().follow(recipe());
    await training();
    process.kill(pid ?? 0, 'SIGKILL');
    process.kill(tool, 'SIGKILL');
    editor().prompts.answer(choose('Show Log'));
    await follow;
    const [error] = editor().prompts.messages('error');
    assert.match(error?.text ?? '', /^r: The run ended without a word: its process was killed/);
    // Its own log: the extension's would tell nothing of what the tools said.
    assert.deepEqual(
      editor().called.map(([id, uri]) => [id, String(uri)]),
      [['maixcam.showRunLog', recipe().toString()]],
    );
  });

  it('tell truthfully that their folder was removed under them', async () => {
    const run = openWindow().run(recipe(), {});
    const outcome = run.catch((thrown: unknown) => thrown);
    await jobs.tool();
    await training();
    rmSync(jobs.results(), { recursive: true });
    const thrown = await outcome;
    await ended();
    assert.ok(thrown instanceof Error);
    assert.match(thrown.message, /was removed, moved/);
  });

  it('go on when the window closes, without a message or a timer; the next one finds them', async () => {
    const one = openWindow();
    const run = one.run(recipe(), {});
    await training();
    const before = timers();
    one.dispose();
    await run;
    assert.ok(timers() < before, 'what looked at the run rests');
    assert.equal((await currentJob(jobs.recipe()))?.state, 'running');
    assert.deepEqual(editor().prompts.seen, []);

    const two = openWindow();
    two.resume();
    await editor().untilProgress((shown) => !shown.ended && shown.messages.length > 0);
    jobs.go();
    const told = await editor().prompts.until((prompt) => prompt.kind === 'information');
    assert.match(told.text, /^r is done/);
    openWindow().resume();
    assert.equal(editor().progress.length, 2, 'what has ended is not looked for again');
  });

  it('can be ended from any window', async () => {
    await jobs.start();
    await jobs.tool();
    assert.equal(await openWindow().cancel(recipe()), true);
    assert.equal((await currentJob(jobs.recipe()))?.state, 'cancelled');
    assert.equal(await openWindow().cancel(recipe()), false);
  });
});
