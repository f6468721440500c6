import { DATA_TYPES, type DataType, type OnnxGraph, type OnnxNode } from '../model';
import { producersOf } from './reach';

/** Standard operators whose result has a type of its own (onnx Operators.md). */
const FIXED: Readonly<Record<string, DataType>> = {
  Shape: 'int64',
  Size: 'int64',
  NonZero: 'int64',
  ArgMax: 'int64',
  ArgMin: 'int64',
  NonMaxSuppression: 'int64',
  Equal: 'bool',
  Less: 'bool',
  LessOrEqual: 'bool',
  Greater: 'bool',
  GreaterOrEqual: 'bool',
  And: 'bool',
  Or: 'bool',
  Xor: 'bool',
  Not: 'bool',
  IsNaN: 'bool',
  IsInf: 'bool',
};

/** The input that gives its type to the result, where it is not the first one. */
const TYPE_FROM_INPUT: Readonly<Record<string, number>> = {
  Where: 1,
  OneHot: 2,
  DequantizeLinear: 1,
  QuantizeLinear: 2,
};

/**
 * The element type of a tensor: declared in the file, or followed back through the operators. `undefined` where an
 * operator is not a standard one.
 */
export function elementType(graph: OnnxGraph, tensor: string): DataType {
  const producers = producersOf(graph);
  const inputs = new Map(graph.inputs.map((input) => [input.name, input.type]));
  const outputs = new Map(graph.outputs.map((output) => [output.name, output.type]));
  let name = tensor;
  // A graph has no cycles, so the way back is at most as long as the graph.
  for (let step = 0; step <= graph.nodes.length; step += 1) {
    const declared =
      graph.valueInfo.get(name)?.type ?? graph.initializers.get(name)?.type ?? inputs.get(name) ?? outputs.get(name);
    if (declared !== undefined && declared !== 'undefined') return declared;
    const node = producers.get(name);
    if (node === undefined) return 'undefined';
    const own = ownType(node, node.outputs.indexOf(name));
    if (own !== null) return own;
    name = node.inputs[TYPE_FROM_INPUT[node.opType] ?? 0] ?? '';
  }
  return 'undefined';
}

/** Null where the type is that of an input. */
function ownType(node: OnnxNode, output: number): DataType | null {
  if (node.domain !== '') return 'undefined';
  const fixed = FIXED[node.opType];
  if (fixed !== undefined) return fixed;
  switch (node.opType) {
    case 'Cast': {
      const to = node.attributes.get('to');
      return to?.kind === 'int' ? (DATA_TYPES[to.value] ?? 'undefined') : 'undefined';
    }
    case 'Constant':
    case 'ConstantOfShape': {
      const value = node.attributes.get('value');
      if (value?.kind === 'tensor') return value.value.type;
      return node.attributes.has('value_int') || node.attributes.has('value_ints') ? 'int64' : 'float32';
    }
    case 'TopK':
    case 'MaxPool':
      return output === 1 ? 'int64' : null;
    case 'If': {
      const branch = node.attributes.get('then_branch');
      return branch?.kind === 'graph' ? (branch.value.outputs[output]?.type ?? 'undefined') : 'undefined';
    }
    case 'Loop':
    case 'Scan':
      return 'undefined';
    default:
      return null;
  }
}
