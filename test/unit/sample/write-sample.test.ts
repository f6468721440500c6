import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodePicture } from '../../../client/src/host/image/decode';
import { silentProgress, type ProgressEvent } from '../../../client/src/host/process/progress';
import { writeSampleWorkspace, type SampleRequest } from '../../../client/src/host/sample/write-sample';
import { readRecipe } from '../../../server/src/core/recipe/read';

describe('sample workspace', function () {
  this.timeout(60_000);
  let place = '';
  beforeEach(() => {
    place = mkdtempSync(path.join(tmpdir(), 'maixcam sample é '));
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  const request = (folder: string, more: Partial<SampleRequest> = {}): SampleRequest => ({
    folder,
    task: 'pose',
    board: 'maixcam',
    signal: new AbortController().signal,
    progress: silentProgress,
    ...more,
  });

  it('is complete: pictures, labels, dataset YAML, recipe', async () => {
    const events: ProgressEvent[] = [];
    const folder = path.join(place, 'deep', 'shapes');
    const progress = { report: (event: ProgressEvent) => void events.push(event) };
    const made = await writeSampleWorkspace(request(folder, { progress }));
    assert.deepEqual(made, {
      folder,
      recipe: path.join(folder, 'shapes-pose.maixcam.yaml'),
      dataset: path.join(folder, 'data.yaml'),
      pictures: { train: 240, val: 40 },
    });
    assert.notEqual(readRecipe(readFileSync(made.recipe, 'utf8'), made.recipe).recipe, null);
    for (const [split, count] of Object.entries(made.pictures)) {
      const images = readdirSync(path.join(folder, 'images', split));
      assert.equal(images.length, count);
      assert.deepEqual(
        readdirSync(path.join(folder, 'labels', split)),
        images.map((name) => name.replace('.png', '.txt')),
      );
    }
    const { width, height } = decodePicture(readFileSync(path.join(folder, 'images/val/001.png')), '001.png');
    assert.deepEqual([width, height], [320, 224]);
    assert.deepEqual(readdirSync(path.dirname(folder)), ['shapes']);
    assert.equal(events.at(-1)?.fraction, 1);
  });

  it('is not mixed with other files', async () => {
    writeFileSync(path.join(place, 'mine.txt'), 'x');
    await assert.rejects(writeSampleWorkspace(request(place)), { code: 'SAMPLE_FOLDER' });
    await assert.rejects(writeSampleWorkspace(request(path.join(place, 'mine.txt'))), { code: 'SAMPLE_FOLDER' });
    assert.deepEqual(readdirSync(place), ['mine.txt']);
  });

  it('may go into a folder that holds nothing but a repository', async () => {
    const folder = path.join(place, 'repository');
    mkdirSync(path.join(folder, '.git'), { recursive: true });
    await writeSampleWorkspace(request(folder, { task: 'detect' }));
    assert.ok(existsSync(path.join(folder, '.git')) && existsSync(path.join(folder, 'shapes.maixcam.yaml')));
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const abort = new AbortController();
    const progress = {
      report: ({ fraction }: ProgressEvent): void => {
        if ((fraction ?? 0) > 0.05) abort.abort();
      },
    };
    const cancelled = writeSampleWorkspace(request(path.join(place, 'shapes'), { signal: abort.signal, progress }));
    await assert.rejects(cancelled, { code: 'CANCELLED', kind: 'cancelled' });
    assert.deepEqual(readdirSync(place), []);
  });
});
