import { attributeInt, attributeInts, type NodeView } from './node-view';
import type { ConstantValue } from './constants';

/** Results longer than this describe data, not shapes. */
const MAX_ELEMENTS = 256;

type Fold = (view: NodeView) => ConstantValue | null;

/**
 * Computes the value of a node whose inputs are small and known: the chains of Shape, Gather, Concat … that exporters
 * write for sizes that are not fixed. Null where the value depends on data.
 */
export function foldConstant(view: NodeView): ConstantValue | null {
  const result = FOLDS.get(view.node.opType)?.(view) ?? null;
  return result !== null && result.data.length <= MAX_ELEMENTS ? result : null;
}

function vector(data: readonly number[], float = false): ConstantValue {
  return { dims: [data.length], data, float };
}

const fold: Record<string, Fold> = {
  Shape: (view) => {
    const shape = view.shape(0);
    if (!shape?.every((dimension) => typeof dimension === 'number')) return null;
    const end = attributeInt(view.node, 'end') ?? shape.length;
    return vector(shape.slice(attributeInt(view.node, 'start') ?? 0, end));
  },
  Gather: (view) => {
    const from = view.value(0);
    const at = view.value(1);
    if (from === null || at === null || from.dims.length !== 1) return null;
    const data = at.data.map((index) => from.data.at(index));
    return data.every((entry) => entry !== undefined) ? { dims: at.dims, data, float: from.float } : null;
  },
  Concat: (view) => {
    const parts = view.node.inputs.map((_, index) => view.value(index));
    if (!parts.every((part) => part?.dims.length === 1)) return null;
    return vector(
      parts.flatMap((part) => part?.data ?? []),
      parts.some((part) => part?.float),
    );
  },
  Slice: (view) => {
    const from = view.value(0);
    const starts = view.value(1)?.data ?? attributeInts(view.node, 'starts');
    const ends = view.value(2)?.data ?? attributeInts(view.node, 'ends');
    if (from?.dims.length !== 1 || starts?.length !== 1 || ends?.length !== 1) return null;
    if ((view.value(4)?.data[0] ?? 1) !== 1) return null;
    return vector(from.data.slice(starts[0], ends[0]), from.float);
  },
  Identity: (view) => view.value(0),
  Unsqueeze: (view) => flat(view.value(0)),
  Squeeze: (view) => {
    const from = view.value(0);
    return from?.data.length === 1 ? { ...from, dims: [] } : null;
  },
  Reshape: (view) => flat(view.value(0)),
  Cast: (view) => {
    const from = view.value(0);
    const to = attributeInt(view.node, 'to');
    if (from === null || to === null) return null;
    // TensorProto.DataType: float 1, float16 10, double 11; the rest that shapes pass through are integers.
    const float = to === 1 || to === 10 || to === 11;
    return { dims: from.dims, data: float ? from.data : from.data.map(Math.trunc), float };
  },
  Floor: (view) => mapped(view.value(0), Math.floor),
  Ceil: (view) => mapped(view.value(0), Math.ceil),
  Neg: (view) => mapped(view.value(0), (entry) => -entry),
  Add: (view) => pairwise(view, (a, b) => a + b),
  Sub: (view) => pairwise(view, (a, b) => a - b),
  Mul: (view) => pairwise(view, (a, b) => a * b),
  Div: (view) => pairwise(view, (a, b, float) => (float ? a / b : Math.trunc(a / b))),
  Mod: (view) => pairwise(view, (a, b) => a - b * Math.floor(a / b)),
  Equal: (view) => pairwise(view, (a, b) => (a === b ? 1 : 0)),
  Where: (view) => {
    const [condition, yes, no] = [view.value(0), view.value(1), view.value(2)];
    if (condition === null || yes === null || no === null) return null;
    const data = condition.data.map((entry, at) => {
      const from = entry === 0 ? no : yes;
      return from.data[from.data.length === 1 ? 0 : at];
    });
    return data.every((entry) => entry !== undefined) ? { dims: condition.dims, data, float: yes.float } : null;
  },
  ConstantOfShape: (view) => {
    const dims = view.value(0)?.data;
    if (dims === undefined) return null;
    const attribute = view.node.attributes.get('value');
    const filler = attribute?.kind === 'tensor' ? view.tensorValue(attribute.value) : null;
    if (attribute !== undefined && filler === null) return null;
    const elements = dims.reduce((product, dimension) => product * dimension, 1);
    if (!(elements >= 0 && elements <= MAX_ELEMENTS)) return null;
    const data = Array.from({ length: elements }, () => filler?.data[0] ?? 0);
    return { dims, data, float: filler?.float ?? true };
  },
  Range: (view) => {
    const [start, limit, delta] = [view.value(0), view.value(1), view.value(2)];
    const length = rangeLength(start, limit, delta);
    if (start === null || delta === null || length === null || length > MAX_ELEMENTS) return null;
    const from = start.data[0] ?? 0;
    const step = delta.data[0] ?? 0;
    return vector(
      Array.from({ length }, (_, at) => from + at * step),
      start.float,
    );
  },
  ReduceProd: (view) => {
    const from = view.value(0);
    return from === null
      ? null
      : { ...from, dims: [], data: [from.data.reduce((product, entry) => product * entry, 1)] };
  },
};

const FOLDS: ReadonlyMap<string, Fold> = new Map(Object.entries(fold));

/** Number of elements of a Range with known limits. */
export function rangeLength(
  start: ConstantValue | null,
  limit: ConstantValue | null,
  delta: ConstantValue | null,
): number | null {
  const [from, to, step] = [start?.data[0], limit?.data[0], delta?.data[0]];
  if (from === undefined || to === undefined || step === undefined || step === 0) return null;
  return Math.max(0, Math.ceil((to - from) / step));
}

function flat(value: ConstantValue | null): ConstantValue | null {
  return value === null ? null : { ...value, dims: [value.data.length] };
}

function mapped(value: ConstantValue | null, change: (entry: number) => number): ConstantValue | null {
  return value === null ? null : { ...value, data: value.data.map(change) };
}

function pairwise(view: NodeView, operation: (a: number, b: number, float: boolean) => number): ConstantValue | null {
  const a = view.value(0);
  const b = a === null ? null : view.value(1);
  if (a === null || b === null) return null;
  const longer = a.data.length >= b.data.length ? a : b;
  if (a.data.length !== b.data.length && a.data.length !== 1 && b.data.length !== 1) return null;
  const float = a.float || b.float;
  const data = longer.data.map((_, at) => {
    const left = a.data[a.data.length === 1 ? 0 : at] ?? 0;
    const right = b.data[b.data.length === 1 ? 0 : at] ?? 0;
    return operation(left, right, float);
  });
  return { dims: longer.dims, data, float };
}
