import type { DeviceFailure } from '../accept/request';
import { selectScheme, type DecoderScheme, type YoloV5Scheme } from '../accept/scheme';
import type { Yolo26Scheme } from '../accept/yolo26-scheme';
import type { YoloV8Scheme } from '../accept/yolov8-scheme';
import { classify, type ClassScore } from './classifier';
import { f32 } from './float';
import { mapBack } from './map-back';
import { sortByArea, suppress } from './nms';
import type {
  Candidate,
  DecoderSettings,
  DetectOptions,
  DetectResult,
  DetectedObject,
  DeviceException,
  Fit,
  OutputTensor,
  Size,
} from './object';
import { addKeypoints } from './pose';
import { maskWindows, resizeMask } from './seg';
import { decodeYolo26 } from './yolo26';
import { decodeYoloV5 } from './yolov5';
import { decodeYoloV8, type YoloV8Input } from './yolov8';

/** Decodes outputs as one model class of the device does. */
export interface Decoder {
  readonly scheme: DecoderScheme;
  /** One per class; generated for a YOLO26 without labels. */
  readonly labels: readonly string[];
  /**
   * What `detect()` of the device gives for these outputs.
   *
   * @param tensors values of the outputs in model output order; they are not changed.
   * @throws AppError `DECODE_UNDEFINED` where the device reads memory that nobody has set.
   */
  detect(tensors: readonly Float32Array[], options: DetectOptions): DetectResult;
  /** For classifiers: what `classify()` gives, best class first. */
  classify(tensors: readonly Float32Array[]): readonly ClassScore[];
}

export type DecoderResult =
  { readonly ok: true; readonly decoder: Decoder } | { readonly ok: false; readonly failure: DeviceFailure };

/** Default thresholds of the device's `detect()` (spec mud.md 6.2). */
const DEFAULTS = { fit: 'contain', confidence: 0.5, iou: 0.45, keypoint: 0.5, sort: 0 } as const;

const FORMAT_NAMES = { rgb: 'RGB888', bgr: 'BGR888', gray: 'GRAYSCALE' } as const;

/**
 * Makes the decoder that the device would use for a model, or says how its `load` fails. Nothing is fused: a board
 * built with fused multiply-add may differ by one pixel (fixtures of the decoders).
 *
 * @param input size of the model's input in pixels.
 * @param outputs names and shapes in model output order.
 */
export function createDecoder(settings: DecoderSettings, input: Size, outputs: readonly OutputTensor[]): DecoderResult {
  const labels = settings.labels ?? [];
  const selection = selectScheme({
    board: settings.board,
    modelClass: settings.modelClass,
    type: settings.type,
    labels: labels.length,
    input,
    outputs,
    ...(settings.anchors === undefined ? {} : { anchorValues: settings.anchors.length }),
  });
  if (!selection.loaded) return { ok: false, failure: selection.failure };
  const { scheme } = selection;
  const decoder: Decoder = {
    scheme,
    labels:
      scheme.kind === 'yolo26' && labels.length === 0
        ? Array.from({ length: scheme.classes }, (_, index) => `class_${index}`)
        : labels,
    detect: (tensors, options) => detect({ settings, input, outputs, scheme, tensors, options }),
    classify: (tensors) =>
      scheme.kind === 'classifier' ? classify(tensors[scheme.output] ?? new Float32Array(0)) : [],
  };
  return { ok: true, decoder };
}

interface Call {
  readonly settings: DecoderSettings;
  readonly input: Size;
  readonly outputs: readonly OutputTensor[];
  readonly scheme: DecoderScheme;
  readonly tensors: readonly Float32Array[];
  readonly options: DetectOptions;
}

function detect(call: Call): DetectResult {
  const { scheme, settings, options } = call;
  const expected = settings.inputType ?? 'rgb';
  const format = options.format ?? expected;
  if (format !== expected) {
    return failed(
      'ERR_NONE',
      scheme.kind === 'yolo26'
        ? ': Unknown error: image format not match\n\n'
        : `: image format not match, input_type: ${FORMAT_NAMES[expected]}, image format: ${FORMAT_NAMES[format]}\n`,
    );
  }
  if (options.fit === 'none' && !isModelSize(call)) {
    const exception = { kind: 'std::exception', code: null, what: 'not support object fit' };
    return { ok: false, exception, log: [] };
  }
  switch (scheme.kind) {
    case 'yolov8':
      return detectYoloV8(call, scheme);
    case 'yolov5':
      return detectYoloV5(call, scheme);
    case 'yolo26':
      return detectYolo26(call, scheme);
    case 'classifier':
      return { ok: true, objects: [] };
  }
}

