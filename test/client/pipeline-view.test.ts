import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { JobRecord } from '../../client/src/domain/jobs/job-record';
import { processStart } from '../../client/src/host/store/lock';
import { KnownBoards } from '../../client/src/ui/jobs/known-boards';
import { RecipeJobs } from '../../client/src/ui/jobs/recipe-jobs';
import { registerPipelineView } from '../../client/src/ui/pipeline';
import { watchDisk } from '../../client/src/ui/pipeline/changes';
import type { TreeNode } from '../../client/src/ui/pipeline/nodes';
import { Secrets } from '../../client/src/ui/secrets';
import type { Services } from '../../client/src/ui/services';
import { Trust } from '../../client/src/ui/trust';
import { maixcam, PROGRAM } from '../support/cli';
import { extensionContext } from '../support/extension-context';
import { useTempFolder } from '../support/temp-folder';
import { useEditor, type StubTreeView } from '../support/vscode-stub/editor';
import { choose } from '../support/vscode-stub/prompts';

const RECIPE = 'board: maixcam\ntask: detect\ndataset: data.yaml\ntrain: { model: yolov8n }\n';

interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
  };
}

function labelOf({ label }: vscode.TreeItem): string {
  return typeof label === 'string' ? label : (label?.label ?? '');
}

/** The commands in the menus of rows, with the pattern that a row's context value has to match. */
function rowMenus(): readonly { readonly command: string; readonly pattern: RegExp }[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  return (manifest.contributes.menus['view/item/context'] ?? []).map(({ command, when = '' }) => {
    const pattern = /^view == maixcam\.pipeline && viewItem =~ \/(.*)\/$/.exec(when)?.[1];
    assert.ok(pattern, when);
    return { command: command.replace('maixcam.', ''), pattern: new RegExp(pattern) };
  });
}

