import assert from 'node:assert/strict';
import { acceptOutputs, type Acceptance } from '../../../../server/src/core/board/accept/accept';
import type { DecodeRequest } from '../../../../server/src/core/board/accept/request';
import { BOARD_IDS, boardKind, boardOfDevice, isBoardId } from '../../../../server/src/core/board/kinds';

const A = 1470;
const box = { name: '/model.22/dfl/conv/Conv_output_0', shape: [1, 1, 4, A] };
const score = (classes: number) => ({ name: '/model.22/Sigmoid_output_0', shape: [1, classes, A] });

function request(change: Partial<DecodeRequest>): DecodeRequest {
  return {
    board: 'maixcam',
    modelClass: 'yolov8',
    type: 'detector',
    labels: 3,
    input: { width: 320, height: 224 },
    outputs: [box, score(3)],
    ...change,
  };
}

const codeOf = (acceptance: Acceptance): string => (acceptance.accepted ? 'accepted' : acceptance.problem.code);

describe('board/accept: traps of real models', () => {
  it('takes the names and the 4-D shapes of a cvimodel', () => {
    const outputs = [
      { name: `${box.name}_Conv_f32`, shape: [1, 1, 4, A] },
      { name: '/model.22/Sigmoid_1_output_0_Sigmoid_f32', shape: [1, 3, A, 1] },
      { name: '/model.22/Sigmoid_output_0_Sigmoid_f32', shape: [1, 1, A, 1] },
    ];
    const acceptance = acceptOutputs(request({ type: 'obb', outputs }));
    assert.ok(acceptance.accepted);
    assert.deepEqual(acceptance.roles, ['box', 'score', 'angle']);
    assert.equal(acceptance.scheme.kind === 'yolov8' && acceptance.scheme.angleNeedsSigmoid, false);
  });

  it('refuses the plain Ultralytics output at detect, as the board does', () => {
    const acceptance = acceptOutputs(request({ labels: 80, outputs: [{ name: 'output0', shape: [1, 84, A] }] }));
    assert.ok(!acceptance.accepted);
    assert.equal(acceptance.problem.when, 'detect');
    assert.deepEqual(acceptance.problem.log, ['-- [E] get tensor idx error: -404232217']);
  });

  it('loses the box of four classes only where it was permuted to [1,4,A,1]', () => {
    const permuted = { name: box.name, shape: [1, 4, A, 1] };
    const four = request({ board: 'maixcam2', labels: 4, outputs: [permuted, score(4)] });
    assert.equal(codeOf(acceptOutputs(four)), 'BOARD_OUTPUT_MISSING');
    assert.equal(codeOf(acceptOutputs({ ...four, outputs: [box, score(4)] })), 'accepted');
    assert.equal(codeOf(acceptOutputs({ ...four, labels: 5, outputs: [permuted, score(5)] })), 'accepted');
  });

  it('mistakes scores of pose for keypoints when the classes are a multiple of three', () => {
    const keypoints = { name: '/model.22/Concat_2_output_0', shape: [1, 12, A] };
    for (const classes of [1, 2, 4, 5, 80]) {
      const outputs = [box, score(classes), keypoints];
      assert.equal(codeOf(acceptOutputs(request({ type: 'pose', labels: classes, outputs }))), 'accepted');
    }
    for (const classes of [3, 6, 9]) {
      const outputs = [box, score(classes), keypoints];
      assert.notEqual(codeOf(acceptOutputs(request({ type: 'pose', labels: classes, outputs }))), 'accepted');
    }
  });

  it('tells scores from mask weights of 32 classes by the name only', () => {
    const weights = { name: '/model.22/Concat_2_output_0', shape: [1, 32, A] };
    const prototypes = { name: 'output1', shape: [1, 32, 56, 80] };
    const seg = request({ type: 'seg', labels: 32, outputs: [box, score(32), weights, prototypes] });
    assert.equal(codeOf(acceptOutputs(seg)), 'accepted');
    const renamed = [box, { ...score(32), name: 'scores' }, weights, prototypes];
    assert.equal(codeOf(acceptOutputs({ ...seg, outputs: renamed })), 'BOARD_OUTPUT_MISSING');
  });

  it('needs Sigmoid_1 in the name of the scores of oriented boxes with one class', () => {
    const angle = { name: '/model.22/Sigmoid_output_0', shape: [1, 1, A] };
    const one = { name: '/model.22/Sigmoid_1_output_0', shape: [1, 1, A] };
    const obb = request({ type: 'obb', labels: 1, outputs: [box, one, angle] });
    assert.equal(codeOf(acceptOutputs(obb)), 'accepted');
    assert.equal(
      codeOf(acceptOutputs({ ...obb, outputs: [box, { ...one, name: 's' }, angle] })),
      'BOARD_OUTPUT_MISSING',
    );
  });

  it('refuses level maps of a network 32 wide as a detector', () => {
    const outputs = [8, 16, 32].map((stride) => ({ name: `m${stride}`, shape: [1, 67, 64 / stride, 32 / stride] }));
    const acceptance = acceptOutputs(request({ input: { width: 32, height: 64 }, outputs }));
    assert.ok(!acceptance.accepted && acceptance.problem.when === 'load');
    assert.deepEqual(acceptance.problem.log, ['-- [E] output node shape error, please check 2']);
  });

  it('refuses YOLO26 with too few outputs in the words of the board', () => {
    const acceptance = acceptOutputs(request({ modelClass: 'yolo26' }));
    assert.ok(!acceptance.accepted);
    assert.equal(acceptance.problem.exception, ': Unknown error: need at least 6 outputs\n\n');
  });

  it('compares the labels of a classifier with its outputs', () => {
    const outputs = [{ name: 'logits', shape: [1, 3] }];
    assert.equal(codeOf(acceptOutputs(request({ modelClass: 'classifier', outputs }))), 'accepted');
    assert.equal(codeOf(acceptOutputs(request({ modelClass: 'classifier', labels: 2, outputs }))), 'BOARD_LABEL_COUNT');
  });
});

describe('board/kinds', () => {
  it('knows each board by its name and by what it reports', () => {
    for (const id of BOARD_IDS) assert.equal(boardOfDevice(boardKind(id).deviceId)?.id, id);
    assert.equal(boardOfDevice('nanokvm'), null);
    assert.ok(isBoardId('maixcam-pro') && !isBoardId('maixcam_pro'));
  });

  it('gives MaixCAM2 axmodels and the others cvimodels', () => {
    assert.deepEqual(
      BOARD_IDS.map((id) => boardKind(id).modelFile),
      ['cvimodel', 'cvimodel', 'axmodel'],
    );
  });
});
