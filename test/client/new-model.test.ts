import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRecipe } from '../../server/src/core/recipe/read';
import type { Recipe } from '../../server/src/core/recipe/model';
import { useExtension } from '../support/extension-context';
import { unpackModel, YOLOV8 } from '../support/model-files';
import { useTempFolder } from '../support/temp-folder';
import { back, choose, dismiss, open, type } from '../support/vscode-stub/prompts';
import { Uri } from '../support/vscode-stub/values';

const BOX = '0 0.5 0.5 0.2 0.2\n';
const OUTLINE = '0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.3 0.1 0.2\n';

/** A dataset as exporters write it; gives the path of its YAML. */
function writeDataset(folder: string, label = BOX, more = ''): string {
  for (const split of ['train', 'val']) {
    mkdirSync(path.join(folder, 'images', split), { recursive: true });
    mkdirSync(path.join(folder, 'labels', split), { recursive: true });
    writeFileSync(path.join(folder, 'images', split, 'a.png'), '');
    writeFileSync(path.join(folder, 'labels', split, 'a.txt'), label);
  }
  const file = path.join(folder, 'data.yaml');
  writeFileSync(file, `train: images/train\nval: images/val\nnames: [circle, square]\n${more}`);
  return file;
}

/** The recipe, which must be one without a single problem. */
function validRecipe(file: string): Recipe {
  const { recipe, problems } = readRecipe(readFileSync(file, 'utf8'), file);
  assert.deepEqual(problems, []);
  assert.ok(recipe !== null);
  return recipe;
}

describe('New Model', () => {
  const editor = useExtension();
  const temp = useTempFolder();

  it('makes a valid recipe from a dataset in four answers, and opens it', async () => {
    const data = writeDataset(temp.file('gesture'));
    editor().openFolders(temp.path);
    editor().prompts.answer(choose('MaixCAM2'), choose('Detect'), choose('YOLO11n'), type('hands'));
    await editor().run('maixcam.newModel', Uri.file(data));
    const file = path.join(temp.file('gesture'), 'hands.maixcam.yaml');
    const recipe = validRecipe(file);
    assert.equal(recipe.board, 'maixcam2');
    assert.equal(recipe.task, 'detect');
    assert.equal(recipe.dataset, 'data.yaml');
    assert.equal(recipe.train?.model, 'yolo11n');
    assert.deepEqual(recipe.export.size, { width: 640, height: 480 });
    assert.deepEqual(
      editor().shown.map((uri) => uri.fsPath),
      [file],
    );
  });

  it('finds the datasets of the workspace, and proposes what they show', async () => {
    writeDataset(temp.file('one'), OUTLINE);
    writeDataset(temp.file('two'), BOX, 'kpt_shape: [4, 3]\n');
    writeFileSync(temp.file('other.yaml'), 'services:\n  web: {}\n');
    editor().openFolders(temp.path);
    editor().prompts.answer(choose(/two/), choose('MaixCAM'), choose('Keypoints'), choose('YOLOv8n'), type('pose'));
    await editor().run('maixcam.newModel');
    const [sources, , tasks, , name] = editor().prompts.seen;
    assert.deepEqual(
      sources?.choices.filter((label) => label.startsWith('$(database)')),
      ['$(database) one/data.yaml', '$(database) two/data.yaml'],
    );
    assert.equal(tasks?.choices[0], 'Keypoints');
    assert.match(tasks.items[0]?.description ?? '', /as the dataset shows \(kpt_shape\)/);
    assert.equal(name?.value, 'two');
    assert.equal(validRecipe(temp.file('two/pose.maixcam.yaml')).train?.model, 'yolov8n-pose');
  });

  it('tells outlines from boxes by the label files', async () => {
    const data = writeDataset(temp.file('one'), OUTLINE);
    editor().prompts.answer(choose('MaixCAM'), choose('Segment'), choose('YOLOv8n'), type('cut'));
    await editor().run('maixcam.newModel', Uri.file(data));
    assert.equal(editor().prompts.seen[1]?.choices[0], 'Segment');
  });

  it('leads back to the answers before, and is left without a trace', async () => {
    const data = writeDataset(temp.path);
    editor().prompts.answer(choose('MaixCAM'), back, choose('MaixCAM2'), choose('Detect'), back, back, dismiss);
    await editor().run('maixcam.newModel', Uri.file(data));
    assert.deepEqual(
      editor().prompts.seen.map((prompt) => prompt.title.replace(/^New Model /, '')),
      ['(2/6)', '(3/6)', '(2/6)', '(3/6)', '(4/6)', '(3/6)', '(2/6)'],
    );
    assert.deepEqual(editor().prompts.messages('error'), []);
  });

  it('never overwrites a recipe: a name that is taken or unsafe is refused, a free one is proposed', async () => {
    const data = writeDataset(temp.file('my set'));
    writeFileSync(path.join(temp.file('my set'), 'my_set.maixcam.yaml'), 'mine\n');
    editor().prompts.answer(choose('MaixCAM'), choose('Detect'), choose('YOLOv8n'));
    editor().prompts.answer(type('my_set'), type('größe'), type('my_set-2'));
    await editor().run('maixcam.newModel', Uri.file(data));
    const names = editor().prompts.seen.filter((prompt) => prompt.kind === 'text');
    assert.equal(names[0]?.value, 'my_set-2');
    assert.match(names[0].refusals[0] ?? '', /a recipe of this name already/);
    assert.match(names[1]?.refusals[0] ?? '', /for example gr_e|for example gr/);
    assert.equal(readFileSync(path.join(temp.file('my set'), 'my_set.maixcam.yaml'), 'utf8'), 'mine\n');
    validRecipe(path.join(temp.file('my set'), 'my_set-2.maixcam.yaml'));
  });

  it('takes a finished ONNX model with pictures to calibrate with', async () => {
    mkdirSync(temp.file('typical'));
    const model = unpackModel(temp.path, YOLOV8, 'best.onnx');
    editor().openFolders(temp.path);
    editor().prompts.answer(
      choose('MaixCAM'),
      choose(/Folder of pictures/),
      open(temp.file('typical')),
      type('shapes'),
    );
    await editor().run('maixcam.newModel', Uri.file(model));
    const recipe = validRecipe(temp.file('shapes.maixcam.yaml'));
    assert.equal(recipe.onnx, 'best.onnx');
    assert.equal(recipe.train, null);
    assert.equal(recipe.convert.calibration.folder, 'typical');
  });

  it('makes a recipe for pictures sorted by class', async () => {
    mkdirSync(temp.file('fruit/train/apple'), { recursive: true });
    editor().openFolders(temp.path);
    editor().prompts.answer(choose(/sorted by class/), open(temp.file('fruit')));
    editor().prompts.answer(choose('MaixCAM'), choose('YOLOv8n'), type('fruit'));
    await editor().run('maixcam.newModel');
    const recipe = validRecipe(temp.file('fruit.maixcam.yaml'));
    assert.equal(recipe.task, 'classify');
    assert.equal(recipe.dataset, 'fruit');
  });

  it('refuses a YAML file that is no dataset, with what one is', async () => {
    writeFileSync(temp.file('compose.yaml'), 'services: {}\n');
    await editor().run('maixcam.newModel', Uri.file(temp.file('compose.yaml')));
    assert.match(editor().prompts.messages('error')[0]?.text ?? '', /does not describe a dataset/);
  });

  it('leads a person without a dataset to tools for labelling', async () => {
    editor().openFolders(temp.path);
    editor().prompts.answer(choose(/tools for labelling/), choose('CVAT'));
    await editor().run('maixcam.newModel');
    assert.match(editor().openedExternally[0] ?? '', /cvat/);
  });
});

