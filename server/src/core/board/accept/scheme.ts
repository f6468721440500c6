import type { DecodeRequest, DeviceFailure } from './request';
import { selectYolo26, type Yolo26Scheme } from './yolo26-scheme';
import { selectYoloV8, type YoloV8Scheme } from './yolov8-scheme';

/** YOLOv5: the outputs in the order in which they get their anchors (mud.md 6.4). */
export interface YoloV5Scheme {
  readonly kind: 'yolov5';
  /** Output indexes by the byte order of their names: layer i takes the i-th group of anchors. */
  readonly order: readonly number[];
  /** Anchors per layer: integer division of the anchor pairs by the number of outputs. */
  readonly anchorsPerLayer: number;
  /** False: every detect fails with `mud labels or anchors not match model's`. */
  readonly matches: boolean;
}

/** Classifier: the output that is read (mud.md 3.3). */
export interface ClassifierScheme {
  readonly kind: 'classifier';
  readonly output: number;
}

export type DecoderScheme = YoloV5Scheme | YoloV8Scheme | Yolo26Scheme | ClassifierScheme;

export type SchemeSelection =
  | { readonly loaded: true; readonly scheme: DecoderScheme }
  | { readonly loaded: false; readonly failure: DeviceFailure };

/** Numbers in `[extra] anchors` for three layers with three anchors each. */
const USUAL_ANCHOR_VALUES = 18;

/**
 * What the device's loader makes of the outputs: the scheme with the index of each role, or how `load` fails. Only
 * the part of the loading that looks at the model: the MUD's keys are taken as valid, except `type`.
 *
 * Source: mud.md 6.4–6.7 and the corrections at its top; recorded decoder cases.
 */
export function selectScheme(request: DecodeRequest): SchemeSelection {
  switch (request.modelClass) {
    case 'yolov8':
    case 'yolo11':
      return selectYoloV8(request);
    case 'yolo26':
      return selectYolo26(request);
    case 'yolov5':
      return { loaded: true, scheme: selectYoloV5(request) };
    case 'classifier':
      return { loaded: true, scheme: { kind: 'classifier', output: namesInByteOrder(request)[0] ?? 0 } };
  }
}

function selectYoloV5(request: DecodeRequest): YoloV5Scheme {
  const order = namesInByteOrder(request);
  const layers = request.outputs.length;
  const values = request.anchorValues ?? USUAL_ANCHOR_VALUES;
  const first = request.outputs[order[0] ?? 0];
  return {
    kind: 'yolov5',
    order,
    anchorsPerLayer: layers === 0 ? 0 : Math.trunc(Math.trunc(values / 2) / layers),
    matches: layers > 0 && first?.shape[1] === Math.trunc(Math.trunc(((request.labels + 5) * values) / 2) / layers),
  };
}

/** Iteration over the device's output map is by the bytes of the names (mud.md 6.1). */
function namesInByteOrder(request: DecodeRequest): readonly number[] {
  const encoder = new TextEncoder();
  return request.outputs
    .map(({ name }, index) => ({ bytes: encoder.encode(name), index }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes) || a.index - b.index)
    .map(({ index }) => index);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
