import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RecipeOverview, StepRow } from '../../../client/src/domain/pipeline/overview';
import type { StepName } from '../../../client/src/domain/pipeline/steps';
import { openRecipe } from '../../../client/src/host/pipeline/open-recipe';
import { recipeOverview } from '../../../client/src/host/pipeline/overview';
import type { StepContext } from '../../../client/src/host/pipeline/step';
import { silentProgress } from '../../../client/src/host/process/progress';
import { pipelineSteps } from '../../../client/src/host/steps';
import { dependenciesOf, makeStamp, type Stamp } from '../../../client/src/host/store/stamp';
import { useTempFolder } from '../../support/temp-folder';

const RECIPE = 'board: maixcam\ndataset: data.yaml\ntrain: { model: yolov8n }\n';
const DATA = 'train: images\nval: images\nnames: [circle, square, triangle]\n';

describe('overview of a recipe', () => {
  const temp = useTempFolder();
  const recipe = (): string => temp.file('shapes.maixcam.yaml');
  const env = (): Record<string, string> => ({ MAIXCAM_ENV_DIR: temp.file('no environments') });
  const look = (): Promise<RecipeOverview> => recipeOverview(recipe(), { env: env() });
  const row = (overview: RecipeOverview, name: StepName): StepRow => {
    const found = overview.rows.find((one) => one.name === name);
    assert.ok(found !== undefined);
    return found;
  };

  beforeEach(() => {
    writeFileSync(recipe(), RECIPE);
    writeFileSync(temp.file('data.yaml'), DATA);
    for (const folder of ['images', 'labels']) mkdirSync(temp.file(folder));
    writeFileSync(temp.file('images/a.png'), 'picture');
  });

  /** Results of all steps but the push, as if they had been made from what is there now. */
  async function publishAll(): Promise<void> {
    const { recipe: read, paths } = await openRecipe(recipe());
    const stamps = new Map<StepName, Stamp>();
    const context: StepContext = {
      ...{ recipe: read, paths, env: env(), push: {}, progress: silentProgress, logFile: '' },
      signal: new AbortController().signal,
      stampOf: (name) => stamps.get(name),
    };
    for (const step of pipelineSteps) {
      if ((step.idle?.(context) ?? null) !== null) continue;
      const plan = await step.plan(context);
      const folder = paths.step(step.name);
      mkdirSync(folder, { recursive: true });
      for (const output of plan.outputs) writeFileSync(path.join(folder, output), CONTENT[output] ?? step.name);
      const dependencies = await dependenciesOf(plan, paths.folder, (name) => stamps.get(name)?.key);
      const result = { summary: { text: `${step.name} is made` }, problem: null, seconds: 1.5 };
      const stamp = await makeStamp(plan, dependencies, folder, result);
      stamps.set(step.name, stamp);
      writeFileSync(paths.stamp(step.name), JSON.stringify(stamp));
    }
  }
  const CONTENT: Readonly<Record<string, string>> = {
    'dataset.json': '{"names":["circle","square","triangle"],"kptShape":null,"splits":{"train":[],"val":[]}}',
    'outputs.json': '{"outputs":["a"],"decoder":"yolov8","type":"detect","anchors":null,"classes":3,"names":null}',
    'cut.json': '{"input":{"name":"images","width":320,"height":224},"outputs":[{"name":"a","shape":[1]}]}',
  };

  it('names the board, the model and the classes', async () => {
    const { description, error, job, recipe: file } = await look();
    assert.equal(description, 'MaixCAM · yolov8n detect · 3 classes');
    assert.deepEqual([error, job, file], [null, null, recipe()]);
    const pictures = 'convert: { calibration: { folder: pictures } }\n';
    writeFileSync(recipe(), `board: maixcam2\ntask: pose\nonnx: bird-pose.onnx\nlabels: [bird]\n${pictures}`);
    assert.equal((await look()).description, 'MaixCAM2 · bird-pose.onnx pose · 1 class');
  });

  it('tells of missing environments in the rows, and goes on', async () => {
    const overview = await look();
    assert.equal(overview.rows.length, 9);
    for (const name of ['check', 'convert'] as const) {
      assert.deepEqual([row(overview, name).state, row(overview, name).error?.code], ['waiting', 'ENV_MISSING']);
    }
    assert.equal(row(overview, 'train').text, 'waits for Check');
    assert.equal(row(overview, 'check').next, true);
    assert.deepEqual(overview.rows.filter((one) => one.next).length, 1);
  });

  it('tells of a missing dataset', async () => {
    rmSync(temp.file('data.yaml'));
    const check = row(await look(), 'check');
    assert.deepEqual([check.state, check.error?.code, check.next], ['failed', 'DATASET_NOT_FOUND', true]);
  });

  it('shows all as done, with what a click opens', async () => {
    await publishAll();
    const overview = await look();
    assert.deepEqual(
      overview.rows.map(({ name, state, text }) => [name, state, text]),
      [
        ...(['check', 'train', 'export', 'outputs', 'cut', 'convert', 'mud', 'compare'] as const).map((name) => [
          name,
          'done',
          `${name} is made`,
        ]),
        ['push', 'idle', 'no board chosen'],
      ],
    );
    assert.deepEqual(
      overview.rows.map(({ outputs }) => path.basename(outputs[0] ?? '')),
      [
        'dataset.json',
        'results.csv',
        'model.onnx',
        'outputs.json',
        'shapes.onnx',
        'shapes_int8.cvimodel',
        'shapes.mud',
        'contact-sheet.png',
        '',
      ],
    );
    for (const { outputs } of overview.rows) for (const output of outputs) assert.ok(path.isAbsolute(output));
    assert.equal(row(overview, 'train').seconds, 1.5);
    assert.equal(row(overview, 'push').next, true);
  });

  it('says what changed, and what follows from it', async () => {
    await publishAll();
    writeFileSync(temp.file('data.yaml'), DATA.replace('circle', 'disc'));
    const overview = await look();
    const { text, next, error } = row(overview, 'check');
    assert.deepEqual([text, next, error], ['out of date: data.yaml changed', true, null]);
    assert.equal(row(overview, 'train').text, 'out of date: Check has to run again first');
    assert.equal(row(overview, 'export').state, 'outdated');
  });

  it('looks at a push like at every other step', async () => {
    writeFileSync(recipe(), `${RECIPE}deploy: { host: 10.0.0.7 }\n`);
    await publishAll();
    const pushed = row(await look(), 'push');
    assert.deepEqual([pushed.state, pushed.text], ['done', 'push is made']);
    writeFileSync(recipe(), `${RECIPE}deploy: { host: 10.0.0.8 }\n`);
    assert.equal(row(await look(), 'push').text, 'out of date: the recipe changed');
  });

  it('tells of a recipe that cannot be used', async () => {
    writeFileSync(recipe(), 'board: toaster\n');
    const wrong = await look();
    assert.deepEqual([wrong.error?.code, wrong.rows], ['RECIPE_INVALID', []]);
    assert.match(wrong.description, /line 1/);
    rmSync(recipe());
    assert.equal((await look()).error?.code, 'RECIPE_NOT_FOUND');
  });

  it('does not need the results to be whole', async () => {
    await publishAll();
    writeFileSync(temp.file('.maixcam/shapes/train/stamp.json'), '{"format": 2, "step"');
    rmSync(temp.file('.maixcam/shapes/cut'), { recursive: true });
    const overview = await look();
    assert.equal(row(overview, 'train').state, 'ready');
    assert.equal(row(overview, 'export').state, 'outdated');
    assert.equal(row(overview, 'cut').text, 'waits for Outputs');
  });
});
