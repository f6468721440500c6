import assert from 'node:assert/strict';
import type { JobRecord } from '../../client/src/domain/jobs/job-record';
import type { RecipeOverview, StepRow } from '../../client/src/domain/pipeline/overview';
import { Overviews } from '../../client/src/ui/pipeline/overviews';
import { withProgress } from '../../client/src/ui/pipeline/progress';

const OVERVIEW: RecipeOverview = { recipe: '/a', description: '', error: null, rows: [], job: null };

/** Readings that end when the test says so. */
class Readings {
  readonly begun: string[] = [];
  private readonly open: { readonly recipe: string; readonly end: (overview: RecipeOverview) => void }[] = [];
  atOnce = 0;
  most = 0;

  readonly read = (recipe: string): Promise<RecipeOverview> => {
    this.begun.push(recipe);
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    return new Promise((resolve) => this.open.push({ recipe, end: resolve }));
  };

  /** Ends the oldest reading of a recipe that goes on, and lets what waits for it happen. */
  async end(recipe: string, description: string): Promise<void> {
    const index = this.open.findIndex((one) => one.recipe === recipe);
    const [one] = this.open.splice(index, 1);
    assert.ok(one !== undefined && index !== -1, `a reading of ${recipe} goes on`);
    this.atOnce -= 1;
    one.end({ ...OVERVIEW, recipe, description });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('overviews of recipes', () => {
  let readings: Readings;
  let shown: string[];
  let overviews: Overviews;
  beforeEach(() => {
    readings = new Readings();
    shown = [];
    overviews = new Overviews(readings.read, (recipe) => shown.push(`${recipe} ${overviews.get(recipe)?.description}`));
  });

  it('one reading at a time per recipe, however often it is wished', async () => {
    const wishes = [overviews.first('/a'), overviews.refresh('/a'), overviews.refresh('/a')];
    assert.deepEqual(readings.begun, ['/a']);
    await readings.end('/a', 'old');
    assert.deepEqual(shown, [], 'what was read before the last wish is not shown');
    assert.deepEqual(readings.begun, ['/a', '/a']);
    await readings.end('/a', 'new');
    await Promise.all(wishes);
    assert.deepEqual(shown, ['/a new']);
    assert.deepEqual(readings.begun, ['/a', '/a']);
  });

  it('a recipe that changes all the time is shown nevertheless', async () => {
    void overviews.refresh('/a');
    for (const description of ['1', '2', '3', '4']) {
      void overviews.refresh('/a');
      await readings.end('/a', description);
    }
    assert.deepEqual(shown, ['/a 2', '/a 3', '/a 4']);
  });

  it('the same overview again is no change', async () => {
    for (const description of ['same', 'same']) {
      const done = overviews.refresh('/a');
      await readings.end('/a', description);
      await done;
    }
    assert.deepEqual(shown, ['/a same']);
  });

  it('a few recipes at a time', async () => {
    const all = ['/a', '/b', '/c', '/d', '/e'];
    const done = Promise.all(all.map((recipe) => overviews.first(recipe)));
    for (const recipe of all) await readings.end(recipe, recipe);
    assert.equal((await done).length, 5);
    assert.equal(readings.most, 2);
    assert.equal(shown.length, 5);
  });

  it('a recipe that is gone is not shown, and can come back', async () => {
    const first = overviews.first('/a');
    overviews.forget('/a');
    const again = overviews.first('/a');
    await readings.end('/a', 'of the file that is gone');
    assert.equal(await first, undefined);
    await readings.end('/a', 'back');
    assert.equal((await again)?.description, 'back');
    assert.deepEqual(shown, ['/a back']);
  });
});

describe('progress of a run in its row', () => {
  const row = (name: StepRow['name'], state: StepRow['state']): StepRow => ({
    name,
    title: name,
    state,
    text: 'begins',
    detail: '',
    seconds: null,
    progress: null,
    error: null,
    outputs: [],
    next: false,
  });
  const overview: RecipeOverview = {
    ...OVERVIEW,
    rows: [row('check', 'done'), row('train', 'running')],
    job: { id: '1', state: 'running', pid: 7, log: '/l', startedAt: '' },
  };
  const job: JobRecord & { readonly lost: boolean } = {
    format: 1,
    id: '1',
    recipe: '/a',
    pid: 7,
    processStarted: null,
    startedAt: '',
    log: '/l',
    state: 'running',
    endedAt: null,
    current: 'train',
    progress: { step: 'train', fraction: 0.25, message: 'epoch 3 of 12' },
    steps: [],
    error: null,
    lost: false,
  };

  it('changes the row of the step at work and nothing else', () => {
    const next = withProgress(overview, job);
    assert.ok(next !== null);
    assert.equal(next.rows[1]?.text, 'epoch 3 of 12');
    assert.equal(next.rows[1].progress?.fraction, 0.25);
    assert.equal(next.rows[0], overview.rows[0]);
  });

  const OTHERS: readonly (readonly [string, Parameters<typeof withProgress>[1]])[] = [
    ['the next step has begun', { ...job, current: 'export' }],
    ['between two steps', { ...job, current: null }],
    ['it has ended', { ...job, state: 'done' }],
    ['its process is gone', { ...job, lost: true }],
    ['another run has begun', { ...job, id: '2' }],
    ['the folder was removed', null],
  ];
  for (const [title, other] of OTHERS) {
    it(`asks for a new reading: ${title}`, () => {
      assert.equal(withProgress(overview, other), null);
    });
  }
});
