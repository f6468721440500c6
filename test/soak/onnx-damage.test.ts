import assert from 'node:assert/strict';
import { BOARD_IDS } from '../../server/src/core/board/kinds';
import { planCut } from '../../server/src/core/onnx/cut/plan';
import { recognizeModel } from '../../server/src/core/onnx/heads/recognize';
import { chooseOutputs } from '../../server/src/core/onnx/outputs/choose';
import { readOnnx } from '../../server/src/core/onnx/read';
import { inferShapes } from '../../server/src/core/onnx/shapes/infer';
import { bytesSource } from '../../server/src/core/ports';
import { AppError } from '../../server/src/core/problems/app-error';
import { campaign, type Random } from '../support/campaign';
import { damage } from '../support/damage';
import { damageOnnxFields } from '../support/protobuf-damage';
import { onnxFixture, type OnnxFixture } from '../support/onnx-fixtures';
import { smallModel } from '../support/small-models';

const HEADS = [
  'yolov5-7.0-detect',
  'u8.4-yolov8-classify',
  'u8.4-yolov8-pose',
  'u8.4-yolo11-segment',
  'u8.4-yolo11-obb',
  'u8.4-yolo26-detect-one2one',
  'u8.4-yolo26-pose-one2many',
];
const SMALL = ['captures', 'features', 'external', 'weights-as-inputs'];

/** A model and the stretches of its file that hold weights, where damage changes no structure. */
interface Victim {
  readonly bytes: Uint8Array;
  readonly weights: readonly { readonly offset: number; readonly length: number }[];
}

function victim({ bytes, model }: OnnxFixture): Victim {
  const weights = [...model.graph.initializers.values()].flatMap(({ raw }) => (raw === null ? [] : [raw]));
  return { bytes, weights };
}

/** Nearly always outside the weights. */
function placeIn({ weights }: Victim, random: Random): (length: number) => number {
  return (length) => {
    for (let tries = 0; tries < 50; tries += 1) {
      const at = random.below(length);
      if (!weights.some(({ offset, length: size }) => at >= offset && at < offset + size)) return at;
    }
    return random.below(length);
  };
}

/** The first refusal of a chain of questions; what is no message for a person is a defect. */
function endOf(bytes: Uint8Array): string {
  const source = bytesSource(bytes);
  const refusals: string[] = [];
  const attempt = <T>(action: () => T): T | null => {
    try {
      return action();
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      assert.notEqual(thrown.message, '');
      assert.notEqual(thrown.hint, '');
      refusals.push(thrown.code);
      return null;
    }
  };
  const model = attempt(() => readOnnx(source));
  if (model === null) return refusals[0] ?? '';
  const shapes = attempt(() => inferShapes(model, source)) ?? { of: () => null };
  const recognized = attempt(() => recognizeModel(model, source));
  if (recognized !== null) {
    for (const board of BOARD_IDS) {
      const choice = attempt(() => chooseOutputs(model, source, board, recognized));
      if (choice === null) continue;
      assert.ok(choice.outputs.length > 0);
    }
  }
  const outputs = model.graph.outputs.map((output) => output.name);
  const middle = model.graph.nodes[model.graph.nodes.length >> 1]?.outputs[0] ?? 'x';
  for (const wanted of [outputs, [middle]]) {
    const plan = attempt(() => planCut(source, model, wanted, shapes));
    // A planned cut can be put together: every range lies in the file.
    for (const segment of plan?.segments ?? []) {
      if (segment.kind !== 'range' || segment.file !== null) continue;
      assert.ok(segment.offset >= 0 && segment.length >= 0 && segment.offset + segment.length <= bytes.length);
    }
  }
  return refusals[0] ?? 'accepted';
}

describe('soak: damaged ONNX files', () => {
  let heads: readonly Victim[] = [];
  let small: readonly Victim[] = [];
  before(() => {
    heads = HEADS.map((name) => victim(onnxFixture(`heads/${name}`)));
    small = SMALL.map((name) => victim(smallModel(name)));
  });

  campaign('damaged YOLO models', 6000, ({ random }) => {
    const chosen = random.pick(heads);
    return endOf(damage(chosen.bytes, random.pick(heads).bytes, random, placeIn(chosen, random)));
  });

  campaign('YOLO models with wrong fields', 8000, ({ random }) => {
    return endOf(damageOnnxFields(random.pick(heads).bytes, random));
  });

  campaign('damaged small ONNX models', 60_000, ({ random }) => {
    const chosen = random.pick(small);
    return endOf(damage(chosen.bytes, random.pick(small).bytes, random));
  });

  campaign('small ONNX models with wrong fields', 60_000, ({ random }) => {
    return endOf(damageOnnxFields(random.pick(small).bytes, random));
  });
});
