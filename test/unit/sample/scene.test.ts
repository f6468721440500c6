import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'yaml';
import { SAMPLE_PICTURES, sampleDataYaml, samplePictures } from '../../../client/src/domain/sample/dataset';
import { seededRandom } from '../../../client/src/domain/random';
import { sampleName, sampleRecipe } from '../../../client/src/domain/sample/recipe';
import { drawScene, SAMPLE_SIZE, type SampleObject } from '../../../client/src/domain/sample/scene';
import { loadRasterizer } from '../../../client/src/host/image/rasterize';
import { readRecipe } from '../../../server/src/core/recipe/read';

describe('drawn scenes', () => {
  it('hold one to four objects that neither overlap nor leave the picture', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { objects } = drawScene(seed);
        assert.ok(objects.length >= 1 && objects.length <= 4);
        objects.forEach(({ box, keypoints, classIndex }, index) => {
          assert.ok(box.width >= 28 && box.height >= 28 && classIndex >= 0 && classIndex <= 2);
          assert.ok(box.x >= 0 && box.y >= 0);
          assert.ok(box.x + box.width <= SAMPLE_SIZE.width && box.y + box.height <= SAMPLE_SIZE.height);
          assert.equal(Math.min(...keypoints.map(({ y }) => y)), box.y);
          assert.equal(Math.max(...keypoints.map(({ x }) => x)), box.x + box.width);
          assert.equal(Math.max(...keypoints.map(({ y }) => y)), box.y + box.height);
          assert.equal(Math.min(...keypoints.map(({ x }) => x)), box.x);
          for (const other of objects.slice(index + 1)) assert.ok(apart(box, other.box), `seed ${seed}`);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('have every object where its label says, clear of what lies behind it', async () => {
    const rasterizer = await loadRasterizer();
    for (let seed = 1; seed <= 25; seed++) {
      const { svg, objects } = drawScene(seed);
      const { width, data } = rasterizer.rgb(svg);
      const colour = (x: number, y: number): number[] => {
        const from = (Math.floor(y) * width + Math.floor(x)) * 3;
        return [...data.subarray(from, from + 3)];
      };
      for (const { box, keypoints, classIndex } of objects) {
        const middle = { x: box.x + box.width / 2, y: box.y + box.height * 0.6 };
        const inside = colour(middle.x, middle.y);
        for (const [index, point] of keypoints.entries()) {
          // A step from the keypoint towards the middle is inside the object, a step away is outside.
          const length = Math.hypot(middle.x - point.x, middle.y - point.y);
          const step = { x: (middle.x - point.x) / length, y: (middle.y - point.y) / length };
          const inner = colour(point.x + 5 * step.x, point.y + 5 * step.y);
          const outer = colour(point.x - 3 * step.x, point.y - 3 * step.y);
          assert.ok(
            difference(inner, inside) < 60,
            `seed ${seed}, class ${classIndex}, point ${index}: ${inner.join()} ${inside.join()}`,
          );
          assert.ok(
            difference(outer, inside) > 24,
            `seed ${seed}, class ${classIndex}, point ${index}: ${outer.join()} ${inside.join()}`,
          );
        }
      }
    }
  });
});

describe('drawn dataset', () => {
  it('is the same every time, and has no picture twice', () => {
    const [first, second] = [[...samplePictures('detect')], [...samplePictures('detect')]];
    assert.deepEqual(first, second);
    assert.equal(first.length, SAMPLE_PICTURES.train + SAMPLE_PICTURES.val);
    assert.equal(new Set(first.map(({ svg }) => svg)).size, first.length);
    assert.equal(new Set(first.map(({ imagePath }) => imagePath)).size, first.length);
  });

  it('shows all classes about equally often', () => {
    const counts = [0, 0, 0];
    for (const { label } of samplePictures('detect')) {
      for (const row of label.trim().split('\n')) counts[Number(row[0])]! += 1;
    }
    const mean = counts.reduce((sum, count) => sum + count, 0) / 3;
    for (const count of counts) assert.ok(Math.abs(count - mean) < 0.2 * mean, counts.join());
  });

  for (const task of ['detect', 'pose'] as const) {
    it(`has labels that a trainer accepts (${task})`, () => {
      const data = parse(sampleDataYaml(task)) as Record<string, unknown>;
      assert.deepEqual(data.names, { 0: 'circle', 1: 'square', 2: 'triangle' });
      assert.equal(data.path, undefined);
      assert.deepEqual([data.train, data.val], ['images/train', 'images/val']);
      assert.deepEqual(data.kpt_shape, task === 'pose' ? [4, 3] : undefined);
      assert.deepEqual(data.flip_idx, task === 'pose' ? [0, 3, 2, 1] : undefined);
      assert.deepEqual(data.kpt_oks_sigmas, task === 'pose' ? [0.1, 0.1, 0.1, 0.1] : undefined);
      for (const { label, imagePath, labelPath } of samplePictures(task)) {
        assert.equal(labelPath, imagePath.replace('images/', 'labels/').replace('.png', '.txt'));
        for (const row of label.trimEnd().split('\n')) {
          const numbers = row.split(' ').map(Number);
          assert.equal(numbers.length, task === 'pose' ? 17 : 5);
          assert.ok(
            numbers.slice(1).every((value, at) => (at >= 4 && at % 3 === 0 ? value === 2 : value >= 0 && value <= 1)),
            row,
          );
        }
      }
    });

    it(`comes with a recipe that has no problem (${task})`, () => {
      const { recipe, problems } = readRecipe(sampleRecipe(task, 'maixcam-pro'), `${sampleName(task)}.maixcam.yaml`);
      assert.deepEqual(problems, []);
      assert.deepEqual([recipe?.board, recipe?.task, recipe?.dataset], ['maixcam-pro', task, 'data.yaml']);
      assert.equal(recipe?.train?.width, 0.0625);
      assert.deepEqual(recipe.export.size, SAMPLE_SIZE);
    });
  }
});

describe('seeded random numbers', () => {
  it('repeat for a seed and spread evenly', () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 6000 }, () => random.next());
    const again = seededRandom(7);
    assert.deepEqual(
      values.slice(0, 5),
      Array.from({ length: 5 }, () => again.next()),
    );
    assert.ok(values.every((value) => value >= 0 && value < 1));
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = values.filter((value) => Math.floor(value * 10) === tenth).length;
      assert.ok(count > 500 && count < 700, `${count} of 6000 in tenth ${tenth}`);
    }
    const whole = new Set(Array.from({ length: 200 }, () => random.whole(3, 6)));
    assert.deepEqual([...whole].sort(), [3, 4, 5, 6]);
  });
});

function apart(a: SampleObject['box'], b: SampleObject['box']): boolean {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

function difference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? 0))));
}