describe('pipeline view', function () {
  this.timeout(60_000);
  const folder = useTempFolder();
  const editor = useEditor();
  let context: vscode.ExtensionContext;
  let services: Services;
  /** Overviews that were begun: each asks for the variables of its recipe. */
  let readings = 0;
  /** Beside the usual ones. */
  let variables: Record<string, string> = {};

  beforeEach(() => {
    variables = {};
    editor().openFolders(folder.path);
    context = extensionContext();
    const basis = {
      context,
      log: vscode.window.createOutputChannel('MaixCAM', { log: true }),
      program: { node: process.execPath, cli: PROGRAM, nodeEnv: {} },
      environment: () => {
        readings += 1;
        return { PATH: process.env.PATH ?? '', MAIXCAM_ENV_DIR: folder.file('environments'), ...variables };
      },
      secrets: new Secrets(context.secrets),
      boards: new KnownBoards(context.globalState),
      trust: new Trust(),
      languageServer: { restart: () => Promise.resolve() },
    };
    const jobs = new RecipeJobs(basis);
    context.subscriptions.push(jobs);
    services = { ...basis, jobs };
  });
  afterEach(() => {
    for (const one of context.subscriptions) one.dispose();
  });

  /** The view, on the screen. */
  function show(): StubTreeView {
    registerPipelineView(context, services);
    const [view] = editor().treeViews;
    assert.ok(view);
    view.setVisible(true);
    return view;
  }

  async function children(view: StubTreeView, node?: unknown): Promise<readonly TreeNode[]> {
    return ((await view.provider.getChildren(node)) ?? []) as readonly TreeNode[];
  }

  async function item(view: StubTreeView, node: TreeNode): Promise<vscode.TreeItem> {
    return await view.provider.getTreeItem(node);
  }

  /** The steps of the only recipe, by name. */
  async function steps(view: StubTreeView): Promise<ReadonlyMap<string, vscode.TreeItem>> {
    const [recipe] = await children(view);
    const rows = await children(view, recipe);
    const items = await Promise.all(rows.map((row) => item(view, row)));
    return new Map(items.map((one) => [labelOf(one), one]));
  }

  async function click(row: vscode.TreeItem | undefined): Promise<void> {
    assert.ok(row?.command);
    await editor().run(row.command.command, ...((row.command.arguments ?? []) as unknown[]));
  }

  /** Resolves when a changed row fulfils the condition. */
  async function until(view: StubTreeView, condition: () => Promise<boolean>): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => void condition().then((is) => (is ? resolve() : undefined), reject);
      context.subscriptions.push(view.provider.onDidChangeTreeData?.(look) ?? { dispose: () => undefined });
      look();
    });
  }

  function jobRecord(name: string, fields: Partial<JobRecord>): string {
    const jobs = folder.file(path.join(path.dirname(name), '.maixcam', path.basename(name), 'jobs'));
    mkdirSync(jobs, { recursive: true });
    const startedAt = '2026-01-02T03:04:05.678Z';
    const id = `${startedAt.replace(/[:.]/g, '-')}-${process.pid}`;
    const record: JobRecord = {
      format: 1,
      id,
      recipe: folder.file(`${name}.maixcam.yaml`),
      pid: process.pid,
      processStarted: processStart(process.pid),
      startedAt,
      log: path.join(jobs, `${id}.log`),
      state: 'running',
      endedAt: null,
      current: 'train',
      progress: null,
      steps: [],
      error: null,
      ...fields,
    };
    const file = path.join(jobs, `${id}.json`);
    writeFileSync(file, JSON.stringify(record));
    return file;
  }

  /** What the editor's watchers would tell. */
  function tellChange(file: string, kind: 'creates' | 'changes' | 'deletes'): void {
    const uri = vscode.Uri.file(file);
    const inResults = file.includes(`${path.sep}.maixcam${path.sep}`);
    const watchers = editor().watchers.filter(({ pattern }) => pattern.includes('.maixcam/') === inResults);
    assert.ok(watchers.length > 0);
    for (const watcher of watchers) watcher[kind].fire(uri);
  }

  it('reads nothing before it is on the screen', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    readings = 0;
    registerPipelineView(context, services);
    tellChange(folder.file('a.maixcam.yaml'), 'creates');
    assert.equal(readings, 0);
    const [view] = editor().treeViews;
    assert.ok(view);
    const [recipe] = await children(view);
    await children(view, recipe);
    assert.equal(readings, 1);
  });

  it('a recipe and its steps: state, next action, what its menus offer', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    writeFileSync(folder.file('data.yaml'), 'path: .\ntrain: images\nval: images\nnames: [cat, dog]\n');
    const view = show();
    const [recipe] = await children(view);
    assert.ok(recipe);
    const rows = await steps(view);
    const row = await item(view, recipe);
    assert.equal(row.label, 'a.maixcam.yaml');
    assert.equal(row.description, 'MaixCAM · yolov8n detect · 2 classes');
    assert.equal(row.contextValue, 'recipe');
    assert.deepEqual(
      [...rows.keys()],
      ['Check', 'Train', 'Export', 'Outputs', 'Cut', 'Convert', 'MUD', 'Compare', 'Push'],
    );
    const marked = [...rows.values()].filter((one) => one.description?.toString().startsWith('next') === true);
    assert.equal(marked.length, 1);
    assert.equal(rows.get('Train')?.contextValue, 'step runnable');
    assert.equal(rows.get('Push')?.contextValue, 'step board');
    assert.match(rows.get('Export')?.accessibilityInformation?.label ?? '', /^Export, waiting, waits for Train/);
  });

  it('the manifest offers runs, cancel, result and log for the rows that can have them', () => {
    const menus = rowMenus();
    const offered = (value: string): readonly string[] =>
      menus.filter(({ pattern }) => pattern.test(value)).map(({ command }) => command);
    assert.deepEqual(offered('step runnable'), ['runStep']);
    assert.deepEqual(offered('step running log'), ['cancel', 'showRunLog']);
    assert.deepEqual(offered('step runnable result log'), ['runStep', 'openResult', 'showRunLog']);
    assert.deepEqual(offered('step board'), ['pushToBoard']);
    assert.deepEqual(offered('step'), []);
    assert.deepEqual(offered('problem'), []);
    assert.deepEqual(offered('recipe'), ['runPipeline', 'openRecipe', 'pushToBoard']);
    assert.deepEqual(offered('recipe running log'), ['openRecipe', 'cancel', 'showRunLog', 'pushToBoard']);
  });

  it('rows stay the same objects with the same ids when they are read again', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    const view = show();
    const [before] = await children(view);
    const rowsBefore = await children(view, before);
    await editor().run('maixcam.refreshPipeline');
    const [after] = await children(view);
    const rowsAfter = await children(view, after);
    assert.equal(after, before);
    assert.deepEqual(rowsAfter, rowsBefore);
    rowsAfter.forEach((row, index) => assert.equal(row, rowsBefore[index]));
    const ids = await Promise.all([after, ...rowsAfter].map(async (row) => (await item(view, row!)).id));
    assert.equal(new Set(ids).size, 10);
  });

  it('a recipe with errors: one row that opens it', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), `${RECIPE}datset: x\n`);
    const view = show();
    const [recipe] = await children(view);
    const [problem, ...others] = await children(view, recipe);
    assert.ok(recipe && problem);
    assert.equal(others.length, 0);
    assert.equal((await item(view, recipe)).description, 'has errors');
    const row = await item(view, problem);
    assert.match(labelOf(row), /^line 5: `datset` is not a key of a recipe/);
    assert.equal(row.command?.command, 'maixcam.openRecipe');
    await editor().run('maixcam.openRecipe', problem);
    assert.deepEqual(
      editor().shown.map(({ fsPath }) => fsPath),
      [folder.file('a.maixcam.yaml')],
    );
  });

  it('text of files is no Markdown in the hover', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), 'board: "[x](command:evil) <img src=x>"\ndataset: d.yaml\n');
    const view = show();
    const [recipe] = await children(view);
    const [problem] = await children(view, recipe);
    assert.ok(problem);
    const tooltip = (await item(view, problem)).tooltip as vscode.MarkdownString;
    assert.ok(tooltip.value.includes('evil'), tooltip.value);
    assert.doesNotMatch(tooltip.value, /[^\\]\]\(/);
    assert.notEqual(tooltip.isTrusted, true);
    assert.notEqual(tooltip.supportHtml, true);
  });

  it('a click on a step that was never made offers its run; not in a restricted window', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    const view = show();
    const row = (await steps(view)).get('Export');
    editor().prompts.answer(choose('Run Step'));
    await click(row);
    assert.deepEqual(
      editor().called.map(([id]) => id),
      ['maixcam.runStep'],
    );

    editor().trusted = false;
    await click(row);
    assert.deepEqual(
      editor()
        .prompts.messages('information')
        .map(({ choices }) => choices),
      [['Run Step'], []],
    );
  });

  it('a step whose environment is missing says what the extension can do, and offers it', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    mkdirSync(folder.file('images'));
    writeFileSync(folder.file('data.yaml'), 'path: .\ntrain: images\nval: images\nnames: [cat]\n');
    const row = (await steps(show())).get('Check');
    const tooltip = (row?.tooltip as vscode.MarkdownString).value;
    assert.match(tooltip, /Let the extension create it/);
    assert.doesNotMatch(tooltip, /env create/);
    editor().prompts.answer(choose('Create Environment…'));
    await click(row);
    assert.deepEqual(editor().prompts.messages('information')[0]?.choices, ['Create Environment…', 'Run Step']);
    assert.deepEqual(editor().called, [['maixcam.createEnvironment', 'train']]);
  });

  it('a restricted window starts no Python to see what is installed; a trusted one does', async () => {
    const python = folder.file('python');
    writeFileSync(python, `#!/bin/sh\necho asked > "${folder.file('asked')}"\nexit 1\n`, { mode: 0o755 });
    variables = { MAIXCAM_TRAIN_PYTHON: python };
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    mkdirSync(folder.file('images'));
    writeFileSync(folder.file('data.yaml'), 'path: .\ntrain: images\nval: images\nnames: [cat]\n');
    editor().trusted = false;
    const view = show();
    assert.match(String((await steps(view)).get('Train')?.description), /not known, because nothing may be started/);
    assert.equal(existsSync(folder.file('asked')), false);
    editor().trusted = true;
    editor().trustGrants.fire();
    await until(view, async () => String((await steps(view)).get('Train')?.description).includes('did not tell'));
    assert.equal(existsSync(folder.file('asked')), true);
  });

  it('a restricted window says that nothing runs, until the person trusts it', async () => {
    editor().trusted = false;
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    const view = show();
    assert.equal((await steps(view)).size, 9);
    assert.match(view.message ?? '', /nothing runs/);
    editor().trusted = true;
    editor().trustGrants.fire();
    assert.equal(view.message, '');
  });

  it('a step that was made in a terminal is shown, with its result', async () => {
    writeFileSync(
      folder.file('model.onnx'),
      gunzipSync(readFileSync('test/fixtures/onnx/trained/shapes-yolov8-detect.onnx.gz')),
    );
    mkdirSync(folder.file('pictures'));
    const recipe = folder.file('a.maixcam.yaml');
    writeFileSync(recipe, 'board: maixcam\nonnx: model.onnx\nconvert: { calibration: { folder: pictures } }\n');
    const view = show();
    const before = (await steps(view)).get('Outputs');
    assert.equal(before?.description, 'next · not made yet');
    const end = await maixcam(['run', recipe, '--until', 'outputs'], {
      env: { MAIXCAM_ENV_DIR: folder.file('environments') },
    });
    assert.equal(end.status, 0, end.stdout + end.stderr);
    tellChange(folder.file('.maixcam/a/outputs'), 'creates');
    await until(view, async () => (await steps(view)).get('Outputs')?.contextValue === 'step runnable result log');
    const row = (await steps(view)).get('Outputs');
    assert.match(String(row?.description), /^yolov8 detect: 2 tensors \(box \+ score\)/);
    assert.equal(row?.id, before.id);
    await click(row);
    const [shown] = editor().shown;
    assert.equal(path.dirname(shown?.fsPath ?? ''), folder.file('.maixcam/a/outputs'));

    rmSync(folder.file('.maixcam/a/outputs'), { recursive: true });
    await click(row);
    assert.match(editor().prompts.messages('information').at(-1)?.text ?? '', /is not there any more\.$/);
    await until(view, async () => (await steps(view)).get('Outputs')?.contextValue === 'step runnable log');
  });

  it('a run of another process: badge, running row, progress; all gone at its end', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    jobRecord('a', { progress: { step: 'train', fraction: 0.5, message: 'epoch 6 of 12' } });
    const view = show();
    const row = (await steps(view)).get('Train');
    assert.equal(row?.description, '50 % · epoch 6 of 12');
    assert.equal(row.contextValue, 'step running log');
    assert.equal((await steps(view)).get('Export')?.contextValue, 'step log', 'no second run beside it');
    assert.equal(view.badge?.value, 1);
    assert.equal(view.description, 'Train 50 %');
    await editor().untilProgress(({ title }) => title.includes('a'));

    jobRecord('a', { progress: { step: 'train', fraction: 0.75, message: 'epoch 9 of 12' } });
    await until(view, async () => (await steps(view)).get('Train')?.description === '75 % · epoch 9 of 12');
    jobRecord('a', { state: 'done', current: null, endedAt: new Date().toISOString() });
    await until(view, async () => (await steps(view)).get('Train')?.contextValue === 'step runnable log');
    assert.equal(view.badge, undefined);
    assert.equal(view.description, '');
    await editor().untilProgress(({ ended }) => ended);
  });

  it('a run that begins elsewhere is found without a click, on the screen and behind another view', async () => {
    for (const name of ['a', 'b']) writeFileSync(folder.file(`${name}.maixcam.yaml`), RECIPE);
    const view = show();
    for (const recipe of await children(view)) await children(view, recipe);
    tellChange(jobRecord('a', {}), 'creates');
    await editor().untilProgress(({ title }) => title === 'a');
    assert.equal(view.badge?.value, 1);
    view.setVisible(false);
    tellChange(jobRecord('b', {}), 'creates');
    await editor().untilProgress(({ title }) => title === 'b');
    assert.equal(view.badge.value, 2);
  });

  it('runs of recipes with the same name are told apart', async () => {
    for (const name of ['one/a', 'two/a']) {
      mkdirSync(folder.file(path.dirname(name)));
      writeFileSync(folder.file(`${name}.maixcam.yaml`), RECIPE);
      jobRecord(name, {});
    }
    const view = show();
    for (const recipe of await children(view)) await children(view, recipe);
    await editor().untilProgress(() => editor().progress.length === 2);
    assert.equal(view.badge?.value, 2);
    // Either may be found first.
    const titles = editor().progress.map(({ title }) => title);
    assert.ok(titles.includes('a') && titles.some((title) => /^(one|two)\/a$/.test(title)), titles.join());
  });

  it('a run whose process is gone is told as such, and its log is opened', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    // More than the process ids that Linux gives.
    const file = jobRecord('a', { pid: 2 ** 30, processStarted: '1' });
    const lines = Array.from({ length: 40_000 }, (_, index) => `epoch line ${index} \u001b[34mblue\u001b[0m`);
    writeFileSync(file.replace(/json$/, 'log'), `=== train now\nbar 1%\rbar 99%\n${lines.join('\n')}\n`);
    const view = show();
    const row = (await steps(view)).get('Train');
    assert.match(String(row?.description), /ended without a word/);
    assert.equal(view.badge, undefined);
    await click(row);
    const [shown] = editor().shown;
    assert.equal(shown?.scheme, 'maixcam-log');
    const text = (await vscode.workspace.openTextDocument(shown)).getText();
    assert.match(text, /^\[The first 0\.\d MB are left out/);
    assert.ok(text.length < 1.1 * 2 ** 20);
    assert.ok(text.endsWith('epoch line 39999 blue\n'));

    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    editor().visibleChanges.fire([]);
    assert.equal(timers(), before + 1, 'a log on the screen is followed');
    for (const one of context.subscriptions) one.dispose();
    assert.equal(timers(), before);
  });

  it('changes are read when the view comes back to the screen, not while it is hidden', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    const view = show();
    const [recipe] = await children(view);
    await children(view, recipe);
    view.setVisible(false);
    writeFileSync(folder.file('a.maixcam.yaml'), 'board: nothing\n');
    const before = readings;
    // Begins to gather after the view has, and so tells after it.
    const gathered = new Promise((resolve) => context.subscriptions.push(watchDisk(resolve)));
    tellChange(folder.file('a.maixcam.yaml'), 'changes');
    await gathered;
    assert.equal(readings, before);
    view.setVisible(true);
    await until(view, async () => (await children(view, recipe))[0]?.kind === 'problem');
  });

  it('recipes that come and go', async () => {
    writeFileSync(folder.file('a.maixcam.yaml'), RECIPE);
    const view = show();
    assert.equal((await children(view)).length, 1);
    writeFileSync(folder.file('b.maixcam.yaml'), RECIPE);
    tellChange(folder.file('b.maixcam.yaml'), 'creates');
    await until(view, async () => (await children(view)).length === 2);
    rmSync(folder.file('a.maixcam.yaml'));
    tellChange(folder.file('a.maixcam.yaml'), 'deletes');
    await until(view, async () => (await children(view)).length === 1);
  });

  it('several folders: each recipe says where it is; copies in results and packages are not shown', async () => {
    for (const inside of ['one', 'two', 'two/deep', 'two/node_modules/x', 'two/.maixcam/x']) {
      mkdirSync(folder.file(inside), { recursive: true });
      writeFileSync(folder.file(`${inside}/a.maixcam.yaml`), 'board: x\n');
    }
    editor().openFolders(folder.file('one'), folder.file('two'));
    const view = show();
    const rows = await children(view);
    await Promise.all(rows.map((row) => children(view, row)));
    const descriptions = await Promise.all(rows.map(async (row) => (await item(view, row)).description));
    assert.deepEqual(descriptions, ['one · has errors', 'two · has errors', 'two/deep · has errors']);
  });

  it('a workspace on no disk: says what works', async () => {
    editor().folders = [];
    editor().virtualFiles.push(vscode.Uri.parse('memfs:/a.maixcam.yaml'));
    const view = show();
    assert.deepEqual(await children(view), []);
    assert.match(view.message ?? '', /no disk.*Editing help works/);
  });
});
