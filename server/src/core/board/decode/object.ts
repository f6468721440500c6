import type { BoardId } from '../kinds';
import type { ModelClass, OutputTensor } from '../accept/request';

/** A detected object, with the field names and units of the device: whole pixels, box by its top left corner. */
export interface DetectedObject {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly class_id: number;
  /** 0 to 1, float32. */
  readonly score: number;
  /** Pose: x, y of each keypoint, flat. A keypoint below the threshold lies at (-1, -1) of the model's input. */
  readonly points?: readonly number[];
  /** OBB: half turns, clockwise (multiply by 180 for degrees). */
  readonly angle?: number;
  /** OBB: x, y of the four corners, flat, from the top left corner of the upright box on. */
  readonly obb_points?: readonly number[];
  readonly mask?: Mask;
}

/** Segmentation mask of one object: as large as its box, one byte per pixel, 255 is certain. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** How a picture is brought to the model's size (spec mud.md 6.1). */
export type Fit = 'contain' | 'cover' | 'fill';

/** How an object's box, in model pixels, is worked on: fields change as the device changes them. */
export interface Candidate {
  x: number;
  y: number;
  w: number;
  h: number;
  readonly classId: number;
  readonly score: number;
  /** Anchor cell that it comes from: index over all levels, column, row and stride. */
  readonly anchor: AnchorCell;
  readonly angle?: number;
  points?: number[];
  mask?: Mask;
}

export interface AnchorCell {
  readonly index: number;
  readonly column: number;
  readonly row: number;
  readonly stride: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface DetectOptions {
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** Colour order of the picture; must be the model's. Default: the model's. */
  readonly format?: 'rgb' | 'bgr' | 'gray';
  /** Default `contain`. With `none` the device takes pictures of the model's size only. */
  readonly fit?: Fit | 'none';
  /** Scores up to this are dropped. Default 0.5. */
  readonly confidence?: number;
  /** Objects of one class that overlap more than this are one. Default 0.45. */
  readonly iou?: number;
  /** Default 0.5. */
  readonly keypoint?: number;
  /** 1: by falling area, -1: by rising area, 0: by score. */
  readonly sort?: -1 | 0 | 1;
}

/** An exception of the device's code, as its text reads. */
export interface DeviceException {
  readonly kind: string;
  /** Name of the code that the exception carries; null where it is one of the standard library. */
  readonly code: string | null;
  readonly what: string;
}

export type DetectResult =
  | { readonly ok: true; readonly objects: readonly DetectedObject[] }
  | { readonly ok: false; readonly exception: DeviceException; readonly log: readonly string[] };

/** What a decoder is made from. */
export interface DecoderSettings {
  readonly modelClass: ModelClass;
  /** `[extra] type`; null where absent. */
  readonly type: string | null;
  /** Null: the key is absent, which YOLO26 alone allows. */
  readonly labels: readonly string[] | null;
  /** YOLOv5: width, height pairs. */
  readonly anchors?: readonly number[];
  /** Default `rgb`. */
  readonly inputType?: 'rgb' | 'bgr' | 'gray';
  readonly board: BoardId;
}

export type { OutputTensor };
