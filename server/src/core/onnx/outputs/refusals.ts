import { STRIDES } from '../../board/accept/request';
import { boardKind, type BoardId } from '../../board/kinds';
import { AppError } from '../../problems/app-error';
import type { Head } from '../heads/head';
import type { RecognizedModel } from '../heads/recognize';
import type { OnnxModel, Shape } from '../model';

/** The boards divide box distributions into this many bins (mud.md 6.6). */
const BINS = 16;
const MASK_CHANNELS = 32;

/** Throws what keeps any board from running a model with this input, whatever its outputs. */
export function refuseInput(model: OnnxModel, recognized: RecognizedModel): void {
  const { image, openInput } = recognized;
  const shape = image?.shape ?? null;
  const inputs = model.graph.inputs.filter((input) => !model.graph.initializers.has(input.name));
  if (image === null || shape === null) {
    throw new AppError({
      code: 'ONNX_NO_IMAGE_INPUT',
      message:
        'The model has no image input: none of its inputs has the four dimensions batch, channels, height, width.',
      hint: 'The boards run image models. Export the model for images of a fixed size.',
    });
  }
  if (inputs.length > 1) {
    throw new AppError({
      code: 'ONNX_SEVERAL_INPUTS',
      message: `The model has ${inputs.length} inputs (${inputs.map((input) => input.name).join(', ')}); the boards feed one image.`,
      hint: 'Export the model with a single image input.',
    });
  }
  if (openInput) {
    throw new AppError({
      code: 'ONNX_DYNAMIC_SHAPE',
      message: `The input ${image.name} is ${shapeText(shape)}: its size is left open, and both converters need a fixed one.`,
      hint: 'Export again with dynamic=False, batch=1 and the size of the board, e.g. imgsz=224,320 (height,width).',
    });
  }
  const [batch, channels] = shape;
  if (batch !== 1) {
    throw new AppError({
      code: 'ONNX_BATCH_SIZE',
      message: `The model takes ${String(batch)} images at once; the boards run one.`,
      hint: 'Export again with batch=1.',
    });
  }
  const gray = channels === 1 && recognized.head?.kind === 'classifier';
  if (channels !== 3 && !gray) {
    throw new AppError({
      code: 'ONNX_INPUT_CHANNELS',
      message: `The input ${image.name} is ${shapeText(shape)}; the boards give colour images as 1×3×height×width.`,
      hint: 'Export the model with a 3-channel input, channels before height and width (NCHW).',
    });
  }
}

/** Throws where the head itself has no decoder on the board (mud.md 3, 6; toolchain.md 3). */
export function refuseHead(head: Head, board: BoardId): void {
  const { title } = boardKind(board);
  if (head.kind === 'classifier') return;
  refuseSize(head);
  if (head.kind === 'anchors') {
    if (head.task !== 'detect') throw noDecoder('YOLOv5 segmentation', title);
    return;
  }
  if (head.decoder === 'yolo26') {
    if (head.task !== 'detect') throw noDecoder(`YOLO26 ${TASK_WORDS[head.task]}`, title);
    if (!head.endToEnd) {
      const nms = head.embeddedNms ? ' (its NMS is a part of the graph that the board cannot run)' : '';
      throw new AppError({
        code: 'YOLO26_ONE_TO_MANY',
        message: `This YOLO26 model was exported with the one-to-many head${nms}: the ${title} runs no NMS for YOLO26, so every object would come as a pile of boxes.`,
        hint: 'Export again with nms=False (Ultralytics that has this argument, e.g. 8.4.190), or end2end=True (earlier 8.4).',
      });
    }
  } else if (head.regMax !== BINS) {
    throw new AppError({
      code: 'HEAD_REG_MAX',
      message: `The head divides box sides into ${head.regMax} bins (reg_max); the decoder of the ${title} reads ${BINS}.`,
      hint: `Train a model with reg_max ${BINS}, the default of YOLOv8 and YOLO11.`,
    });
  }
  if (head.strides.join() !== STRIDES.join()) {
    throw new AppError({
      code: 'HEAD_STRIDES',
      message: `The head has levels of stride ${head.strides.join(', ')}; the decoder of the ${title} knows exactly ${STRIDES.join(', ')}.`,
      hint: 'Use a model with three levels (P3 to P5), not a -p2 or -p6 variant.',
    });
  }
  if (head.extra?.kind === 'keypoint' && head.extra.dimensions !== 3) {
    const { points, dimensions } = head.extra;
    throw new AppError({
      code: 'POSE_KEYPOINT_DIMENSIONS',
      message: `The model predicts ${dimensions} numbers per keypoint (kpt_shape [${points}, ${dimensions}]); the board always reads 3: x, y, visibility.`,
      hint: `Train with kpt_shape: [${points}, 3]; the labels then carry a visibility (2 = visible) after each point.`,
    });
  }
  if (head.extra?.kind === 'mask' && head.extra.channels !== MASK_CHANNELS) {
    throw new AppError({
      code: 'SEGMENT_MASK_CHANNELS',
      message: `The model has ${head.extra.channels} mask channels; the board reads ${MASK_CHANNELS}.`,
      hint: `Train a model with ${MASK_CHANNELS} mask channels, the default of Ultralytics.`,
    });
  }
}

function refuseSize(head: Head): void {
  const size = head.inputSize;
  if (size === null || (size.width % 32 === 0 && size.height % 32 === 0)) return;
  const up = (side: number): number => Math.ceil(side / 32) * 32;
  throw new AppError({
    code: 'INPUT_NOT_MULTIPLE_OF_32',
    message: `The network input is ${size.width}×${size.height} pixels; the board's decoder needs both sides to be multiples of 32.`,
    hint: `Export again with imgsz=${up(size.height)},${up(size.width)} (height,width).`,
  });
}

const TASK_WORDS = { detect: 'detection', pose: 'pose', segment: 'segmentation', obb: 'oriented boxes' } as const;

function noDecoder(what: string, title: string): AppError {
  return new AppError({
    code: 'BOARD_NO_DECODER',
    message: `The ${title} has no decoder for ${what}.`,
    hint: 'Use YOLO11 or YOLOv8 for pose, segmentation and oriented boxes.',
  });
}

/** Thrown where the graph has no head that is known here. */
export function unknownHead(recognized: RecognizedModel): AppError {
  const [, , height, width] = recognized.shapes.fixed(recognized.image?.name ?? '') ?? [];
  const odd = [width, height].some((side) => side !== undefined && side % 32 !== 0);
  const size = odd ? ` Its input is ${String(width)}×${String(height)} pixels; YOLO heads need multiples of 32.` : '';
  return new AppError({
    code: 'HEAD_UNKNOWN',
    message: `No known head was found in this model, so its outputs cannot be chosen automatically.${size}`,
    hint: 'Choose them by hand: `maixcam cut FILE -o OUT --outputs NAME,NAME`, or `outputs: [NAME, …]` in the recipe.',
  });
}

function shapeText(shape: Shape): string {
  return shape.map((dimension) => dimension ?? '?').join('×');
}
