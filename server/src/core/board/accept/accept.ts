import { STRIDES, deviceAnchorCount, type DecodeRequest, type OutputTensor } from './request';
import { selectScheme, type DecoderScheme, type YoloV5Scheme } from './scheme';
import type { Yolo26Scheme } from './yolo26-scheme';
import { BOX_CHANNELS, MASK_CHANNELS, outputOf, type YoloV8Role, type YoloV8Scheme } from './yolov8-scheme';

/** What an output is for, in the words of the terminal program (spec cli.md). */
export type OutputRole =
  'box' | 'score' | 'keypoint' | 'mask-weight' | 'prototype' | 'angle' | 'level-map' | 'logit' | 'anchor-map';

/** Why the board cannot decode these outputs. */
export interface AcceptProblem {
  readonly code:
    | 'BOARD_OUTPUT_SHAPE'
    | 'BOARD_OUTPUT_MISSING'
    | 'BOARD_TYPE_UNKNOWN'
    | 'BOARD_LABEL_COUNT'
    | 'BOARD_YOLOV5_CHANNELS'
    | 'BOARD_YOLOV5_ORDER'
    | 'BOARD_YOLO26_OUTPUTS';
  /** When it shows: `load` refuses, every `detect` throws, or the results are silently wrong. */
  readonly when: 'load' | 'detect' | 'silent';
  /** What the device prints; empty where it prints nothing. */
  readonly log: readonly string[];
  /** Text of the exception that the script sees, null where there is none. */
  readonly exception: string | null;
  /** What happens, one sentence for a person. */
  readonly message: string;
}

export type Acceptance =
  | { readonly accepted: true; readonly scheme: DecoderScheme; readonly roles: readonly (OutputRole | null)[] }
  | { readonly accepted: false; readonly scheme: DecoderScheme | null; readonly problem: AcceptProblem };

/**
 * Can this board decode these outputs with these MUD keys? Runs the device's own matching, then compares what it
 * picked with what the picked tensors hold, so that wrong results that the device does not notice are found too.
 *
 * Source: mud.md 3.2, 3.7, 6.4–6.7, board.md 6.4, recorded decoder cases.
 */
export function acceptOutputs(request: DecodeRequest): Acceptance {
  const selection = selectScheme(request);
  if (!selection.loaded) {
    const { log, exception } = selection.failure;
    const shown = exception?.trim() ?? log.join(' ');
    const code = loadProblemCode(request, shown);
    const message = `The board refuses to load the model: ${shown.replace(/^(-- \[E\] |: )/, '')}.`;
    return { accepted: false, scheme: null, problem: { code, when: 'load', log, exception, message } };
  }
  const { scheme } = selection;
  const problem = problemOf(request, scheme);
  if (problem !== null) return { accepted: false, scheme, problem };
  return { accepted: true, scheme, roles: rolesOf(request, scheme) };
}

function loadProblemCode(request: DecodeRequest, shown: string): AcceptProblem['code'] {
  if (request.modelClass === 'yolo26') return 'BOARD_YOLO26_OUTPUTS';
  return shown.includes('not support, suport') ? 'BOARD_TYPE_UNKNOWN' : 'BOARD_OUTPUT_SHAPE';
}

function problemOf(request: DecodeRequest, scheme: DecoderScheme): AcceptProblem | null {
  switch (scheme.kind) {
    case 'yolov8':
      return (
        missingRole(scheme) ?? (scheme.scheme === 1 ? mapProblem(request, scheme) : decodedProblem(request, scheme))
      );
    case 'yolov5':
      return yolov5Problem(request, scheme);
    case 'yolo26':
      return yolo26Problem(request, scheme);
    case 'classifier':
      return classifierProblem(request, request.outputs[scheme.output]);
  }
}

const ROLE_WORDS: Readonly<Record<YoloV8Role, string>> = {
  level8: 'the map of stride 8',
  level16: 'the map of stride 16',
  level32: 'the map of stride 32',
  box: 'the box distances',
  score: 'the class scores',
  keypoint: 'the keypoints',
  maskWeight: 'the mask weights',
  prototype: 'the mask prototypes',
  angle: 'the angle',
};