describe('Open Sample Workspace', function () {
  this.timeout(60_000);
  const editor = useExtension();
  const temp = useTempFolder();

  it('makes the sample in a new folder with progress, and opens it in this or a new window', async () => {
    editor().prompts.answer(choose('Shapes, with keypoints'), open(temp.path), choose('Open in New Window'));
    await editor().run('maixcam.openSampleWorkspace');
    const folder = temp.file('maixcam-sample-pose');
    validRecipe(path.join(folder, 'shapes-pose.maixcam.yaml'));
    const [opened] = editor().called;
    assert.equal(opened?.[0], 'vscode.openFolder');
    assert.deepEqual(opened[2], { forceNewWindow: true });
    const [progress] = editor().progress;
    assert.ok(progress !== undefined && progress.cancellable && progress.percent > 99, String(progress?.percent));
  });

  it('fills the open folder where it is empty, and opens the recipe', async () => {
    editor().openFolders(temp.path);
    editor().prompts.answer(choose('Shapes, with boxes'));
    await editor().run('maixcam.openSampleWorkspace');
    assert.deepEqual(
      editor().shown.map((uri) => uri.fsPath),
      [temp.file('shapes.maixcam.yaml')],
    );
    assert.deepEqual(editor().called, []);
  });

  it('leaves nothing when it is cancelled', async () => {
    editor().prompts.answer(choose('Shapes, with boxes'), open(temp.path));
    const run = editor().run('maixcam.openSampleWorkspace');
    (await editor().untilProgress((shown) => shown.messages.length > 0)).cancel();
    await run;
    assert.ok(!existsSync(temp.file('maixcam-sample-detect')));
    assert.deepEqual(editor().prompts.messages('error'), []);
  });
});
