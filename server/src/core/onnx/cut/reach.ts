import { AppError } from '../../problems/app-error';
import type { OnnxGraph, OnnxNode } from '../model';

/** What a set of tensors needs to be computed. */
export interface Reach {
  /** Indices of the nodes that take part. */
  readonly nodes: ReadonlySet<number>;
  /** Names of all tensors that take part: inputs, weights and all results of the nodes, also those that nothing reads. */
  readonly tensors: ReadonlySet<string>;
}

/** Which node makes each tensor. */
export function producersOf(graph: OnnxGraph): ReadonlyMap<string, OnnxNode> {
  const producers = new Map<string, OnnxNode>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== '') producers.set(output, node);
  }
  return producers;
}

/**
 * Walks back from `wanted` to the inputs and weights. A tensor that an If, Loop or Scan body takes from outside counts
 * as an input of that node.
 *
 * @param known names that need no producer: graph inputs and weights.
 * @throws AppError `ONNX_INVALID` where a node reads a tensor that nothing makes.
 */
export function reachBack(graph: OnnxGraph, known: ReadonlySet<string>, wanted: Iterable<string>): Reach {
  const producers = producersOf(graph);
  const nodes = new Set<number>();
  const tensors = new Set<string>();
  const open = [...wanted];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (tensors.has(name)) continue;
    tensors.add(name);
    const node = producers.get(name);
    if (node === undefined || nodes.has(node.index)) continue;
    nodes.add(node.index);
    for (const input of node.inputs) {
      if (input === '') continue;
      if (!producers.has(input) && !known.has(input)) throw danglingInput(node, input);
      open.push(input);
    }
    for (const captured of capturedBy(node)) {
      if (producers.has(captured) || known.has(captured)) open.push(captured);
    }
  }
  for (const index of nodes) for (const output of graph.nodes[index]?.outputs ?? []) tensors.add(output);
  return { nodes, tensors };
}

/** Names of all tensors whose values depend on one of `inputs`. Nodes stand in topological order (onnx.proto). */
export function dependentOn(graph: OnnxGraph, inputs: Iterable<string>): ReadonlySet<string> {
  const dependent = new Set(inputs);
  for (const node of graph.nodes) {
    if (
      !node.inputs.some((name) => dependent.has(name)) &&
      ![...capturedBy(node)].some((name) => dependent.has(name))
    ) {
      continue;
    }
    for (const output of node.outputs) dependent.add(output);
  }
  return dependent;
}

/** Names that the sub-graphs of a node take from the graph around it. */
function capturedBy(node: OnnxNode): ReadonlySet<string> {
  const captured = new Set<string>();
  for (const attribute of node.attributes.values()) {
    if (attribute.kind === 'graph') captureInto(captured, attribute.value);
    else if (attribute.kind === 'graphs') for (const graph of attribute.value) captureInto(captured, graph);
  }
  return captured;
}

function captureInto(captured: Set<string>, graph: OnnxGraph): void {
  const own = new Set([...graph.inputs.map((input) => input.name), ...graph.initializers.keys()]);
  for (const node of graph.nodes) for (const output of node.outputs) own.add(output);
  const used = [
    ...graph.nodes.flatMap((node) => [...node.inputs, ...capturedBy(node)]),
    ...graph.outputs.map((output) => output.name),
  ];
  for (const name of used) if (name !== '' && !own.has(name)) captured.add(name);
}

function danglingInput(node: OnnxNode, input: string): AppError {
  return new AppError({
    code: 'ONNX_INVALID',
    message: `The node ${node.name || node.opType} reads the tensor "${input}", which nothing in the model makes.`,
    hint: 'The model is damaged or was cut wrongly before; export it again.',
  });
}
