import type { ShapeTable } from '../shapes/infer';
import { attributeInt } from '../shapes/node-view';
import { VIEWS, type GraphIndex } from './graph-index';

/** A tensor [1, channels, anchors] that flattens the maps of all levels and puts them one after the other. */
export interface Join {
  readonly tensor: string;
  readonly channels: number;
  readonly anchors: number;
  readonly levels: readonly JoinLevel[];
}

export interface JoinLevel {
  /** The 4-D map that was flattened. */
  readonly map: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Finds every join of levels, by shapes alone; keyed by the joined tensor. */
export function findJoins(index: GraphIndex, shapes: ShapeTable): ReadonlyMap<string, Join> {
  const joins = new Map<string, Join>();
  for (const node of index.graph.nodes) {
    if (node.opType !== 'Concat' || node.inputs.length < 2) continue;
    const [tensor = ''] = node.outputs;
    const shape = shapes.fixed(tensor);
    const axis = attributeInt(node, 'axis');
    if (shape?.length !== 3 || (axis !== 2 && axis !== -1)) continue;
    const [, channels = 0, anchors = 0] = shape;
    const levels: JoinLevel[] = [];
    for (const input of node.inputs) {
      const level = flattened(index, shapes, input);
      if (level?.channels !== channels) break;
      levels.push(level);
    }
    if (levels.length === node.inputs.length) joins.set(tensor, { tensor, channels, anchors, levels });
  }
  return joins;
}

function flattened(index: GraphIndex, shapes: ShapeTable, tensor: string): JoinLevel | null {
  const cells = shapes.fixed(tensor)?.[2];
  for (const map of index.chain(tensor, VIEWS)) {
    const shape = shapes.fixed(map);
    if (shape?.length !== 4) continue;
    const [, channels = 0, height = 0, width = 0] = shape;
    return height * width === cells ? { map, channels, height, width } : null;
  }
  return null;
}

/** The tensors that were joined along the channels to make a map; the map itself where it was not joined. */
export function channelParts(index: GraphIndex, map: string): readonly string[] {
  const [source = map] = index.chain(map, new Set(['Identity'])).slice(-1);
  const node = index.producer(source);
  return node?.opType === 'Concat' && attributeInt(node, 'axis') === 1 ? node.inputs : [map];
}