function missingRole(scheme: YoloV8Scheme): AcceptProblem | null {
  if (scheme.missing.length === 0) return null;
  const what = scheme.missing.map((role) => ROLE_WORDS[role]).join(' and ');
  if (scheme.scheme === 1) {
    return silent('BOARD_OUTPUT_MISSING', `No output is taken for ${what}; the decoder then reads memory at random.`);
  }
  return {
    code: 'BOARD_OUTPUT_MISSING',
    when: 'detect',
    log: ['-- [E] get tensor idx error: -404232217'],
    exception: 'Invalid arguments: Tensors get tensor idx error\n',
    message: `The model loads, but no output is taken for ${what}: every detect throws.`,
  };
}

function mapProblem(request: DecodeRequest, scheme: YoloV8Scheme): AcceptProblem | null {
  const channelsAt = scheme.layout === 'CHW' ? 1 : 3;
  for (const [level, role] of (['level8', 'level16', 'level32'] as const).entries()) {
    const shape = outputOf(scheme, role, request.outputs)?.shape ?? [];
    const channels = shape[channelsAt] ?? 0;
    if (channels !== BOX_CHANNELS + request.labels) return labelProblem(request.labels, channels - BOX_CHANNELS);
    const stride = STRIDES[level] ?? 0;
    if (
      elements(shape) !==
      channels * Math.trunc(request.input.width / stride) * Math.trunc(request.input.height / stride)
    ) {
      return silent('BOARD_OUTPUT_SHAPE', `${ROLE_WORDS[role]} has shape ${text(shape)}, which is not its grid.`);
    }
  }
  return extraProblem(request, scheme);
}

function decodedProblem(request: DecodeRequest, scheme: YoloV8Scheme): AcceptProblem | null {
  const box = outputOf(scheme, 'box', request.outputs)?.shape ?? [];
  const cells = scheme.layout === 'CHW' ? [1, 4, scheme.anchors] : [1, scheme.anchors, 4];
  const boxFits = squeezed(box).join() === squeezed(cells).join();
  if (!boxFits) {
    const message = `The tensor taken for the box distances has shape ${text(box)}, not [1,1,4,${scheme.anchors}].`;
    return silent('BOARD_OUTPUT_SHAPE', message);
  }
  const score = outputOf(scheme, 'score', request.outputs)?.shape ?? [];
  const classes = elements(score) / scheme.anchors;
  if (!Number.isInteger(classes) || score[scheme.layout === 'CHW' ? 2 : 1] !== scheme.anchors) {
    return silent('BOARD_OUTPUT_SHAPE', `The tensor taken for the class scores has shape ${text(score)}.`);
  }
  if (classes !== request.labels) return labelProblem(request.labels, classes);
  return extraProblem(request, scheme);
}

/** Checks the tensors that pose, segmentation and oriented boxes add; both schemes read them alike. */
function extraProblem(request: DecodeRequest, scheme: YoloV8Scheme): AcceptProblem | null {
  const { outputs, input } = request;
  const anchors = deviceAnchorCount(input);
  const rows = scheme.layout === 'CHW' ? 1 : 2;
  const perAnchor = (role: YoloV8Role, fits: (channels: number) => boolean): AcceptProblem | null => {
    const shape = outputOf(scheme, role, outputs)?.shape;
    if (shape === undefined) return null;
    const channels = shape[rows] ?? 0;
    if (shape[3 - rows] === anchors && elements(shape) === channels * anchors && fits(channels)) return null;
    return silent('BOARD_OUTPUT_SHAPE', `The tensor taken for ${ROLE_WORDS[role]} has shape ${text(shape)}.`);
  };
  switch (scheme.type) {
    case 'detector':
      return null;
    case 'pose':
      return perAnchor('keypoint', (channels) => channels > 0 && channels % 3 === 0);
    case 'obb': {
      const shape = outputOf(scheme, 'angle', outputs)?.shape ?? [];
      // Read flat, one number per anchor, in either layout.
      if (elements(shape) === anchors) return null;
      return silent('BOARD_OUTPUT_SHAPE', `The tensor taken for the angle has shape ${text(shape)}.`);
    }
    case 'seg': {
      const shape = outputOf(scheme, 'prototype', outputs)?.shape ?? [];
      const area = Math.trunc(input.height / 4) * Math.trunc(input.width / 4);
      if (elements(shape) !== MASK_CHANNELS * area) {
        return silent('BOARD_OUTPUT_SHAPE', `The tensor taken for the mask prototypes has shape ${text(shape)}.`);
      }
      return perAnchor('maskWeight', (channels) => channels === MASK_CHANNELS);
    }
  }
}

