import type { OnnxModel } from '../model';
import type { ShapeTable } from '../shapes/infer';
import type { GraphIndex } from './graph-index';

/** The layers that end a classifier. */
const LINEAR: ReadonlySet<string> = new Set(['Gemm', 'MatMul', 'Add']);

const POOLING: ReadonlySet<string> = new Set([
  'GlobalAveragePool',
  'AveragePool',
  'ReduceMean',
  'GlobalMaxPool',
  'Flatten',
]);

/**
 * Finds the end of a classifier: one output [1, classes] from a linear layer behind a pooled feature map, with or
 * without a softmax. The board applies its own softmax, so it wants the tensor before (conversion.md 1.5).
 */
export function findClassifier(
  model: OnnxModel,
  index: GraphIndex,
  shapes: ShapeTable,
): { readonly logits: string; readonly classes: number } | null {
  const flat = model.graph.outputs.filter((output) => shapes.of(output.name)?.length === 2);
  const [output] = flat;
  if (output === undefined || flat.length !== model.graph.outputs.length) return null;
  const last = index.producer(output.name);
  const logits = last?.opType === 'Softmax' ? (last.inputs[0] ?? '') : output.name;
  const classes = shapes.of(logits)?.[1];
  const linear = index.producer(logits);
  if (typeof classes !== 'number' || classes < 1 || linear === null || !LINEAR.has(linear.opType)) return null;
  const pools: string[] = [];
  index.ancestors(logits, (node) => {
    if (POOLING.has(node.opType)) pools.push(node.opType);
    return pools.length === 0;
  });
  return pools.length > 0 ? { logits, classes } : null;
}
