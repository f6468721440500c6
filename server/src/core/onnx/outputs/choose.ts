import { acceptOutputs, type Acceptance, type AcceptProblem } from '../../board/accept/accept';
import type { DecodeRequest } from '../../board/accept/request';
import { boardKind, type BoardId } from '../../board/kinds';
import type { ByteSource } from '../../ports';
import { AppError } from '../../problems/app-error';
import { GraphIndex } from '../heads/graph-index';
import type { AnchorHead, Head } from '../heads/head';
import { recognizeModel, type RecognizedModel } from '../heads/recognize';
import type { OnnxModel } from '../model';
import { candidatesOf, DECODER_TYPE, decoderTypeOf, type Candidate } from './candidates';
import type { Alternative, ChoiceWarning, ChosenOutput, OutputChoice, OutputForm } from './choice';
import { deviceView } from './device-view';
import { refuseHead, refuseInput, unknownHead } from './refusals';
import { modelWarnings } from './warnings';

/**
 * Chooses the outputs of a model for a board: the board's usual form unless its decoder would get that wrong, proved
 * with the decoder's own matching rules before it is recommended.
 *
 * Source: conversion.md 6.4, toolchain.md 3, 4, 10, mud.md 6.4–6.7.
 *
 * @throws AppError where the board cannot run the model: `ONNX_NO_IMAGE_INPUT`, `ONNX_SEVERAL_INPUTS`,
 *   `ONNX_DYNAMIC_SHAPE`, `ONNX_BATCH_SIZE`, `ONNX_INPUT_CHANNELS`, `INPUT_NOT_MULTIPLE_OF_32`, `HEAD_UNKNOWN`,
 *   `HEAD_STRIDES`, `HEAD_REG_MAX`, `YOLO26_ONE_TO_MANY`, `BOARD_NO_DECODER`, `POSE_KEYPOINT_DIMENSIONS`,
 *   `SEGMENT_MASK_CHANNELS`, `BOARD_CANNOT_DECODE`.
 */
export function chooseOutputs(
  model: OnnxModel,
  source: ByteSource,
  board: BoardId,
  recognized: RecognizedModel = recognizeModel(model, source),
): OutputChoice {
  refuseInput(model, recognized);
  const { head } = recognized;
  if (head === null) throw unknownHead(recognized);
  refuseHead(head, board);
  const index = new GraphIndex(model.graph);
  const judged = candidatesOf(model, recognized, head, board)
    .flatMap((candidate) => [candidate, ...angleVariants(recognized, head, candidate)])
    .map((candidate) => ({ candidate, problem: problemOf(index, head, board, candidate) }));

  const usable = judged.filter(({ problem }) => problem === null);
  const [best] = usable;
  const [usual] = judged;
  const size = head.inputSize;
  if (best === undefined || size === null) throw cannotDecode(board, usual?.problem ?? null);

  const warnings: ChoiceWarning[] = [...modelWarnings(model, recognized, head, board)];
  if (usual !== undefined && usual !== best && usual.candidate.form !== best.candidate.form && usual.problem !== null) {
    warnings.push(formWarning(head, board, usual.candidate.form, best.candidate.form, usual.problem));
  }
  const { outputs } = best.candidate;
  const anchors = head.kind === 'anchors' ? anchorsInDeviceOrder(index, board, head, outputs, warnings) : null;
  const alternatives: Alternative[] = [];
  for (const { candidate } of usable.slice(1)) {
    if (candidate.form === best.candidate.form || alternatives.some(({ form }) => form === candidate.form)) continue;
    alternatives.push({ ...candidate, consequence: consequenceOf(board, candidate) });
  }
  return {
    ...best.candidate,
    board,
    family: head.family,
    task: head.task,
    decoder: head.decoder,
    type: decoderTypeOf(head),
    classes: head.classes,
    inputSize: size,
    rebuild: outputs.some((output) => output.rebuild !== null),
    anchors,
    alternatives,
    warnings,
  };
}

/** What the board makes of a set of outputs of a recognised head. */
export function judgeOutputs(
  index: GraphIndex,
  head: Head,
  board: BoardId,
  outputs: readonly ChosenOutput[],
): Acceptance {
  const request: DecodeRequest = {
    board,
    modelClass: head.decoder,
    type: head.kind === 'anchor-free' ? DECODER_TYPE[head.task] : null,
    labels: head.classes,
    input: head.inputSize ?? { width: 0, height: 0 },
    outputs: deviceView(board, index, outputs),
    ...(head.kind === 'anchors' ? { anchorValues: head.anchorsPerLevel * head.levels.length * 2 } : {}),
  };
  return acceptOutputs(request);
}

/**
 * Null where the board decodes the candidate, each tensor as what it is. An order of YOLOv5 maps other than that of
 * the strides is no obstacle: the anchors of the MUD follow the board's order.
 */
