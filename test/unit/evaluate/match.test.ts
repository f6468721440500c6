import assert from 'node:assert/strict';
import { readLabels } from '../../../server/src/core/dataset/labels';
import { comparisonFigures, judge } from '../../../client/src/domain/evaluate/comparison';
import { boxIou, matchObjects, type FoundObject } from '../../../client/src/domain/evaluate/match';

const form = { task: 'detect', keypoints: null, width: 200, height: 100 } as const;

function found(
  classId: number,
  x: number,
  y: number,
  w: number,
  h: number,
  score = 0.9,
  points: number[] = [],
): FoundObject {
  return { classId, x, y, w, h, score, points };
}

describe('label files', () => {
  it('gives boxes in pixels', () => {
    const [object] = readLabels('1 0.5 0.5 0.2 0.4\n', form);
    assert.deepEqual(object, { classId: 1, x: 80, y: 30, w: 40, h: 40, keypoints: [] });
  });

  it('takes the bounds of polygons', () => {
    const [object] = readLabels('0 0.1 0.2 0.3 0.2 0.3 0.6 0.1 0.6', { ...form, task: 'segment' });
    assert.ok(object !== undefined);
    assert.ok(Math.abs(object.x - 20) < 1e-9 && Math.abs(object.h - 40) < 1e-9);
  });

  it('reads keypoints with and without visibility', () => {
    const three = readLabels('0 .5 .5 .2 .2 .5 .4 2 0 0 0', { ...form, task: 'pose', keypoints: [2, 3] })[0];
    assert.deepEqual(three?.keypoints, [
      { x: 100, y: 40, visible: true },
      { x: 0, y: 0, visible: false },
    ]);
    const two = readLabels('0 .5 .5 .2 .2 .5 .4 .25 .5', { ...form, task: 'pose', keypoints: [2, 2] })[0];
    assert.deepEqual(two?.keypoints[1], { x: 50, y: 50, visible: true });
  });
});

describe('matching', () => {
  const truth = readLabels('0 0.25 0.5 0.2 0.4\n0 0.75 0.5 0.2 0.4', form);

  it('measures overlap', () => {
    assert.equal(boxIou({ x: 0, y: 0, w: 10, h: 10 }, { x: 5, y: 0, w: 10, h: 10 }), 50 / 150);
    assert.equal(boxIou({ x: 0, y: 0, w: 10, h: 10 }, { x: 10, y: 0, w: 10, h: 10 }), 0);
  });

  it('uses each true object and each detection once', () => {
    const result = matchObjects(truth, [found(0, 30, 30, 40, 40, 0.6), found(0, 31, 30, 40, 40, 0.9)], {
      iou: 0.5,
      keypointDistance: null,
    });
    assert.deepEqual(
      result.matches.map((match) => match.found),
      [1],
    );
    assert.deepEqual(result.extra, [0]);
    assert.deepEqual(result.missed, [1]);
  });

  it('does not match another class or too little overlap', () => {
    const rule = { iou: 0.5, keypointDistance: null };
    assert.equal(matchObjects(truth, [found(1, 30, 30, 40, 40)], rule).matches.length, 0);
    assert.equal(matchObjects(truth, [found(0, 50, 30, 40, 40)], rule).matches.length, 0);
  });

  it('wants every labelled keypoint within the distance', () => {
    const posed = readLabels('0 .5 .5 .2 .4 .5 .3 2 .4 .7 0', { ...form, task: 'pose', keypoints: [2, 3] });
    const rule = { iou: 0.5, keypointDistance: 0.1 };
    const near = found(0, 80, 30, 40, 40, 0.9, [103, 31, 0, 0]);
    const far = found(0, 80, 30, 40, 40, 0.9, [105, 31, 80, 70]);
    assert.equal(matchObjects(posed, [near], rule).matches.length, 1, 'the hidden point must not count');
    assert.equal(matchObjects(posed, [far], rule).matches.length, 0);
  });

  it('sums up over pictures', () => {
    const rule = { iou: 0.5, keypointDistance: null };
    const both = [found(0, 30, 30, 40, 40), found(0, 130, 30, 40, 40)];
    const one = [found(0, 30, 30, 40, 40), found(2, 0, 0, 9, 9)];
    const figures = comparisonFigures([
      {
        image: 'a',
        width: 200,
        height: 100,
        truth,
        onnx: judge(truth, both, rule),
        converted: judge(truth, one, rule),
      },
    ]);
    assert.deepEqual([figures.onnx.share, figures.onnx.extra], [1, 0]);
    assert.deepEqual([figures.converted.share, figures.converted.extra], [0.5, 1]);
    assert.ok((figures.onnx.meanIou ?? 0) > 0.99);
  });
});
