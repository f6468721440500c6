import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { readRecipe } from '../../server/src/core/recipe/read';
import { namesIn } from '../../client/src/ui/commands/pick-outputs';
import { useExtension } from '../support/extension-context';
import { unpackModel, YOLOV8 } from '../support/model-files';
import { useTempFolder } from '../support/temp-folder';
import { choose, dismiss, type } from '../support/vscode-stub/prompts';
import { Uri } from '../support/vscode-stub/values';

const BOXES = '/model.22/dfl/conv/Conv_output_0';
const SCORES = '/model.22/Sigmoid_output_0';

describe('Choose Outputs', () => {
  const editor = useExtension();
  const temp = useTempFolder();

  function writeRecipe(outputs = 'auto'): string {
    mkdirSync(temp.file('pictures'), { recursive: true });
    unpackModel(temp.path, YOLOV8);
    const file = temp.file('shapes.maixcam.yaml');
    writeFileSync(
      file,
      `# mine\nboard: maixcam\nonnx: model.onnx\noutputs: ${outputs} # where\nconvert:\n  calibration:\n    folder: pictures\n`,
    );
    return file;
  }
  const outputsOf = (file: string): unknown => readRecipe(readFileSync(file, 'utf8'), file).recipe?.outputs;

  it('shows the recommended set with its tensors first, and writes auto', async () => {
    const recipe = writeRecipe(`[${BOXES}, ${SCORES}]`);
    editor().prompts.answer(choose('$(star-full) two-output form'));
    await editor().run('maixcam.chooseOutputs', Uri.file(recipe));
    const [question] = editor().prompts.seen;
    assert.match(question?.title ?? '', /Outputs for MaixCAM/);
    assert.match(question?.text ?? '', new RegExp(BOXES));
    const recommended = question?.items.find((item) => item.label.startsWith('$(star-full)'));
    assert.match(recommended?.detail ?? '', /Conv_output_0, .*1×/);
    const hints = question?.items.filter(({ kind }) => kind === vscode.QuickPickItemKind.Separator);
    assert.ok(hints?.some(({ label }) => label.startsWith('level maps: has tensors that the graph lacks')));
    assert.equal(outputsOf(recipe), 'auto');
    assert.match(readFileSync(recipe, 'utf8'), /^# mine\nboard: maixcam\n.*\noutputs: auto # where\n/);
  });

  it('says where the recommended set makes tensors', async () => {
    const model = unpackModel(temp.path, YOLOV8);
    editor().prompts.answer(choose('MaixCAM2'), dismiss);
    await editor().run('maixcam.chooseOutputs', Uri.file(model));
    const recommended = editor().prompts.seen[1]?.items.find(({ label }) => label.startsWith('$(star-full)'));
    assert.match(recommended?.detail ?? '', /^makes tensors that the graph lacks/);
  });

  it('takes an own set from the graph, in the order of the graph', async () => {
    const recipe = writeRecipe();
    editor().prompts.answer(choose(/Choose from the graph/), choose(SCORES, BOXES));
    await editor().run('maixcam.chooseOutputs', Uri.file(recipe));
    const graph = editor().prompts.seen[1];
    assert.ok((graph?.choices.length ?? 0) > 50);
    assert.deepEqual([...(outputsOf(recipe) as string[])].sort(), [BOXES, SCORES].sort());
  });

  it('checks pasted names against this file and proposes the nearest', async () => {
    const recipe = writeRecipe();
    editor().prompts.answer(
      choose(/Paste names/),
      type('/model.22/Sigmoid_output_1'),
      type(`["${BOXES}", '${SCORES}']`),
    );
    await editor().run('maixcam.chooseOutputs', Uri.file(recipe));
    assert.match(editor().prompts.seen[1]?.refusals[0] ?? '', /no tensor named .*Did you mean .*Sigmoid_output_0/);
    assert.deepEqual(outputsOf(recipe), [BOXES, SCORES]);
  });

  it('takes what the board cannot decode only from a person who insists', async () => {
    const recipe = writeRecipe();
    editor().prompts.answer(choose(/Paste names/), type(BOXES), dismiss);
    await editor().run('maixcam.chooseOutputs', Uri.file(recipe));
    const warning = editor().prompts.seen.find((prompt) => prompt.modal);
    assert.match(warning?.text ?? '', /MaixCAM cannot decode these outputs/);
    assert.ok((warning?.detail.length ?? 0) > 20);
    assert.equal(outputsOf(recipe), 'auto');
    editor().prompts.answer(choose(/Paste names/), type(BOXES), choose('Use Them Anyway'));
    await editor().run('maixcam.chooseOutputs', Uri.file(recipe));
    assert.deepEqual(outputsOf(recipe), [BOXES]);
  });

  it('works on a recipe with unsaved changes, which stay', async () => {
    const recipe = writeRecipe();
    editor().openFile(recipe);
    editor().prompts.answer(choose(/Paste names/), type(`${BOXES} ${SCORES}`));
    await editor().run('maixcam.chooseOutputs');
    assert.deepEqual(outputsOf(recipe), [BOXES, SCORES]);
  });

  it('says that a model is exported after the training', async () => {
    const recipe = temp.file('new.maixcam.yaml');
    writeFileSync(recipe, 'board: maixcam\ndataset: data.yaml\ntrain:\n');
    await editor().run('maixcam.chooseOutputs', Uri.file(recipe));
    assert.match(editor().prompts.messages('warning')[0]?.text ?? '', /no ONNX model yet/);
  });

  it('copies names of a model without a recipe, or makes one from it', async () => {
    const model = unpackModel(temp.path, YOLOV8);
    editor().prompts.answer(choose('MaixCAM'), choose(/two-output/), choose('Copy Names'));
    await editor().run('maixcam.chooseOutputs', Uri.file(model));
    assert.deepEqual(editor().clipboard.split('\n').sort(), [BOXES, SCORES].sort());
    assert.ok(editor().prompts.messages('information')[0]?.choices.includes('New Model from It…'));
  });

  it('tells what a file is that is no ONNX model', async () => {
    writeFileSync(temp.file('page.onnx'), '<!DOCTYPE html><html></html>');
    editor().prompts.answer(choose('MaixCAM'));
    await editor().run('maixcam.chooseOutputs', Uri.file(temp.file('page.onnx')));
    assert.match(editor().prompts.messages('error')[0]?.text ?? '', /web page/);
  });

  it('reads names as people paste them', () => {
    for (const text of ['a, b', 'a b', '["a", "b"]', '- a\n- b\n', "'a','b'", 'a;b']) {
      assert.deepEqual(namesIn(text), ['a', 'b'], text);
    }
  });
});
