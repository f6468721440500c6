import type { BoardId } from '../kinds';

/** The classes of MaixCDK that load a MUD and decode its model (mud.md 3). */
export type ModelClass = 'yolov5' | 'yolov8' | 'yolo11' | 'yolo26' | 'classifier';

/** `[extra] type` of YOLOv8 and YOLO11 (mud.md 3.7). */
export const DECODER_TYPES = ['detector', 'pose', 'seg', 'obb'] as const;

export type DecoderType = (typeof DECODER_TYPES)[number];

/** An output tensor as the device sees it: its name and its shape, whose first dimension is the batch. */
export interface OutputTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** All that the device looks at when it matches the outputs of a model to a decoder. */
export interface DecodeRequest {
  readonly board: BoardId;
  readonly modelClass: ModelClass;
  /** Text of `[extra] type`; null where the key is absent. Other classes than YOLOv8 and YOLO11 ignore it. */
  readonly type: string | null;
  /** Number of labels; 0 where the key is absent. */
  readonly labels: number;
  /** Network input in pixels. */
  readonly input: { readonly width: number; readonly height: number };
  /** In model output order. */
  readonly outputs: readonly OutputTensor[];
  /** YOLOv5: how many numbers `[extra] anchors` holds (18 for the usual 3 layers × 3 anchors). */
  readonly anchorValues?: number;
}

/** How the device fails: the code that `load` returns or the text that it throws, and what it logs. */
export interface DeviceFailure {
  /** Return code of `load`; null where it throws. */
  readonly code: 'ERR_ARGS' | null;
  /** Text of the exception; null where `load` returns a code. */
  readonly exception: string | null;
  /** Log lines, as the device prints them. */
  readonly log: readonly string[];
}

/** Strides of the three levels of every YOLO that the boards decode. */
export const STRIDES = [8, 16, 32] as const;

/**
 * Anchor cells of an input, with the device's integer arithmetic: multiplication before the second division, so that
 * sides that are not multiples of 32 give its (wrong) number, not the model's (mud.md 6.5; recorded case
 * `err-s2-not-multiple-of-32`).
 */
export function deviceAnchorCount(input: { readonly width: number; readonly height: number }): number {
  let count = 0;
  for (const stride of STRIDES) count += Math.trunc((Math.trunc(input.width / stride) * input.height) / stride);
  return count;
}
