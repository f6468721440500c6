import { AppError } from '../problems/app-error';
import { fromText } from './bytes';
import { parseStof } from './numbers';

/** Decoder classes of MaixPy that this project writes MUDs for (spec mud.md 3.3, 3.6-3.8). */
export type MudModelType = 'yolov5' | 'yolov8' | 'yolo11' | 'yolo26' | 'classifier';

/** `[extra] type` of the YOLO11/YOLOv8 classes (spec mud.md 3.7). */
export type MudTask = 'detector' | 'pose' | 'seg' | 'obb';

/** The model files: one for MaixCAM, one for each NPU mode of MaixCAM2 (spec mud.md 2.1, 2.2). */
export type MudModelFiles =
  | { readonly type: 'cvimodel'; readonly model: string }
  | { readonly type: 'axmodel'; readonly modelNpu?: string; readonly modelVnpu?: string };

/** What a MUD says about a model. */
export interface MudDescription {
  /** Paths as the board resolves them: absolute, or relative to the MUD's folder. */
  readonly files: MudModelFiles;
  readonly modelType: MudModelType;
  /** For `yolov8` and `yolo11` only; the others have one task. */
  readonly task?: MudTask;
  /** Channel order of the model's input; `gray` for classifiers only. */
  readonly inputType: 'rgb' | 'bgr' | 'gray';
  /** One value, or one per channel, on the scale of pixel values: the board computes `(pixel - mean) * scale`. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** One per class, in class order. White space at the ends is dropped: the device trims it in every form. */
  readonly labels: readonly string[];
  /** For `yolov5` only: width, height pairs in input pixels, ordered by layer. */
  readonly anchors?: readonly number[];
}

export interface WrittenMud {
  /** The MUD file, UTF-8 without BOM, lines ending in LF. */
  readonly mud: string;
  /** A file that has to lie beside the MUD, where the labels cannot stand in it. */
  readonly labelsFile: { readonly name: string; readonly text: string } | null;
}

/** Longest label that the device's line reader leaves whole (spec mud.md 3.1). */
const MAX_LABEL_BYTES = 1022;

