import assert from 'node:assert/strict';
import { BOARD_IDS, type BoardId } from '../../../server/src/core/board/kinds';
import { checkOutputs } from '../../../server/src/core/onnx/outputs/check';
import type { OutputChoice } from '../../../server/src/core/onnx/outputs/choice';
import { chooseOutputs } from '../../../server/src/core/onnx/outputs/choose';
import { AppError } from '../../../server/src/core/problems/app-error';
import { onnxFixture, onnxFixtureNames, onnxFromBytes, type OnnxFixture } from '../../support/onnx-fixtures';
import { renameTensors, setInputShape, setMetadata } from '../../support/onnx-rewrite';

const choose = ({ model, source }: OnnxFixture, board: BoardId): OutputChoice => chooseOutputs(model, source, board);

function refusal(fixture: OnnxFixture, board: BoardId): AppError {
  try {
    choose(fixture, board);
  } catch (thrown) {
    assert.ok(thrown instanceof AppError, String(thrown));
    return thrown;
  }
  return assert.fail('was not refused');
}

const summary = (choice: OutputChoice): string[] =>
  choice.outputs.map(({ role, name, shape }) => `${role ?? 'none'} ${name} ${shape.join('x')}`);

const warningsOf = (choice: OutputChoice): string[] => choice.warnings.map(({ code }) => code);

/** Parent module of the head by family (conversion.md 6.2: 22 for v8, 23 for 11 and 26, 24 for v5u). */
const MODULE: Readonly<Record<string, string>> = {
  yolov5u: '/model.24',
  yolov8: '/model.22',
  yolov9: '/model.22',
  yolov10: '/model.23',
  yolo11: '/model.23',
  yolo12: '/model.21',
  yolo26: '/model.23',
};

const A = 1470;
const GRIDS = ['28x40', '14x20', '7x10'];
const decodable = [...onnxFixtureNames('heads'), ...onnxFixtureNames('trained')];

/** The form and outputs that the specification asks for (conversion.md 6.4, toolchain.md 3, 4, 10). */
function expected(name: string, board: BoardId): { form: string; outputs: string[]; rebuild: boolean } | 'refused' {
  const file = name.split('/')[1] ?? '';
  if (file === 'yolov5-7.0-detect') {
    const outputs = GRIDS.map((grid, at) => `anchor-map /model.24/m.${at}/Conv_output_0 1x24x${grid}`);
    return { form: 'anchors', outputs, rebuild: false };
  }
  const [era = '', family = '', task = '', branch] = file.split('-');
  const module = MODULE[family] ?? '';
  if (task === 'classify') {
    const linear = family === 'yolov8' ? '/model.9' : '/model.10';
    return { form: 'logits', outputs: [`logit ${linear}/linear/Gemm_output_0 1x3`], rebuild: false };
  }
  if (family === 'yolo26') {
    if (task !== 'detect' || branch === 'one2many') return 'refused';
    const maps = (role: string, at: number, channels: number): string[] =>
      GRIDS.map((grid, level) => {
        const conv = `one2one_cv${at}.${level}`;
        return `${role} ${module}/${conv}/${conv}.2/Conv_output_0 1x${channels}x${grid}`;
      });
    return { form: 'one-to-one', outputs: [...maps('box', 2, 4), ...maps('score', 3, 3)], rebuild: false };
  }
  const older = era === 'u8.3';
  const joined = older ? 'Concat' : 'Concat_2';
  const extra: Readonly<Record<string, string[]>> = {
    detect: [],
    pose: [`keypoint ${module}/${joined}_output_0 1x12x${A}`],
    segment: [`mask-weight ${module}/${joined}_output_0 1x32x${A}`, 'prototype output1 1x32x56x80'],
    obb: [`angle ${module}/${joined}_output_0 1x1x${A}`],
  };
  // Three classes: scores of pose look like keypoints in the two-output form, so level maps on all boards.
  if (board === 'maixcam2' || task === 'pose') {
    const first = task === 'detect' ? 0 : 1;
    const maps = GRIDS.map((grid, level) => {
      const at = first + level;
      const tensor = older ? `${module}/Concat${at === 0 ? '' : `_${at}`}_output_0` : `level_map_${8 << level}`;
      return `level-map ${tensor} 1x67x${grid}`;
    });
    return { form: 'level-maps', outputs: [...maps, ...(extra[task] ?? [])], rebuild: !older };
  }
  const sigmoid = task === 'obb' ? 'Sigmoid_1' : 'Sigmoid';
  const two = [`box ${module}/dfl/conv/Conv_output_0 1x1x4x${A}`, `score ${module}/${sigmoid}_output_0 1x3x${A}`];
  const added = task === 'obb' ? [`angle ${module}/Sigmoid_output_0 1x1x${A}`] : (extra[task] ?? []);
  return { form: 'two-output', outputs: [...two, ...added], rebuild: false };
}

