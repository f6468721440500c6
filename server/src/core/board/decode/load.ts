import type { BoardId } from '../kinds';
import type { DeviceFailure, ModelClass } from '../accept/request';
import { fromText } from '../../mud/bytes';
import { parseFloatList } from '../../mud/numbers';
import { createDecoder, type Decoder } from './decoder';
import type { OutputTensor, Size } from './object';

export interface LoadRequest {
  readonly modelClass: ModelClass;
  readonly board: BoardId;
  /** `[extra]` of the MUD, key → value. */
  readonly extra: ReadonlyMap<string, string>;
  /** What the device made of the labels key; null where it is absent. */
  readonly labels: readonly string[] | null;
  readonly input: Size;
  readonly outputs: readonly OutputTensor[];
}

export type LoadResult =
  | { readonly ok: true; readonly decoder: Decoder; readonly log: readonly string[] }
  | { readonly ok: false; readonly failure: DeviceFailure };

const NO_LABELS = "-- [E] Key labels not found in items['extra']";

/**
 * `load()` of a model class: checks the keys of `[extra]` in the device's order and then the outputs
 * (spec mud.md 3.3, 3.6-3.8).
 */
export function loadDecoder(request: LoadRequest): LoadResult {
  return request.modelClass === 'yolo26' ? loadYolo26(request) : loadStrict(request);
}

/** Everything but YOLO26: a missing or malformed key ends the loading. */
function loadStrict(request: LoadRequest): LoadResult {
  const { modelClass, extra, labels } = request;
  const modelType = extra.get('model_type');
  if (modelType === undefined) return refused('model_type key not found');
  if (modelType !== modelClass) return refused(`model_type not match, expect '${modelClass}', but got '${modelType}'`);
  // The type is looked at before the rest, by the same test that chooses the scheme.
  const type = extra.get('type') ?? null;
  if (type !== null && (modelClass === 'yolov8' || modelClass === 'yolo11')) {
    if (!['detector', 'pose', 'seg', 'obb'].includes(type)) {
      return refused(`type [${type}] not support, suport [detector, pose, seg, obb]`);
    }
  }
  const inputType = extra.get('input_type');
  if (inputType === undefined) return refused('input_type key not found');
  if (inputType !== 'rgb' && inputType !== 'bgr' && !(inputType === 'gray' && modelClass === 'classifier')) {
    return refused(`unknown input type: ${inputType}`);
  }
  for (const key of ['mean', 'scale']) {
    const value = extra.get(key);
    if (value === undefined) return refused(`${key} key not found`);
    if (parseFloatList(fromText(value)) === null) return refused(`${key} value error, should float`);
  }
  if (labels === null)
    return refused("Key labels not found in items['extra']", 'labels key not found: Invalid arguments');
  let anchors: readonly number[] | undefined;
  if (modelClass === 'yolov5') {
    const value = extra.get('anchors');
    if (value === undefined) return refused('anchors key not found');
    const parsed = parseFloatList(fromText(value));
    if (parsed === null) return refused('anchors value error, should float');
    if (parsed.length % 2 !== 0) return refused('anchors value error, should even');
    anchors = parsed;
  }
  return created(request, inputType, anchors, []);
}

/** YOLO26 warns where the others refuse, and throws where a number is malformed. */
function loadYolo26(request: LoadRequest): LoadResult {
  const { extra, labels } = request;
  const log: string[] = [];
  const modelType = extra.get('model_type') ?? '';
  if (!modelType.includes('yolo26') && !modelType.includes('YOLO26')) {
    log.push(`-- [W] model_type is '${modelType}', expected 'yolo26'. Trying anyway...`);
  }
  const text = extra.get('input_type') ?? 'rgb';
  const inputType = text === 'bgr' ? 'bgr' : 'rgb';
  if (text !== inputType) log.push(`-- [W] Unknown input_type '${text}', using RGB`);
  for (const key of ['mean', 'scale']) {
    const value = extra.get(key);
    if (value !== undefined && parseFloatList(fromText(value)) === null) {
      return { ok: false, failure: { code: null, exception: 'stof', log } };
    }
  }
  if (labels === null) log.push(NO_LABELS, '-- [W] labels not in metadata, will infer from output');
  return created(request, inputType, undefined, log);
}

function created(
  request: LoadRequest,
  inputType: 'rgb' | 'bgr' | 'gray',
  anchors: readonly number[] | undefined,
  log: readonly string[],
): LoadResult {
  const { modelClass, board, extra, labels, input, outputs } = request;
  const type = extra.get('type') ?? null;
  const settings = { modelClass, type, labels, inputType, board, ...(anchors === undefined ? {} : { anchors }) };
  const made = createDecoder(settings, input, outputs);
  if (made.ok) return { ok: true, decoder: made.decoder, log };
  return { ok: false, failure: { ...made.failure, log: [...log, ...made.failure.log] } };
}

function refused(...lines: string[]): LoadResult {
  return { ok: false, failure: { code: 'ERR_ARGS', exception: null, log: lines.map((line) => `-- [E] ${line}`) } };
}
