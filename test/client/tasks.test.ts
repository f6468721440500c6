import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Services } from '../../client/src/ui/services';
import { registerTasks } from '../../client/src/ui/tasks';
import { PROGRAM } from '../support/cli';
import { useTempFolder } from '../support/temp-folder';
import { useEditor } from '../support/vscode-stub/editor';

interface Manifest {
  readonly contributes: {
    readonly problemMatchers: readonly { readonly name: string }[];
    readonly taskDefinitions: readonly { readonly type: string }[];
  };
}

const BROKEN = 'board: maixcam\nonnnx: model.onnx\n';

describe('tasks', function () {
  this.timeout(30_000);
  const folder = useTempFolder();
  const editor = useEditor();

  function provider(nodeEnv: Readonly<Record<string, string>> = {}): vscode.TaskProvider {
    const context = { subscriptions: [] as unknown[] } as unknown as vscode.ExtensionContext;
    registerTasks(context, {
      program: { node: process.execPath, cli: PROGRAM, nodeEnv },
      environment: () => ({ PATH: '/usr/bin', HOME: '/root', MAIXCAM_ENV_DIR: folder.file('environments') }),
    } as unknown as Services);
    const found = editor().taskProviders.get('maixcam');
    assert.ok(found);
    return found;
  }

  /** An entry of `tasks.json`, as the editor hands it over. */
  async function resolve(fields: Readonly<Record<string, unknown>>): Promise<vscode.Task | undefined> {
    const [workspace] = editor().folders;
    assert.ok(workspace);
    const definition = { type: 'maixcam', ...fields };
    const given = new vscode.Task(definition, workspace, 'mine', 'maixcam');
    const { token } = new vscode.CancellationTokenSource();
    return (await provider().resolveTask(given, token)) ?? undefined;
  }

  function execution(task: vscode.Task | undefined): vscode.ProcessExecution {
    assert.ok(task?.execution instanceof vscode.ProcessExecution);
    return task.execution;
  }

  /** Runs it as the editor does: a program with its arguments, no shell in between. */
  function run(task: vscode.Task | undefined): { readonly status: number | null; readonly text: string } {
    const { process: program, args, options } = execution(task);
    const end = spawnSync(program, args, {
      cwd: options?.cwd ?? '',
      env: { ...process.env, ...options?.env },
      encoding: 'utf8',
    });
    return { status: end.status, text: end.stdout + end.stderr };
  }

  beforeEach(() => editor().openFolders(folder.path));

  it('one task for each recipe of the workspace', async () => {
    mkdirSync(folder.file('models'));
    mkdirSync(folder.file('.maixcam/a'), { recursive: true });
    for (const file of ['a.maixcam.yaml', 'models/b.maixcam.yaml', '.maixcam/a/copy.maixcam.yaml']) {
      writeFileSync(folder.file(file), BROKEN);
    }
    const { token } = new vscode.CancellationTokenSource();
    const tasks = (await provider().provideTasks(token)) ?? [];
    assert.deepEqual(
      tasks.map(({ name, definition }) => [name, definition]),
      [
        ['run a.maixcam.yaml', { type: 'maixcam', recipe: 'a.maixcam.yaml' }],
        ['run models/b.maixcam.yaml', { type: 'maixcam', recipe: 'models/b.maixcam.yaml' }],
      ],
    );
    assert.ok(tasks.every(({ group }) => group === vscode.TaskGroup.Build));
  });

  it('its matchers and its type are those of the manifest', async () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const task = await resolve({ recipe: 'a.maixcam.yaml' });
    assert.deepEqual(
      task?.problemMatchers,
      contributes.problemMatchers.map(({ name }) => `$${name}`),
    );
    assert.deepEqual(
      contributes.taskDefinitions.map(({ type }) => type),
      [task.definition.type],
    );
  });

  it('an entry of tasks.json keeps its definition: the editor knows it by that', async () => {
    const definition = { type: 'maixcam', recipe: 'a.maixcam.yaml', until: 'check', force: true };
    const [workspace] = editor().folders;
    assert.ok(workspace);
    const { token } = new vscode.CancellationTokenSource();
    const given = new vscode.Task(definition, workspace, 'mine', 'maixcam');
    const task = await provider().resolveTask(given, token);
    assert.equal(task?.definition, definition);
    assert.deepEqual(execution(task).args, [PROGRAM, 'run', '--until', 'check', '--force', '--', 'a.maixcam.yaml']);
  });

  for (const [title, fields] of [
    ['without a recipe', {}],
    ['with a step that does not exist', { recipe: 'a.maixcam.yaml', until: 'bake' }],
    ['with a text for a switch', { recipe: 'a.maixcam.yaml', force: 'yes' }],
  ] as const) {
    it(`an entry ${title} is not run`, async () => {
      assert.equal(await resolve(fields), undefined);
    });
  }

  it('a missing recipe is told in the terminal', async () => {
    const { status, text } = run(await resolve({ recipe: 'gone.maixcam.yaml' }));
    assert.equal(status, 2);
    assert.match(text, /There is no file at gone\.maixcam\.yaml/);
  });

  it('names that a shell would take apart reach the program whole', async () => {
    const recipe = '-a b;$(touch x)&.maixcam.yaml';
    writeFileSync(folder.file(recipe), BROKEN);
    const { status, text } = run(await resolve({ recipe, until: 'check' }));
    assert.equal(status, 1);
    assert.ok(text.includes(`${recipe}:2:1: error: `), text);
  });

  it('a terminal gets what the settings say, and nothing of the rest of the environment', async () => {
    const { token } = new vscode.CancellationTokenSource();
    const [workspace] = editor().folders;
    assert.ok(workspace);
    const given = new vscode.Task({ type: 'maixcam', recipe: 'a.maixcam.yaml' }, workspace, 'mine', 'maixcam');
    const task = await provider({ ELECTRON_RUN_AS_NODE: '1' }).resolveTask(given, token);
    assert.ok(task);
    assert.deepEqual(execution(task).options?.env, {
      MAIXCAM_ENV_DIR: folder.file('environments'),
      ELECTRON_RUN_AS_NODE: '1',
    });
  });
});
