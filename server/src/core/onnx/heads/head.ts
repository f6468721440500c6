import type { ModelClass } from '../../board/accept/request';

/** Model families that a head is attributed to (spec cli.md). */
export type Family =
  'yolov5' | 'yolov5u' | 'yolov8' | 'yolov9' | 'yolov10' | 'yolo11' | 'yolo12' | 'yolo26' | 'classifier' | 'unknown';

export type Task = 'detect' | 'pose' | 'segment' | 'obb' | 'classify';

/**
 * How the exporter wrote the head, seen in the graph (conversion.md 6.2, toolchain.md 3):
 * `yolov5` anchor maps reshaped to five dimensions; `ultralytics-8.3` a Concat of boxes and classes per level (8.0 to
 * 8.3); `ultralytics-8.4` boxes and classes flattened and joined separately (8.4.0 and later). A classifier looks the
 * same in all: its era is read from the metadata, `unknown` without.
 */
export type Era = 'yolov5' | 'ultralytics-8.3' | 'ultralytics-8.4' | 'unknown';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

interface HeadBase {
  readonly family: Family;
  readonly task: Task;
  readonly classes: number;
  readonly era: Era;
  /** True: one box per object, no NMS needed (YOLOv10 and YOLO26 with their one-to-one head). */
  readonly endToEnd: boolean;
  /** True: the exported graph runs NMS after the head. */
  readonly embeddedNms: boolean;
  /** Finest level first; empty for a classifier. */
  readonly strides: readonly number[];
  /** Null: the graph leaves its size open. */
  readonly inputSize: ImageSize | null;
  /** The device's class that decodes such a head; `model_type` of the MUD carries the same word. */
  readonly decoder: ModelClass;
}

/** One level of an anchor-free head: tensors [1, channels, height, width]. */
export interface HeadLevel {
  readonly height: number;
  readonly width: number;
  /** Box distances, 4 × reg_max channels. */
  readonly box: string;
  /** Class logits. */
  readonly score: string;
  /** The tensor that holds boxes and classes joined along the channels, where the graph has one. */
  readonly map: string | null;
  /** Keypoints, mask weights or angle of this level. */
  readonly extra: string | null;
}

/** What pose, segmentation and oriented boxes add, joined over all levels: [1, channels, anchors]. */
export type HeadExtra =
  | { readonly kind: 'keypoint'; readonly tensor: string; readonly points: number; readonly dimensions: number }
  | { readonly kind: 'mask'; readonly tensor: string; readonly channels: number; readonly prototype: string }
  | {
      readonly kind: 'angle';
      /** Before the sigmoid. */
      readonly tensor: string;
      /** After it; null for a head that uses the raw number (YOLO26). */
      readonly sigmoid: string | null;
    };

export interface AnchorFreeHead extends HeadBase {
  readonly kind: 'anchor-free';
  readonly task: 'detect' | 'pose' | 'segment' | 'obb';
  /** Bins of the box distribution; 1 where distances are predicted directly (YOLO26). */
  readonly regMax: number;
  readonly levels: readonly HeadLevel[];
  readonly anchors: number;
  /** Box distances after the expectation over the bins, [1,1,4,anchors]; null without distribution. */
  readonly distances: string | null;
  /** Class scores after the sigmoid, [1,classes,anchors]. */
  readonly scores: string;
  readonly extra: HeadExtra | null;
}

/** YOLOv5 and its like: per level one map [1, anchors × (5 + classes), height, width]. */
export interface AnchorHead extends HeadBase {
  readonly kind: 'anchors';
  readonly levels: readonly { readonly height: number; readonly width: number; readonly map: string }[];
  readonly anchorsPerLevel: number;
  /** Width, height pairs in input pixels, finest level first; null where the graph does not hold them as constants. */
  readonly anchorSizes: readonly number[] | null;
}

export interface ClassifierHead extends HeadBase {
  readonly kind: 'classifier';
  /** Before the softmax: the board applies its own. */
  readonly logits: string;
}

export type Head = AnchorFreeHead | AnchorHead | ClassifierHead;