describe('onnx/outputs', () => {
  for (const board of BOARD_IDS) {
    for (const name of decodable) {
      it(`${name} for ${board}`, () => {
        const fixture = onnxFixture(name);
        const wanted = expected(name, board);
        if (wanted === 'refused') {
          const error = refusal(fixture, board);
          const code = name.includes('-detect-') ? 'YOLO26_ONE_TO_MANY' : 'BOARD_NO_DECODER';
          assert.equal(error.code, code);
          assert.equal(error.kind, 'problem');
          return;
        }
        const choice = choose(fixture, board);
        assert.equal(choice.form, wanted.form);
        assert.deepEqual(summary(choice), wanted.outputs);
        assert.equal(choice.rebuild, wanted.rebuild);
      });
    }
  }

  it('tells how a YOLO26 model must be exported', () => {
    const error = refusal(onnxFixture('heads/u8.4-yolo26-detect-one2many'), 'maixcam');
    assert.match(error.message, /one-to-many/);
    assert.match(error.hint, /nms=False/);
    assert.match(error.hint, /end2end=True/);
  });

  it('rebuilds level maps from boxes and classes of each level', () => {
    const choice = choose(onnxFixture('heads/u8.4-yolov8-detect'), 'maixcam2');
    assert.deepEqual(
      choice.outputs.map(({ rebuild }) => rebuild),
      [0, 1, 2].map((level) => ({
        axis: 1,
        parts: [2, 3].map((branch) => `/model.22/cv${branch}.${level}/cv${branch}.${level}.2/Conv_output_0`),
      })),
    );
    assert.ok(choice.outputs.every(({ permutation }) => permutation?.join() === '0,2,3,1'));
  });

  it('says why pose with three classes does not get the usual form', () => {
    const choice = choose(onnxFixture('trained/shapes-yolov8-pose'), 'maixcam');
    assert.deepEqual(warningsOf(choice), ['POSE_CLASSES_MULTIPLE_OF_THREE']);
    assert.deepEqual(choice.alternatives, []);
  });

  it('offers the other form with what it means', () => {
    const choice = choose(onnxFixture('trained/shapes-yolov8-detect'), 'maixcam');
    const [alternative] = choice.alternatives;
    assert.equal(choice.alternatives.length, 1);
    assert.equal(alternative?.form, 'level-maps');
    assert.match(alternative.consequence, /Concat/);
  });

  it('warns that small objects make segmentation throw', () => {
    for (const board of BOARD_IDS) {
      assert.deepEqual(warningsOf(choose(onnxFixture('trained/shapes-yolo11-segment'), board)), [
        'SEGMENT_SMALL_OBJECTS',
      ]);
    }
  });

  it('gives what the MUD needs', () => {
    const yolov5 = choose(onnxFixture('heads/yolov5-7.0-detect'), 'maixcam');
    assert.deepEqual([yolov5.decoder, yolov5.type, yolov5.anchors?.length], ['yolov5', null, 18]);
    const obb = choose(onnxFixture('heads/u8.4-yolov8-obb'), 'maixcam2');
    assert.deepEqual([obb.decoder, obb.type, obb.anchors], ['yolov8', 'obb', null]);
    // YOLOv10 decodes as YOLOv8 in both forms (fixtures README).
    for (const form of ['one2one', 'one2many']) {
      const yolov10 = choose(onnxFixture(`heads/u8.4-yolov10-detect-${form}`), 'maixcam');
      assert.deepEqual([yolov10.family, yolov10.decoder, yolov10.form], ['yolov10', 'yolov8', 'two-output']);
    }
    assert.equal(choose(onnxFixture('heads/u8.4-yolov5u-detect'), 'maixcam').decoder, 'yolov8');
  });
});