function problemOf(index: GraphIndex, head: Head, board: BoardId, candidate: Candidate): AcceptProblem | null {
  const acceptance = judgeOutputs(index, head, board, candidate.outputs);
  if (!acceptance.accepted) return acceptance.problem.code === 'BOARD_YOLOV5_ORDER' ? null : acceptance.problem;
  const wrong = candidate.outputs.find((output, at) => output.role !== acceptance.roles[at]);
  if (wrong !== undefined) {
    return shapeProblem(
      `The board takes ${wrong.name} for something else than the ${wrong.role ?? 'output'} that it is.`,
    );
  }
  if (head.kind === 'anchor-free' && head.extra?.kind === 'angle' && acceptance.scheme.kind === 'yolov8') {
    const raw = candidate.outputs.some((output) => output.name === head.extra?.tensor);
    if (raw !== acceptance.scheme.angleNeedsSigmoid) {
      return shapeProblem('The name of the angle tensor makes the board apply the sigmoid twice, or not at all.');
    }
  }
  return null;
}

function shapeProblem(message: string): AcceptProblem {
  return { code: 'BOARD_OUTPUT_SHAPE', when: 'silent', log: [], exception: null, message };
}

/** The same form with the angle taken on the other side of its sigmoid: names decide which one the board gets right. */
function angleVariants(recognized: RecognizedModel, head: Head, candidate: Candidate): readonly Candidate[] {
  if (head.kind !== 'anchor-free' || head.extra?.kind !== 'angle' || head.extra.sigmoid === null) return [];
  const { tensor, sigmoid } = head.extra;
  const outputs = candidate.outputs.map((output) => {
    if (output.role !== 'angle') return output;
    const name = output.name === tensor ? sigmoid : tensor;
    return { ...output, name, shape: recognized.shapes.fixed(name) ?? [] };
  });
  return [{ form: candidate.form, outputs }];
}

function anchorsInDeviceOrder(
  index: GraphIndex,
  board: BoardId,
  head: AnchorHead,
  outputs: readonly ChosenOutput[],
  warnings: ChoiceWarning[],
): readonly number[] | null {
  const acceptance = judgeOutputs(index, head, board, outputs);
  const order = acceptance.scheme?.kind === 'yolov5' ? acceptance.scheme.order : outputs.map((_, at) => at);
  if (order.some((output, at) => output !== at)) {
    const names = order.map((at) => outputs[at]?.name ?? '').join(', ');
    warnings.push({
      code: 'YOLOV5_NAME_ORDER',
      message: `The board assigns anchors in the alphabetical order of the output names (${names}); write the anchors into the MUD in that order.`,
    });
  }
  if (head.anchorSizes === null) {
    warnings.push({
      code: 'YOLOV5_ANCHORS_UNKNOWN',
      message:
        'The graph does not hold its anchors as constants: take them from the training (anchors × stride, in pixels).',
    });
    return null;
  }
  const perLevel = head.anchorsPerLevel * 2;
  return order.flatMap((level) => head.anchorSizes?.slice(level * perLevel, (level + 1) * perLevel) ?? []);
}

const FORM_WORDS: Readonly<Record<OutputForm, string>> = {
  'two-output': 'two-output form',
  'level-maps': 'level maps',
  'one-to-one': 'one-to-one maps',
  logits: 'logits',
  anchors: 'anchor maps',
};

function formWarning(
  head: Head,
  board: BoardId,
  usual: OutputForm,
  taken: OutputForm,
  problem: AcceptProblem,
): ChoiceWarning {
  const instead = `so the ${FORM_WORDS[taken]} are used instead of the ${FORM_WORDS[usual]}`;
  if (head.task === 'pose' && head.classes % 3 === 0) {
    return {
      code: 'POSE_CLASSES_MULTIPLE_OF_THREE',
      message: `With ${head.classes} classes the ${boardKind(board).title} mistakes scores for keypoints (it looks for channels divisible by 3), ${instead}.`,
    };
  }
  return { code: 'USUAL_FORM_UNDECODABLE', message: `${problem.message.replace(/\.$/, '')}, ${instead}.` };
}

function consequenceOf(board: BoardId, candidate: Candidate): string {
  const rebuilt = candidate.outputs.some((output) => output.rebuild !== null);
  if (candidate.form === 'level-maps') {
    const cost = 'The board computes the softmax of the boxes on its CPU, and boxes and scores share one scale.';
    return rebuilt ? `${cost} The cut inserts three Concat nodes.` : cost;
  }
  if (board === 'maixcam2') {
    return 'Sipeed reports that this form fails to quantise on the MaixCAM2, others run it; compare before use.';
  }
  return 'Boxes and scores are separate tensors, each with its own scale.';
}

function cannotDecode(board: BoardId, problem: AcceptProblem | null): AppError {
  return new AppError({
    code: 'BOARD_CANNOT_DECODE',
    message: `The ${boardKind(board).title} cannot decode this model in any form. ${problem?.message ?? ''}`.trim(),
    hint: 'Export the model with an unchanged Ultralytics head, or choose the outputs by hand with `--outputs`.',
  });
}
