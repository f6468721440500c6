import type { OnnxModel } from '../model';
import type { ShapeTable } from '../shapes/infer';
import { attributeInt, attributeInts } from '../shapes/node-view';
import type { Family } from './head';

/** Building blocks that tell the families apart, whatever their tensors are called. */
interface Blocks {
  /** A depthwise convolution that halves the map: the down-sampling of YOLOv10 (SCDown). */
  readonly depthwiseDown: boolean;
  /** Average pooling before a convolution: the down-sampling of YOLOv9 (AConv, ADown). */
  readonly averageDown: boolean;
  /** Matrix products of two computed tensors: attention. */
  readonly attention: boolean;
  /** The pooling pyramid (SPPF) that all families have but YOLO12. */
  readonly maxPool: boolean;
  /** Feature maps split along the channels: the C2f block of YOLOv8 and its descendants. */
  readonly split: boolean;
  /** A first convolution of 6×6 pixels, or the Focus layer before it: YOLOv5. */
  readonly yolov5Stem: boolean;
  /** Any depthwise convolution: in the class branch since YOLO11. */
  readonly depthwise: boolean;
}

/**
 * The family of an anchor-free model: what its metadata says where the structure allows it, else its building blocks;
 * `unknown` where neither tells. The board decodes them all alike, except YOLO26.
 */
export function anchorFreeFamily(model: OnnxModel, shapes: ShapeTable, regMax: number): Family {
  if (regMax === 1) return 'yolo26';
  const told = familyOfDescription(model.metadata.description ?? '');
  if (told !== null && told !== 'yolo26' && told !== 'yolov5') return told;
  const blocks = blocksOf(model, shapes);
  if (blocks.depthwiseDown) return 'yolov10';
  if (blocks.averageDown) return 'yolov9';
  if (blocks.attention) return blocks.maxPool ? 'yolo11' : 'yolo12';
  if (blocks.split) return blocks.depthwise ? 'unknown' : 'yolov8';
  return blocks.yolov5Stem ? 'yolov5u' : 'unknown';
}

/** YOLOv5, or another model with the same head (YOLOv7, YOLOv3): `unknown` then. */
export function anchorFamily(model: OnnxModel, shapes: ShapeTable): Family {
  return blocksOf(model, shapes).yolov5Stem ? 'yolov5' : 'unknown';
}

const TOLD: Readonly<Record<string, Family>> = {
  v5u: 'yolov5u',
  v5: 'yolov5',
  v8: 'yolov8',
  v9: 'yolov9',
  v10: 'yolov10',
  '11': 'yolo11',
  '12': 'yolo12',
  '26': 'yolo26',
};

/** Ultralytics writes "Ultralytics YOLO11n model trained on …", "Ultralytics YOLOv5nu model". */
function familyOfDescription(description: string): Family | null {
  const match = /YOLO(v?\d+)([nstmblxce]?)(u?)/i.exec(description);
  if (match === null) return null;
  const [, version = '', , u = ''] = match;
  return TOLD[`${version.toLowerCase()}${u.toLowerCase()}`] ?? null;
}

function blocksOf(model: OnnxModel, shapes: ShapeTable): Blocks {
  let depthwiseDown = false;
  let averageDown = false;
  let attention = false;
  let maxPool = false;
  let split = false;
  let depthwise = false;
  let stem: boolean | null = null;
  let slicesBeforeStem = 0;
  for (const node of model.graph.nodes) {
    const [input = '', weight = ''] = node.inputs;
    switch (node.opType) {
      case 'Conv': {
        const kernel = shapes.fixed(weight);
        stem ??= kernel?.[2] === 6 || slicesBeforeStem >= 4;
        const alone = kernel?.[1] === 1 && (attributeInt(node, 'group') ?? 1) > 1;
        depthwise ||= alone;
        depthwiseDown ||= alone && attributeInts(node, 'strides')?.[0] === 2;
        break;
      }
      case 'Slice':
        if (stem === null) slicesBeforeStem += 1;
        break;
      case 'AveragePool':
        averageDown = true;
        break;
      case 'MatMul':
        attention ||= !model.graph.initializers.has(input) && !model.graph.initializers.has(weight);
        break;
      case 'MaxPool':
        maxPool = true;
        break;
      case 'Split':
        split ||= shapes.of(input)?.length === 4;
        break;
    }
  }
  return { depthwiseDown, averageDown, attention, maxPool, split, yolov5Stem: stem === true, depthwise };
}