describe('onnx/outputs: changed models', () => {
  const yolov8 = onnxFixture('heads/u8.4-yolov8-detect');
  const sized = (shape: readonly (number | string)[]): OnnxFixture =>
    onnxFromBytes('sized', setInputShape(yolov8.bytes, shape));

  it('refuses an open size, a batch, other channels', () => {
    assert.equal(refusal(sized(['batch', 3, 'height', 'width']), 'maixcam').code, 'ONNX_DYNAMIC_SHAPE');
    assert.equal(refusal(sized([1, 3, 224, 'width']), 'maixcam2').code, 'ONNX_DYNAMIC_SHAPE');
    assert.equal(refusal(sized([4, 3, 224, 320]), 'maixcam').code, 'ONNX_BATCH_SIZE');
    assert.equal(refusal(sized([1, 1, 224, 320]), 'maixcam').code, 'ONNX_INPUT_CHANNELS');
    assert.equal(refusal(sized([1, 224, 320, 3]), 'maixcam').code, 'ONNX_INPUT_CHANNELS');
  });

  it('refuses sides that are not multiples of 32 and names the next size', () => {
    const error = refusal(sized([1, 3, 240, 320]), 'maixcam2');
    assert.equal(error.code, 'INPUT_NOT_MULTIPLE_OF_32');
    assert.match(error.hint, /imgsz=256,320/);
    const anchors = onnxFixture('heads/yolov5-7.0-detect');
    const odd = refusal(onnxFromBytes('odd', setInputShape(anchors.bytes, [1, 3, 240, 320])), 'maixcam');
    assert.match(odd.message, /320×240.*multiples of 32/);
  });

  it('says when metadata and graph disagree', () => {
    const names = "{0: 'a: 1', 1: \"it's\", 2: 'c, 9: d', 3: 'e'}";
    const told = onnxFromBytes('told', setMetadata(yolov8.bytes, { task: 'pose', names }));
    assert.deepEqual(warningsOf(choose(told, 'maixcam')), ['METADATA_NAMES', 'METADATA_TASK']);
    const agreeing = onnxFromBytes(
      'told',
      setMetadata(yolov8.bytes, { task: 'detect', names: "{0: '0', 1: '1', 2: '2'}" }),
    );
    assert.deepEqual(warningsOf(choose(agreeing, 'maixcam')), []);
  });

  it('orders the anchors of YOLOv5 as the board does when the names sort another way', () => {
    const original = onnxFixture('heads/yolov5-7.0-detect');
    const reversed = renameTensors(original.bytes, (name) =>
      name.replace(/^\/model\.24\/m\.(\d)\/Conv_output_0$/, (_, level: string) => `map${2 - Number(level)}`),
    );
    const choice = choose(onnxFromBytes('reversed', reversed), 'maixcam');
    assert.deepEqual(warningsOf(choice), ['YOLOV5_NAME_ORDER']);
    const usual = choose(original, 'maixcam').anchors ?? [];
    assert.deepEqual(choice.anchors, [...usual.slice(12), ...usual.slice(6, 12), ...usual.slice(0, 6)]);
  });

  it('takes the angle before its sigmoid where its name would mislead the board', () => {
    const renamed = renameTensors(onnxFixture('heads/u8.4-yolo11-obb').bytes, (name) =>
      name.replace('Sigmoid_output', 'Logistic_output').replace('Sigmoid_1_output', 'Logistic_1_output'),
    );
    const choice = choose(onnxFromBytes('renamed', renamed), 'maixcam2');
    const two = choice.alternatives.find(({ form }) => form === 'two-output');
    assert.equal(two?.outputs[2]?.name, '/model.23/Concat_2_output_0');
    // TPU-MLIR appends the operator to the name, so the MaixCAM sees Sigmoid in it after all.
    const maixcam = choose(onnxFromBytes('renamed', renamed), 'maixcam');
    assert.equal(maixcam.outputs[2]?.name, '/model.23/Logistic_output_0');
  });

  it('does not reuse a tensor name of the graph for a rebuilt map', () => {
    const taken = renameTensors(yolov8.bytes, (name) =>
      name === '/model.22/Sigmoid_output_0' ? 'level_map_16' : name,
    );
    const choice = choose(onnxFromBytes('taken', taken), 'maixcam2');
    assert.deepEqual(
      choice.outputs.map(({ name }) => name),
      ['level_map_8', 'level_map_16_1', 'level_map_32'],
    );
  });
});

