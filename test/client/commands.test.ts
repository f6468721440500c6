import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { currentJob } from '../../client/src/host/jobs/current-job';
import { useExtension } from '../support/extension-context';
import { unpackModel, YOLOV8 } from '../support/model-files';
import { useTempFolder } from '../support/temp-folder';
import { choose, dismiss, pressButton } from '../support/vscode-stub/prompts';
import { Uri } from '../support/vscode-stub/values';

/** A recipe of a finished model: its steps up to the cut need no Python. */
function writeRecipe(folder: string, name = 'shapes', more = ''): string {
  mkdirSync(path.join(folder, 'pictures'), { recursive: true });
  unpackModel(folder, YOLOV8);
  const file = path.join(folder, `${name}.maixcam.yaml`);
  writeFileSync(
    file,
    `board: maixcam # mine\nonnx: model.onnx\nconvert:\n  calibration:\n    folder: pictures\n${more}`,
  );
  return file;
}

describe('commands: where they may work', () => {
  const editor = useExtension();
  const temp = useTempFolder();

  for (const id of ['runPipeline', 'runStep', 'convert', 'pushToBoard', 'createEnvironment']) {
    it(`${id} starts nothing in a restricted workspace, says why, and leads to trust`, async () => {
      const recipe = writeRecipe(temp.path);
      editor().openFolders(temp.path);
      editor().trusted = false;
      editor().prompts.answer(choose('Manage Workspace Trust'));
      await editor().run(`maixcam.${id}`, Uri.file(recipe));
      assert.match(editor().prompts.messages('warning')[0]?.text ?? '', /not trusted, so no tool is run/);
      assert.deepEqual(editor().called, [['workbench.trust.manage']]);
      assert.equal(await currentJob(recipe), null);
    });
  }

  for (const id of ['runPipeline', 'runStep', 'cancel', 'chooseOutputs', 'convert', 'pushToBoard', 'newModel']) {
    it(`${id} says that it needs a folder where none is open`, async () => {
      editor().prompts.answer(choose('Open Folder…'));
      await editor().run(`maixcam.${id}`);
      assert.match(editor().prompts.messages('warning')[0]?.text ?? '', /Open a folder first/);
      assert.deepEqual(editor().called, [['vscode.openFolder']]);
    });
  }

  it('says that there is no recipe yet, and offers to make one', async () => {
    editor().openFolders(temp.path);
    await editor().run('maixcam.runPipeline');
    const [message] = editor().prompts.messages('warning');
    assert.match(message?.text ?? '', /no recipe/);
    assert.deepEqual(message?.choices, ['New Model…']);
  });

  it('says why a recipe that lies on no disk cannot run', async () => {
    const uri = Uri.from({ scheme: 'vscode-vfs', path: '/github/shapes.maixcam.yaml' });
    editor().openFolders(uri.with({ path: '/github' }));
    await editor().run('maixcam.runPipeline', uri);
    assert.match(editor().prompts.messages('warning')[0]?.text ?? '', /does not lie on a disk.*vscode-vfs/);
  });

  it('saves unsaved changes of a recipe before it runs, and does not run what could not be saved', async () => {
    const document = editor().openFile(writeRecipe(temp.path));
    document.isDirty = true;
    document.canSave = false;
    await editor().run('maixcam.runPipeline');
    assert.match(editor().prompts.messages('warning')[0]?.text ?? '', /could not be saved/);
    assert.equal(await currentJob(document.fileName), null);
  });
});

