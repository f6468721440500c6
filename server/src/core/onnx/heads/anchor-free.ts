import type { OnnxModel, OnnxNode } from '../model';
import type { ShapeTable } from '../shapes/infer';
import { attributeInt } from '../shapes/node-view';
import { PARTS, VIEWS, type GraphIndex } from './graph-index';
import type { AnchorFreeHead, Era, HeadExtra, HeadLevel } from './head';
import { channelParts, findJoins, type Join } from './joins';

/** What the graph alone says of an anchor-free head; the family is judged from the whole model. */
export type AnchorFreeStructure = Pick<
  AnchorFreeHead,
  'task' | 'classes' | 'endToEnd' | 'embeddedNms' | 'regMax' | 'levels' | 'anchors' | 'distances' | 'scores' | 'extra'
> & { readonly era: Extract<Era, 'ultralytics-8.3' | 'ultralytics-8.4'> };

/** The last tensor of the head: boxes, scores and what the task adds, joined along the channels. */
interface Prediction {
  readonly tensor: string;
  readonly box: string;
  readonly scores: string;
  readonly extra: string | null;
  readonly scoreJoin: Join;
}

/**
 * Finds the head of YOLOv5u, v8 to 12 and 26 by its structure: maps of three levels are flattened and joined, scores
 * pass a sigmoid, boxes a distribution (or not), and both meet in one tensor. Names play no part, except that
 * `one2one` in them marks the one-to-one branch of a graph that was cut behind it.
 *
 * Source: conversion.md 6.2 and 6.4; graphs exported by Ultralytics 8.3.240 and 8.4.190.
 */
export function findAnchorFree(model: OnnxModel, index: GraphIndex, shapes: ShapeTable): AnchorFreeStructure | null {
  const joins = findJoins(index, shapes);
  if (joins.size === 0) return null;
  const predictions = index.graph.nodes
    .map((node) => predictionOf(node, index, shapes, joins))
    .filter((prediction) => prediction !== null);
  for (const prediction of predictions.reverse()) {
    const head = structureOf(model, index, shapes, joins, prediction);
    if (head !== null) return head;
  }
  return null;
}

function predictionOf(
  node: OnnxNode,
  index: GraphIndex,
  shapes: ShapeTable,
  joins: ReadonlyMap<string, Join>,
): Prediction | null {
  const axis = attributeInt(node, 'axis');
  if (node.opType !== 'Concat' || (axis !== 1 && axis !== -2)) return null;
  const [box = '', scores = '', third] = node.inputs;
  const [tensor = ''] = node.outputs;
  if (node.inputs.length < 2 || node.inputs.length > 3) return null;
  const boxShape = shapes.fixed(box);
  if (boxShape?.length !== 3 || boxShape[1] !== 4 || shapes.fixed(scores)?.[2] !== boxShape[2]) return null;
  const sigmoid = index.producer(index.chain(scores, VIEWS).at(-1) ?? '');
  if (sigmoid?.opType !== 'Sigmoid') return null;
  const scoreJoin = joinBehind(index, joins, sigmoid.inputs[0] ?? '');
  if (scoreJoin === null) return null;
  if (third !== undefined) return { tensor, box, scores, extra: third, scoreJoin };
  // Releases before 8.4 join the extra branch in a Concat of its own, unless a simplifier has merged the two.
  const outer = index.consumers(tensor).find((taker) => {
    const around = attributeInt(taker, 'axis');
    return taker.opType === 'Concat' && taker.inputs.length === 2 && taker.inputs[0] === tensor && around === 1;
  });
  if (outer !== undefined) {
    return { tensor: outer.outputs[0] ?? '', box, scores, extra: outer.inputs[1] ?? null, scoreJoin };
  }
  return { tensor, box, scores, extra: null, scoreJoin };
}

function joinBehind(index: GraphIndex, joins: ReadonlyMap<string, Join>, tensor: string): Join | null {
  for (const seen of index.chain(tensor, PARTS)) {
    const join = joins.get(seen);
    if (join !== undefined) return join;
  }
  return null;
}

/** The joins that a tensor is computed from, and the nodes in between. */
function joinsBefore(index: GraphIndex, joins: ReadonlyMap<string, Join>, tensor: string): [Set<Join>, OnnxNode[]] {
  const found = new Set<Join>();
  const between: OnnxNode[] = [];
  index.ancestors(tensor, (node) => {
    const join = joins.get(node.outputs[0] ?? '');
    if (join !== undefined) {
      found.add(join);
      return false;
    }
    between.push(node);
    return true;
  });
  return [found, between];
}