describe('onnx/outputs: chosen by hand', () => {
  const check = (name: string, names: readonly string[], board: BoardId) => {
    const { model, source } = onnxFixture(name);
    return checkOutputs(model, source, names, board);
  };
  const box = '/model.22/dfl/conv/Conv_output_0';

  it('confirms outputs that the board decodes', () => {
    const result = check('heads/u8.4-yolov8-detect', ['/model.22/Sigmoid_output_0', box], 'maixcam');
    assert.equal(result.verdict, 'decodes');
    assert.deepEqual(
      result.outputs.map(({ role, shape }) => [role, shape]),
      [
        ['score', [1, 3, 1470]],
        ['box', [1, 1, 4, 1470]],
      ],
    );
  });

  it('finds the trap of a stale name that converts without an error', () => {
    // toolchain.md 4: dfl conv, Sigmoid, Concat of a pose model of 8.4 converts and cannot be decoded.
    const stale = check(
      'trained/shapes-yolov8-pose',
      [box, '/model.22/Sigmoid_output_0', '/model.22/Concat_output_0'],
      'maixcam',
    );
    assert.equal(stale.verdict, 'wrong');
    // Scores are taken for keypoints and the box logits for 64 classes: no error anywhere, only rubbish.
    assert.equal(stale.problem?.when, 'silent');
    assert.equal(stale.problem.code, 'BOARD_LABEL_COUNT');
    const plain = check('heads/u8.4-yolov8-detect', ['output0'], 'maixcam');
    assert.equal(plain.verdict, 'wrong');
    assert.equal(plain.problem?.exception, 'Invalid arguments: Tensors get tensor idx error\n');
  });

  it('knows that YOLO26 needs its maps permuted on MaixCAM2', () => {
    const convs = [0, 1, 2].flatMap((level) =>
      [2, 3].map((branch) => {
        const conv = `one2one_cv${branch}.${level}`;
        return `/model.23/${conv}/${conv}.2/Conv_output_0`;
      }),
    );
    const result = check('heads/u8.4-yolo26-detect-one2one', convs, 'maixcam2');
    assert.equal(result.verdict, 'decodes');
    assert.ok(result.outputs.every(({ permutation }) => permutation?.join() === '0,2,3,1'));
    const maixcam = check('heads/u8.4-yolo26-detect-one2one', convs, 'maixcam');
    assert.ok(maixcam.outputs.every(({ permutation }) => permutation === null));
  });

  it('refuses names that do not exist, with the nearest, and repeated ones', () => {
    const missing = (names: readonly string[], code: string, hint: RegExp): void => {
      assert.throws(
        () => check('heads/u8.4-yolov8-detect', names, 'maixcam'),
        (thrown: unknown) => thrown instanceof AppError && thrown.code === code && hint.test(thrown.hint),
      );
    };
    missing(['/model.22/Sigmoid_output_1'], 'ONNX_OUTPUT_MISSING', /\/model\.22\/Sigmoid_output_0/);
    missing([box, box], 'ONNX_OUTPUT_REPEATED', /once/);
    missing([], 'ONNX_NO_OUTPUTS', /at least one/);
  });

  it('cannot judge a model whose head it does not know', () => {
    const { bytes } = onnxFixture('heads/u8.4-yolov8-detect');
    const open = onnxFromBytes('open', setInputShape(bytes, ['n', 3, 224, 320]));
    assert.equal(checkOutputs(open.model, open.source, ['output0'], 'maixcam').verdict, 'unknown');
  });
});