/**
 * Characters that keep a label out of the MUD: `#` and `,` cannot be written there, the others are read differently
 * by other programs that open MUDs (spec mud.md 1.2, 1.4).
 */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const NOT_INLINE = /[#,;%"\\\u0000-\u001f\u007f]|^'/;

/**
 * Writes a MUD in the part of the dialect that every reader understands alike (spec mud.md 1.2): sections at column 0,
 * `key = value`, each key once, no comments.
 *
 * @param labelsName name of the labels file, for the case that one is needed.
 * @throws AppError `MUD_*`: a value that cannot be written, or that the device would refuse.
 */
export function writeMud(description: MudDescription, labelsName = 'labels.txt'): WrittenMud {
  const { modelType, inputType } = description;
  const labels = description.labels.map(checkedLabel);
  if (labels.length === 0) {
    throw refuse('MUD_NO_LABELS', 'The model has no labels.', 'Give one label for each class of the model.');
  }
  if (inputType === 'gray' && modelType !== 'classifier') {
    throw refuse(
      'MUD_INPUT_TYPE',
      `A ${modelType} decoder takes colour pictures only.`,
      'Use rgb or bgr as input type, whichever the model was trained with.',
    );
  }
  const inline = labels.every((label) => label !== '' && label === label.trim() && !NOT_INLINE.test(label));
  const extra: [string, string][] = [['model_type', modelType]];
  if (modelType === 'yolov8' || modelType === 'yolo11') extra.push(['type', description.task ?? 'detector']);
  extra.push(
    ['input_type', inputType],
    ['mean', channelList('mean', description.mean, inputType)],
    ['scale', channelList('scale', description.scale, inputType)],
    ['labels', inline ? inlineLabels(labels) : checkedPath('labels', labelsName)],
  );
  if (modelType === 'yolov5') extra.push(['anchors', anchorList(description.anchors)]);

  return {
    mud: `${section('basic', basicKeys(description.files))}\n${section('extra', extra)}`,
    labelsFile: inline ? null : { name: labelsName, text: labels.map((label) => `${label}\n`).join('') },
  };
}

function section(name: string, keys: readonly (readonly [string, string])[]): string {
  return [`[${name}]`, ...keys.map(([key, value]) => `${key} = ${value}`), ''].join('\n');
}

function basicKeys(files: MudModelFiles): [string, string][] {
  if (files.type === 'cvimodel') {
    return [
      ['type', files.type],
      ['model', checkedPath('model', files.model)],
    ];
  }
  const keys: [string, string][] = [['type', files.type]];
  if (files.modelNpu !== undefined) keys.push(['model_npu', checkedPath('model_npu', files.modelNpu)]);
  if (files.modelVnpu !== undefined) keys.push(['model_vnpu', checkedPath('model_vnpu', files.modelVnpu)]);
  if (keys.length === 1) {
    throw refuse(
      'MUD_NO_MODEL',
      'A MaixCAM2 MUD needs a model file for at least one NPU mode.',
      'Give model_vnpu (AI-ISP on, the usual state), model_npu (AI-ISP off), or both.',
    );
  }
  return keys;
}

/** A single label gets a comma: alone it could be taken for the name of a file (spec mud.md 3.1). */
function inlineLabels(labels: readonly string[]): string {
  return labels.length === 1 ? `${labels[0] ?? ''},` : labels.join(', ');
}

function checkedLabel(label: string): string {
  const trimmed = label.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (/[\n\0]/.test(trimmed) || /[\uD800-\uDFFF]/u.test(trimmed)) {
    throw refuse(
      'MUD_LABEL',
      `The label ${JSON.stringify(trimmed)} contains a line break, a NUL or a broken character: no MUD can hold it.`,
      'Rename the class in the dataset.',
    );
  }
  if (fromText(trimmed).length > MAX_LABEL_BYTES) {
    throw refuse(
      'MUD_LABEL',
      `The label ${JSON.stringify(`${trimmed.slice(0, 40)}…`)} is longer than ${MAX_LABEL_BYTES} bytes: the board would cut it in two.`,
      'Use a shorter class name.',
    );
  }
  return trimmed;
}

/** A file name that survives the dialect: nothing that starts a comment, ends a line or is trimmed away. */
function checkedPath(key: string, path: string): string {
  const unsafe = key === 'labels' ? /[#,\s]/ : /#/;
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  if (path === '' || path !== path.trim() || unsafe.test(path) || /[\u0000-\u001f\u007f]/.test(path)) {
    throw refuse(
      'MUD_PATH',
      `The file name ${JSON.stringify(path)} cannot be written as "${key}" in a MUD.`,
      key === 'labels'
        ? 'Choose a name without blanks, commas and #.'
        : 'Choose a name without #, line breaks and blanks at its ends.',
    );
  }
  return path;
}

function channelList(key: 'mean' | 'scale', values: readonly number[], inputType: string): string {
  const channels = inputType === 'gray' ? 1 : 3;
  if (values.length !== 1 && values.length !== channels) {
    throw refuse(
      'MUD_CHANNELS',
      `"${key}" has ${values.length} values; the board takes ${channels === 1 ? 'one' : 'one or three'} for this input.`,
      `Give one ${key} for all channels${channels === 1 ? '' : ' or one for each'}.`,
    );
  }
  if (key === 'scale' && values.includes(0)) {
    throw refuse('MUD_SCALE', 'A scale of 0 would erase the picture; the board refuses it.', 'Use 1/255 = 0.0039216.');
  }
  return numberList(key, values);
}

function anchorList(anchors: readonly number[] | undefined): string {
  if (anchors === undefined || anchors.length === 0 || anchors.length % 2 !== 0) {
    throw refuse(
      'MUD_ANCHORS',
      'A YOLOv5 MUD needs its anchors: pairs of width and height, ordered by output layer.',
      'Take them from the model; models of the ultralytics package named YOLOv5u have none and are written as yolov8.',
    );
  }
  return numberList('anchors', anchors);
}

function numberList(key: string, values: readonly number[]): string {
  for (const value of values) {
    if (!Number.isFinite(value) || !parseStof(String(value)).ok) {
      throw refuse('MUD_NUMBER', `"${key}" holds ${value}, which the board cannot read.`, 'Use ordinary numbers.');
    }
  }
  return values.join(', ');
}

function refuse(code: string, message: string, hint: string): AppError {
  return new AppError({ code, message, hint });
}