function structureOf(
  model: OnnxModel,
  index: GraphIndex,
  shapes: ShapeTable,
  joins: ReadonlyMap<string, Join>,
  prediction: Prediction,
): AnchorFreeStructure | null {
  const { scoreJoin } = prediction;
  const classes = shapes.fixed(prediction.scores)?.[1];
  if (classes === undefined || classes < 1) return null;

  const [boxJoins, boxNodes] = joinsBefore(index, joins, prediction.box);
  const [extraJoins, extraNodes] =
    prediction.extra === null ? [new Set<Join>(), []] : joinsBefore(index, joins, prediction.extra);
  // Oriented boxes are turned by the angle, so its join is before the box too.
  const boxJoin = [...boxJoins].find((join) => !extraJoins.has(join) || join === scoreJoin);
  const extraJoin = [...extraJoins].find((join) => join !== scoreJoin && join !== boxJoin) ?? null;
  if (boxJoin?.levels.length !== scoreJoin.levels.length) return null;
  if (prediction.extra !== null && extraJoin === null) return null;

  const together = boxJoin === scoreJoin;
  const boxChannels = together ? scoreJoin.channels - classes : boxJoin.channels;
  if (boxChannels < 4 || boxChannels % 4 !== 0) return null;
  if (!together && scoreJoin.channels !== classes) return null;

  const levels: HeadLevel[] = [];
  for (const [at, scoreLevel] of scoreJoin.levels.entries()) {
    const { height, width } = scoreLevel;
    const extra = extraJoin?.levels[at]?.map ?? null;
    if (!together) {
      const box = boxJoin.levels[at];
      if (box?.height !== height || box.width !== width) return null;
      levels.push({ height, width, box: box.map, score: scoreLevel.map, map: null, extra });
      continue;
    }
    const [box, score, ...rest] = channelParts(index, scoreLevel.map);
    if (box === undefined || score === undefined || rest.length > 0) return null;
    levels.push({ height, width, box, score, map: scoreLevel.map, extra });
  }

  const turned = boxNodes.some((node) => node.opType === 'Cos' || node.opType === 'Sin');
  const extra = extraJoin === null ? null : extraOf(model, index, shapes, extraJoin, prediction, turned, extraNodes);
  if (extraJoin !== null && extra === null) return null;

  const distribution = boxNodes.find((node) => isExpectation(node, shapes, boxChannels / 4));
  const ends = after(index, prediction.tensor);
  const named = levels.every((level) => level.box.includes('one2one'));
  return {
    task: extra === null ? 'detect' : TASK_OF_EXTRA[extra.kind],
    classes,
    era: together ? 'ultralytics-8.3' : 'ultralytics-8.4',
    endToEnd: named || (ends.topK && !ends.nms),
    embeddedNms: ends.nms,
    regMax: boxChannels / 4,
    levels,
    anchors: scoreJoin.anchors,
    distances: distribution?.outputs[0] ?? null,
    scores: prediction.scores,
    extra,
  };
}

const TASK_OF_EXTRA = { keypoint: 'pose', mask: 'segment', angle: 'obb' } as const;

/** The convolution with weight [1, bins, 1, 1] behind a softmax: the expectation over the box distribution. */
function isExpectation(node: OnnxNode, shapes: ShapeTable, bins: number): boolean {
  if (node.opType !== 'Conv' || bins < 2) return false;
  return shapes.fixed(node.inputs[1] ?? '')?.join() === `1,${bins},1,1`;
}

function after(index: GraphIndex, tensor: string): { readonly topK: boolean; readonly nms: boolean } {
  let topK = false;
  let nms = false;
  index.descendants(tensor, (node) => {
    topK ||= node.opType === 'TopK';
    nms ||= /NonMaxSuppression|NMS/i.test(node.opType);
    return true;
  });
  return { topK, nms };
}

function extraOf(
  model: OnnxModel,
  index: GraphIndex,
  shapes: ShapeTable,
  join: Join,
  prediction: Prediction,
  turned: boolean,
  between: readonly OnnxNode[],
): HeadExtra | null {
  if (turned && join.channels === 1) {
    const sigmoid = index.consumers(join.tensor).find((node) => node.opType === 'Sigmoid');
    return { kind: 'angle', tensor: join.tensor, sigmoid: sigmoid?.outputs[0] ?? null };
  }
  const untouched = joinBehind(index, new Map([[join.tensor, join]]), prediction.extra ?? '') !== null;
  const prototype = model.graph.outputs.find((output) => {
    const shape = shapes.fixed(output.name);
    return shape?.length === 4 && shape[1] === join.channels;
  });
  if (untouched && prototype !== undefined) {
    return { kind: 'mask', tensor: join.tensor, channels: join.channels, prototype: prototype.name };
  }
  if (untouched) return null;
  const dimensions = keypointDimensions(model, index, shapes, join, between);
  if (join.channels % dimensions !== 0) return null;
  return { kind: 'keypoint', tensor: join.tensor, points: join.channels / dimensions, dimensions };
}

/** Numbers per keypoint: the graph splits them ([1, K, d, anchors]), else metadata, else whether a sigmoid is left. */
function keypointDimensions(
  model: OnnxModel,
  index: GraphIndex,
  shapes: ShapeTable,
  join: Join,
  between: readonly OnnxNode[],
): number {
  for (const node of index.consumers(join.tensor)) {
    const shape = node.opType === 'Reshape' ? shapes.fixed(node.outputs[0] ?? '') : null;
    const dimensions = shape?.[2] ?? 0;
    if (shape?.length === 4 && (dimensions === 2 || dimensions === 3)) return dimensions;
  }
  const [points, dimensions] = (model.metadata.kpt_shape?.match(/\d+/g) ?? []).map(Number);
  if (points !== undefined && dimensions !== undefined && points * dimensions === join.channels) return dimensions;
  return between.some((node) => node.opType === 'Sigmoid') ? 3 : 2;
}