function detectYoloV8(call: Call, scheme: YoloV8Scheme): DetectResult {
  const { input, options, tensors, settings, outputs } = call;
  if (scheme.scheme === 2 && scheme.missing.length > 0) {
    // The index fields are filled with bytes of 0xE7 and never checked (mud.md 3.7).
    return failed('ERR_ARGS', 'Invalid arguments: Tensors get tensor idx error\n', [
      '-- [E] get tensor idx error: -404232217',
    ]);
  }
  const work: YoloV8Input = {
    scheme,
    tensors,
    input,
    classes: settings.labels?.length ?? 0,
    confidence: options.confidence ?? DEFAULTS.confidence,
  };
  const candidates = suppress(decodeYoloV8(work), options.iou ?? DEFAULTS.iou, input);
  // The order matters: masks change what the next one is computed from.
  sortByArea(candidates, options.sort ?? DEFAULTS.sort);
  if (scheme.type === 'pose') addKeypoints(candidates, work, options.keypoint ?? DEFAULTS.keypoint);
  const windows =
    scheme.type === 'seg' ? maskWindows(candidates, work, outputs[scheme.indexes.prototype ?? -1]?.shape ?? []) : [];
  mapBack(candidates, input, imageOf(options), fitOf(options));
  for (const window of windows) {
    const { candidate } = window;
    if (window.width <= 0 || window.height <= 0 || candidate.w <= 0 || candidate.h <= 0) {
      return failed('ERR_ARGS', 'Invalid arguments: image width and height should > 0\n');
    }
    candidate.mask = resizeMask(window, candidate.w, candidate.h);
  }
  return finished(candidates);
}

function detectYoloV5(call: Call, scheme: YoloV5Scheme): DetectResult {
  const { input, options, tensors, settings, outputs } = call;
  if (!scheme.matches) {
    return failed('ERR_NONE', ': post process failed, please see log before\n', [
      "-- [E] mud labels or anchors not match model's",
    ]);
  }
  const decoded = decodeYoloV5({
    scheme,
    outputs,
    tensors,
    anchors: settings.anchors ?? [],
    input,
    classes: settings.labels?.length ?? 0,
    confidence: options.confidence ?? DEFAULTS.confidence,
  });
  const candidates = suppress(decoded, options.iou ?? DEFAULTS.iou, input);
  sortByArea(candidates, options.sort ?? DEFAULTS.sort);
  mapBack(candidates, input, imageOf(options), fitOf(options));
  return finished(candidates);
}

function detectYolo26(call: Call, scheme: Yolo26Scheme): DetectResult {
  const { input, options, tensors } = call;
  const candidates = decodeYolo26({ scheme, tensors, input, confidence: options.confidence ?? DEFAULTS.confidence });
  mapBack(candidates, input, imageOf(options), fitOf(options), 'divide');
  return finished(candidates);
}

function isModelSize({ input, options }: Call): boolean {
  return options.imageWidth === input.width && options.imageHeight === input.height;
}

/** Where `none` is allowed nothing is mapped, so any fit will do. */
function fitOf(options: DetectOptions): Fit {
  return options.fit === undefined || options.fit === 'none' ? DEFAULTS.fit : options.fit;
}

function imageOf(options: DetectOptions): Size {
  return { width: options.imageWidth, height: options.imageHeight };
}

function finished(candidates: readonly Candidate[]): DetectResult {
  return { ok: true, objects: candidates.map(objectOf) };
}

function objectOf(candidate: Candidate): DetectedObject {
  const { classId, score, points, angle, mask } = candidate;
  // `+ 0` turns the -0 of a truncated fraction into 0.
  const box = { x: candidate.x + 0, y: candidate.y + 0, w: candidate.w + 0, h: candidate.h + 0 };
  return {
    ...box,
    class_id: classId,
    score,
    ...(points === undefined ? {} : { points: points.map((value) => value + 0) }),
    ...(angle === undefined ? {} : { angle, obb_points: corners(box, angle) }),
    ...(mask === undefined ? {} : { mask }),
  };
}

/** Corners of a rotated box: the whole-pixel box turned about its whole-pixel centre (spec mud.md 6.6). */
function corners(box: { x: number; y: number; w: number; h: number }, angle: number): readonly number[] {
  const theta = f32(angle * f32(Math.PI));
  const cos = f32(Math.cos(theta));
  const sin = f32(Math.sin(theta));
  const left = -Math.trunc(box.w / 2);
  const top = -Math.trunc(box.h / 2);
  const points: number[] = [];
  for (const [x, y] of [
    [left, top],
    [left + box.w, top],
    [left + box.w, top + box.h],
    [left, top + box.h],
  ] as const) {
    const turnedX = f32(f32(x * cos) - f32(y * sin));
    const turnedY = f32(f32(x * sin) + f32(y * cos));
    points.push(Math.trunc(f32(turnedX + box.x - left)) + 0, Math.trunc(f32(turnedY + box.y - top)) + 0);
  }
  return points;
}

function failed(code: string, what: string, log: readonly string[] = []): DetectResult {
  const exception: DeviceException = { kind: 'err::Exception', code, what };
  return { ok: false, exception, log };
}
