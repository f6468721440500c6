import {
  DECODER_TYPES,
  STRIDES,
  deviceAnchorCount,
  type DecodeRequest,
  type DecoderType,
  type DeviceFailure,
  type OutputTensor,
} from './request';

/** What an index of the device's decoder points to. */
export type YoloV8Role =
  'level8' | 'level16' | 'level32' | 'box' | 'score' | 'keypoint' | 'maskWeight' | 'prototype' | 'angle';

/** Which output the decoder takes for what (mud.md 6.5). */
export interface YoloV8Scheme {
  readonly kind: 'yolov8';
  readonly type: DecoderType;
  /** 1: three maps of 64 + C channels; 2: decoded box distances and scores. */
  readonly scheme: 1 | 2;
  readonly layout: 'CHW' | 'HWC';
  /** Anchor cells as the device counts them. */
  readonly anchors: number;
  /**
   * Output index by role. A role that is needed but absent here was never set: in scheme 2 every detect throws
   * `Tensors get tensor idx error`, in scheme 1 the index is uninitialised memory.
   */
  readonly indexes: Readonly<Partial<Record<YoloV8Role, number>>>;
  /** Roles that this type and scheme need and no output fills. */
  readonly missing: readonly YoloV8Role[];
  /** OBB: the CPU applies the sigmoid to the angle because the tensor's name does not say that it has been done. */
  readonly angleNeedsSigmoid: boolean;
}

/** Output count that selects scheme 1; any other count is scheme 2 (mud.md 6.5). */
const SCHEME_1_COUNT: Readonly<Record<DecoderType, number>> = { detector: 3, pose: 4, obb: 4, seg: 5 };

const EXTRA_ROLES: Readonly<Record<DecoderType, readonly YoloV8Role[]>> = {
  detector: [],
  pose: ['keypoint'],
  obb: ['angle'],
  seg: ['maskWeight', 'prototype'],
};

/** Distribution bins of one box side times the four sides. */
export const BOX_CHANNELS = 64;

export const MASK_CHANNELS = 32;

type Selection =
  | { readonly loaded: true; readonly scheme: YoloV8Scheme }
  | { readonly loaded: false; readonly failure: DeviceFailure };

/** Selects the scheme of YOLOv8 and YOLO11 and matches the outputs by shape, in the device's order of tests. */
export function selectYoloV8(request: DecodeRequest): Selection {
  const text = request.type ?? 'detector';
  const type = DECODER_TYPES.find((known) => known === text);
  if (type === undefined) return failed(`type [${text}] not support, suport [detector, pose, seg, obb]`);
  return request.outputs.length === SCHEME_1_COUNT[type]
    ? selectLevelMaps(request, type)
    : selectDecoded(request, type);
}

function failed(text: string): Selection {
  return { loaded: false, failure: { code: 'ERR_ARGS', exception: null, log: [`-- [E] ${text}`] } };
}

function selectLevelMaps(request: DecodeRequest, type: DecoderType): Selection {
  const { input, outputs } = request;
  const rows = STRIDES.map((stride) => Math.trunc(input.height / stride));
  const columns = Math.trunc(input.width / STRIDES[0]);
  const indexes: Partial<Record<YoloV8Role, number>> = {};
  let angleNeedsSigmoid = false;

  const channelsLast = outputs.findIndex(
    ({ shape }) =>
      shape.length === 4 && shape[3] === request.labels + BOX_CHANNELS && shape[1] === rows[0] && shape[2] === columns,
  );
  const layout = channelsLast === -1 ? 'CHW' : 'HWC';
  if (channelsLast !== -1) indexes.level8 = channelsLast;

  for (const [index, output] of outputs.entries()) {
    const { shape } = output;
    // A trailing 1 makes a 4-D tensor count as 3-D: also the last map of a network that is 32 wide.
    const rank = shape.length === 4 && shape[3] === 1 ? 3 : shape.length;
    if (rank === 4) {
      const height = shape[layout === 'CHW' ? 2 : 1] ?? 0;
      if (type === 'seg' && isPrototype(shape, input)) indexes.prototype = index;
      else if (height === rows[0]) indexes.level8 = index;
      else if (height === rows[1]) indexes.level16 = index;
      else if (height === rows[2]) indexes.level32 = index;
      else {
        const chw = layout === 'CHW' ? 1 : 0;
        return failed(`output node shape error, please check 1, chw: ${chw},  ${height}`);
      }
    } else if (rank === 3) {
      if (type === 'detector') return failed('output node shape error, please check 2');
      if (type === 'seg') indexes.maskWeight = index;
      else if (type === 'pose') indexes.keypoint = index;
      else {
        indexes.angle = index;
        angleNeedsSigmoid = !output.name.includes('Sigmoid');
      }
    } else return failed('output node shape error, please check 3');
  }
  return found(request, type, 1, layout, indexes, angleNeedsSigmoid);
}