describe('commands: runs with the real program', function () {
  this.timeout(60_000);
  const editor = useExtension();
  const temp = useTempFolder();

  it('asks which recipe only where several are open and none is in front', async () => {
    const first = writeRecipe(temp.file('one'), 'twin');
    const second = writeRecipe(temp.file('two'), 'twin');
    editor().openFolders(temp.file('one'), temp.file('two'));
    editor().prompts.answer(choose('twin'), choose('Check'));
    await editor().run('maixcam.runStep');
    const [question] = editor().prompts.seen;
    assert.deepEqual(question?.choices, ['twin', 'twin']);
    assert.deepEqual(
      question.items.map((item) => item.description),
      ['one', 'two'],
    );
    assert.equal((await currentJob(first))?.state, 'done');
    assert.equal(await currentJob(second), null);

    editor().openFile(second);
    editor().prompts.answer(choose('Check'));
    await editor().run('maixcam.runStep');
    assert.equal((await currentJob(second))?.state, 'done');
  });

  it('offers the steps with state and reason, runs up to one, and again only when asked to', async () => {
    const recipe = writeRecipe(temp.path);
    editor().openFolders(temp.path);
    editor().prompts.answer(choose('Cut'));
    await editor().run('maixcam.runStep', Uri.file(recipe));
    const [steps] = editor().prompts.seen;
    assert.ok(steps !== undefined);
    assert.ok(steps.choices.includes('Outputs'));
    assert.equal(steps.items.find((item) => item.label === 'Cut')?.description, 'waiting');
    const done = await editor().prompts.until((prompt) => prompt.kind === 'information');
    assert.match(done.text, /^shapes is done: .* nodes/);
    const [shown] = editor().progress;
    assert.equal(shown?.title, 'shapes');
    assert.equal(shown.cancellable, true);

    editor().prompts.answer(choose('Cut'));
    await editor().run('maixcam.runStep', Uri.file(recipe));
    await editor().prompts.until((prompt) => prompt.text.startsWith('shapes is up to date'));
    editor().prompts.answer(pressButton('Cut'));
    await editor().run('maixcam.runStep', Uri.file(recipe));
    assert.equal(
      editor()
        .prompts.messages('information')
        .filter((prompt) => prompt.text.startsWith('shapes is done')).length,
      2,
    );
  });

  it('runs the step of a row of the pipeline view without a question', async () => {
    const recipe = writeRecipe(temp.path);
    await editor().run('maixcam.runStep', { kind: 'step', recipe: Uri.file(recipe), step: 'outputs' });
    const job = await currentJob(recipe);
    assert.deepEqual(
      job?.steps.filter((step) => step.state === 'done').map((step) => step.name),
      ['outputs'],
    );
  });

  it('offers to create the environment that is missing, and names which', async () => {
    const recipe = writeRecipe(temp.path);
    editor().prompts.answer(choose('Create Environment…'), dismiss);
    await editor().run('maixcam.convert', Uri.file(recipe));
    const [error] = editor().prompts.messages('error');
    assert.match(error?.text ?? '', /environment for conversion .* is not there yet\. Let the extension create it/);
    assert.deepEqual(error?.choices, ['Create Environment…', 'Show Log']);
    const confirmation = await editor().prompts.until((prompt) => prompt.modal);
    assert.match(confirmation.text, /Create the environment for conversion/);
    assert.match(confirmation.detail, /GB .*on disk, .* minutes/);
  });

  it('tells an invalid recipe with a way to it', async () => {
    const recipe = writeRecipe(temp.path, 'shapes', 'colour: red\n');
    editor().prompts.answer(choose('Open Recipe'));
    await editor().run('maixcam.runPipeline', Uri.file(recipe));
    const [error] = editor().prompts.messages('error');
    assert.match(error?.text ?? '', /has an error: line 6: .*colour/);
    assert.deepEqual(editor().called.map(String), [`vscode.open,${Uri.file(recipe).toString()}`]);
  });

  it('tells a folder that was removed, and writes what happened to the log', async () => {
    const recipe = writeRecipe(temp.path);
    rmSync(recipe);
    editor().prompts.answer(choose('Show Log'));
    await editor().run('maixcam.runStep', { kind: 'step', recipe: Uri.file(recipe), step: 'cut' });
    assert.match(editor().prompts.messages('error')[0]?.text ?? '', /shapes\.maixcam\.yaml/);
    assert.equal(editor().logShown, 1);
    assert.ok(editor().log.some((line) => /\[error\].*RECIPE_NOT_FOUND/.test(line)));
  });

  it('keeps the recipe as it was: no command changes what it was not asked to', async () => {
    const recipe = writeRecipe(temp.path);
    const text = readFileSync(recipe, 'utf8');
    await editor().run('maixcam.runStep', { kind: 'step', recipe: Uri.file(recipe), step: 'outputs' });
    assert.equal(readFileSync(recipe, 'utf8'), text);
  });

  it('says that nothing runs where nothing does', async () => {
    writeRecipe(temp.path);
    editor().openFolders(temp.path);
    await editor().run('maixcam.cancel');
    assert.equal(editor().prompts.messages('information')[0]?.text, 'Nothing is running.');
  });
});