function labelProblem(labels: number, classes: number): AcceptProblem {
  const effect =
    labels < classes
      ? `classes ${labels} to ${classes - 1} are never reported`
      : 'scores are read beyond the end of the tensor';
  return silent(
    'BOARD_LABEL_COUNT',
    `The MUD has ${count(labels, 'label')}, the outputs taken for scores ${classes} classes: ${effect}.`,
  );
}

function yolov5Problem(request: DecodeRequest, scheme: YoloV5Scheme): AcceptProblem | null {
  const shapes = scheme.order.map((index) => request.outputs[index]?.shape ?? []);
  const wanted = scheme.anchorsPerLayer * (request.labels + 5);
  if (!scheme.matches) {
    return {
      code: 'BOARD_YOLOV5_CHANNELS',
      when: 'detect',
      log: ["-- [E] mud labels or anchors not match model's"],
      exception: ': post process failed, please see log before\n',
      message: `The maps need ${wanted} channels, (labels + 5) × anchors per layer, before height and width; they have ${text(shapes[0] ?? [])}: every detect throws.`,
    };
  }
  if (shapes.some((shape) => shape[1] !== wanted)) {
    return silent('BOARD_YOLOV5_CHANNELS', `Not all maps have ${wanted} channels.`);
  }
  const areas = shapes.map((shape) => (shape[2] ?? 0) * (shape[3] ?? 0));
  if (areas.some((area, at) => at > 0 && area > (areas[at - 1] ?? 0))) {
    const names = scheme.order.map((index) => request.outputs[index]?.name ?? '').join(', ');
    const message = `The board gives the anchors to the outputs in the byte order of their names (${names}), which is not the order of their strides: boxes get wrong sizes.`;
    return silent('BOARD_YOLOV5_ORDER', message);
  }
  return null;
}

function yolo26Problem(request: DecodeRequest, scheme: Yolo26Scheme): AcceptProblem | null {
  for (const level of scheme.levels) {
    const cells = level.gridWidth * level.gridHeight;
    const box = request.outputs[level.box]?.shape ?? [];
    const score = request.outputs[level.score]?.shape ?? [];
    if (elements(box) !== 4 * cells) {
      return silent('BOARD_OUTPUT_SHAPE', `The tensor taken for boxes has shape ${text(box)}.`);
    }
    if (elements(score) !== scheme.classes * cells) return labelProblem(scheme.classes, elements(score) / cells);
  }
  return null;
}

function classifierProblem(request: DecodeRequest, output: OutputTensor | undefined): AcceptProblem | null {
  const classes = elements(output?.shape ?? []);
  if (classes === request.labels) return null;
  const effect =
    request.labels < classes
      ? 'a script that looks a label up fails with IndexError'
      : 'the surplus labels are never used, and all may be shifted';
  const message = `The MUD has ${count(request.labels, 'label')}, the model ${classes} classes: ${effect}.`;
  return silent('BOARD_LABEL_COUNT', message);
}

const YOLOV8_ROLES: Readonly<Record<YoloV8Role, OutputRole>> = {
  level8: 'level-map',
  level16: 'level-map',
  level32: 'level-map',
  box: 'box',
  score: 'score',
  keypoint: 'keypoint',
  maskWeight: 'mask-weight',
  prototype: 'prototype',
  angle: 'angle',
};

function rolesOf(request: DecodeRequest, scheme: DecoderScheme): readonly (OutputRole | null)[] {
  const roles = request.outputs.map((): OutputRole | null => null);
  switch (scheme.kind) {
    case 'yolov8':
      for (const role of Object.keys(YOLOV8_ROLES) as YoloV8Role[]) {
        const index = scheme.indexes[role];
        if (index !== undefined) roles[index] = YOLOV8_ROLES[role];
      }
      break;
    case 'yolov5':
      for (const index of scheme.order) roles[index] = 'anchor-map';
      break;
    case 'yolo26':
      for (const { box, score } of scheme.levels) {
        roles[box] = 'box';
        roles[score] = 'score';
      }
      break;
    case 'classifier':
      roles[scheme.output] = 'logit';
      break;
  }
  return roles;
}

function silent(code: AcceptProblem['code'], message: string): AcceptProblem {
  return {
    code,
    when: 'silent',
    log: [],
    exception: null,
    message: message.charAt(0).toUpperCase() + message.slice(1),
  };
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

function squeezed(shape: readonly number[]): readonly number[] {
  return shape.filter((dimension) => dimension !== 1);
}

function text(shape: readonly number[]): string {
  return `[${shape.join(',')}]`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
