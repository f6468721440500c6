import type { ByteSource } from '../../ports';
import type { OnnxModel, OnnxNode, TensorInfo } from '../model';
import { readFloats } from '../shapes/constants';
import type { ShapeTable } from '../shapes/infer';
import { attributeInts } from '../shapes/node-view';
import type { GraphIndex } from './graph-index';
import type { AnchorHead } from './head';

export type AnchorStructure = Pick<
  AnchorHead,
  'task' | 'classes' | 'embeddedNms' | 'levels' | 'anchorsPerLevel' | 'anchorSizes'
>;

/** Numbers per anchor beside the classes: x, y, width, height, objectness. */
const BOX_NUMBERS = 5;

/** Nodes between the reshaped map and its anchor constant; further away lies another level. */
const DECODE_NODES = 24;

interface Level {
  readonly map: string;
  readonly reshaped: string;
  readonly anchors: number;
  readonly numbers: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Finds the head of YOLOv5 and its like: maps that are reshaped to [1, anchors, numbers, height, width] and transposed
 * so that the numbers come last.
 */
export function findAnchors(
  model: OnnxModel,
  source: ByteSource,
  index: GraphIndex,
  shapes: ShapeTable,
): AnchorStructure | null {
  const levels = model.graph.nodes
    .map((node) => levelOf(node, index, shapes))
    .filter((level) => level !== null)
    .sort((a, b) => b.height * b.width - a.height * a.width);
  const [first] = levels;
  if (first === undefined || levels.length < 2) return null;
  if (levels.some((level) => level.anchors !== first.anchors || level.numbers !== first.numbers)) return null;
  const prototype = model.graph.outputs.map((output) => shapes.fixed(output.name)).find((shape) => shape?.length === 4);
  const masks = prototype?.[1] ?? 0;
  const classes = first.numbers - BOX_NUMBERS - masks;
  if (classes < 1) return null;
  const sizes = levels.flatMap((level) => anchorSizes(model, source, index, shapes, level) ?? [NaN]);
  return {
    task: prototype === undefined ? 'detect' : 'segment',
    classes,
    embeddedNms: model.graph.nodes.some((node) => /NonMaxSuppression|NMS/i.test(node.opType)),
    levels: levels.map(({ map, height, width }) => ({ map, height, width })),
    anchorsPerLevel: first.anchors,
    anchorSizes: sizes.some(Number.isNaN) ? null : sizes,
  };
}

function levelOf(node: OnnxNode, index: GraphIndex, shapes: ShapeTable): Level | null {
  if (node.opType !== 'Reshape') return null;
  const [map = ''] = node.inputs;
  const [reshaped = ''] = node.outputs;
  const from = shapes.fixed(map);
  const to = shapes.fixed(reshaped);
  if (from?.length !== 4 || to?.length !== 5) return null;
  const [, anchors = 0, numbers = 0, height = 0, width = 0] = to;
  if (from[1] !== anchors * numbers || from[2] !== height || from[3] !== width || numbers <= BOX_NUMBERS) return null;
  const turned = index
    .consumers(reshaped)
    .some((taker) => taker.opType === 'Transpose' && attributeInts(taker, 'perm')?.join() === '0,1,3,4,2');
  return turned ? { map, reshaped, anchors, numbers, height, width } : null;
}

/** The anchors of one level, from the constant [1, anchors, height or 1, width or 1, 2] that sizes are multiplied by. */
function anchorSizes(
  model: OnnxModel,
  source: ByteSource,
  index: GraphIndex,
  shapes: ShapeTable,
  level: Level,
): readonly number[] | null {
  let sizes: readonly number[] | null = null;
  let visited = 0;
  index.descendants(level.reshaped, (node) => {
    visited += 1;
    if (sizes !== null || visited > DECODE_NODES) return false;
    if (node.opType === 'Mul') {
      for (const input of node.inputs) sizes ??= anchorConstant(model, source, index, shapes, input, level.anchors);
    }
    return node.opType !== 'Concat';
  });
  return sizes;
}

function anchorConstant(
  model: OnnxModel,
  source: ByteSource,
  index: GraphIndex,
  shapes: ShapeTable,
  name: string,
  anchors: number,
): readonly number[] | null {
  const shape = shapes.fixed(name);
  if (shape?.length !== 5 || shape[0] !== 1 || shape[1] !== anchors || shape[4] !== 2) return null;
  const tensor = constantTensor(model, index, name);
  if (tensor === null) return null;
  const step = (shape[2] ?? 1) * (shape[3] ?? 1) * 2;
  const sizes: number[] = [];
  for (let anchor = 0; anchor < anchors; anchor += 1) {
    const pair = readFloats(source, tensor, anchor * step, 2);
    if (pair === null) return null;
    sizes.push(...pair);
  }
  return sizes;
}

function constantTensor(model: OnnxModel, index: GraphIndex, name: string): TensorInfo | null {
  const weight = model.graph.initializers.get(name);
  if (weight !== undefined) return weight;
  const held = index.producer(name)?.attributes.get('value');
  return held?.kind === 'tensor' ? held.value : null;
}