function isPrototype(shape: readonly number[], input: DecodeRequest['input']): boolean {
  const height = Math.trunc(input.height / 4);
  const width = Math.trunc(input.width / 4);
  return (
    (shape[1] === MASK_CHANNELS && shape[2] === height && shape[3] === width) ||
    (shape[3] === MASK_CHANNELS && shape[1] === height && shape[2] === width)
  );
}

function selectDecoded(request: DecodeRequest, type: DecoderType): Selection {
  const { outputs, labels } = request;
  const anchors = deviceAnchorCount(request.input);
  const indexes: Partial<Record<YoloV8Role, number>> = {};
  let angleNeedsSigmoid = false;

  const channelsLast = outputs.findIndex(
    ({ shape }) => shape.length === 4 && shape[1] === anchors && shape[2] === labels && shape[3] === 1,
  );
  const layout = channelsLast === -1 ? 'CHW' : 'HWC';
  // The device keeps this index in the box's place at first, so a score tensor that comes before the box is skipped.
  if (channelsLast !== -1) indexes.box = channelsLast;

  const chw = layout === 'CHW';
  for (const [index, { name, shape }] of outputs.entries()) {
    if (index === indexes.box) continue;
    const channels = shape[chw ? 1 : 2];
    const cells = shape[chw ? 2 : 1];
    const flat = shape.length === 3 || shape[3] === 1;
    const isBox = shape[chw ? 1 : 3] === 1 && cells === 4 && shape[chw ? 3 : 2] === anchors;
    switch (type) {
      case 'detector':
        if (channels === labels && cells === anchors) indexes.score = index;
        else indexes.box = index;
        break;
      case 'seg':
        if (isBox) indexes.box = index;
        else if (channels === MASK_CHANNELS && cells === anchors && flat) {
          if (name.includes('Sigmoid')) indexes.score = index;
          else indexes.maskWeight = index;
        } else if (channels === labels && cells === anchors && flat) indexes.score = index;
        else indexes.prototype = index;
        break;
      case 'obb':
        if (isBox) indexes.box = index;
        else if ((channels ?? 0) > 1 || name.includes('Sigmoid_1')) indexes.score = index;
        else {
          indexes.angle = index;
          angleNeedsSigmoid = !name.includes('Sigmoid');
        }
        break;
      case 'pose':
        if (isBox) indexes.box = index;
        else if ((channels ?? 0) % 3 === 0 && cells === anchors) indexes.keypoint = index;
        else indexes.score = index;
        break;
    }
  }
  return found(request, type, 2, layout, indexes, angleNeedsSigmoid);
}

function found(
  request: DecodeRequest,
  type: DecoderType,
  scheme: 1 | 2,
  layout: 'CHW' | 'HWC',
  indexes: Readonly<Partial<Record<YoloV8Role, number>>>,
  angleNeedsSigmoid: boolean,
): Selection {
  const base: readonly YoloV8Role[] = scheme === 1 ? ['level8', 'level16', 'level32'] : ['box', 'score'];
  const missing = [...base, ...EXTRA_ROLES[type]].filter((role) => indexes[role] === undefined);
  const anchors = deviceAnchorCount(request.input);
  return {
    loaded: true,
    scheme: { kind: 'yolov8', type, scheme, layout, anchors, indexes, missing, angleNeedsSigmoid },
  };
}

/** The output that fills a role, where one does. */
export function outputOf(
  scheme: YoloV8Scheme,
  role: YoloV8Role,
  outputs: readonly OutputTensor[],
): OutputTensor | undefined {
  const index = scheme.indexes[role];
  return index === undefined ? undefined : outputs[index];
}
