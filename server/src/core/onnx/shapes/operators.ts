import type { Dimension, Shape } from '../model';
import { rangeLength } from './fold';
import { attributeInt, attributeInts, attributeText, integersOf, type NodeView } from './node-view';

/** Output shapes of a node; null where the rule does not know. A list shorter than the outputs leaves the rest unknown. */
type Rule = (view: NodeView) => readonly (Shape | null)[] | null;

/** Shape rules by operator (ONNX operator documentation); operators that are missing here stay unknown. */
export function ruleOf(opType: string): Rule | undefined {
  return RULES.get(opType);
}

const sameAsFirst: Rule = (view) => [view.shape(0)];

const broadcast: Rule = (view) => {
  let result: Shape | null = view.shape(0);
  for (let input = 1; input < view.node.inputs.length; input += 1) result = broadcastPair(result, view.shape(input));
  return [result];
};

/** NumPy-style broadcast of two shapes. */
function broadcastPair(a: Shape | null, b: Shape | null): Shape | null {
  if (a === null || b === null) return null;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, at): Dimension => {
    const left = at < rank - a.length ? 1 : (a[at - (rank - a.length)] ?? null);
    const right = at < rank - b.length ? 1 : (b[at - (rank - b.length)] ?? null);
    if (left === 1) return right;
    if (right === 1 || left === right) return left;
    if (typeof left === 'number' && typeof right !== 'number') return left;
    if (typeof right === 'number' && typeof left !== 'number') return right;
    return null;
  });
}

function product(dimensions: Shape): number | null {
  let result = 1;
  for (const dimension of dimensions) {
    if (typeof dimension !== 'number') return null;
    result *= dimension;
  }
  return result;
}

function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function replaced(shape: Shape, axis: number, dimension: Dimension): Shape {
  return shape.map((old, at) => (at === axis ? dimension : old));
}

/** Spatial output of a convolution or pooling window. */
function windows(view: NodeView, spatial: Shape, kernel: readonly number[]): Shape {
  const strides = attributeInts(view.node, 'strides') ?? kernel.map(() => 1);
  const dilations = attributeInts(view.node, 'dilations') ?? kernel.map(() => 1);
  const pads = attributeInts(view.node, 'pads') ?? kernel.flatMap(() => [0, 0]);
  const auto = attributeText(view.node, 'auto_pad') ?? 'NOTSET';
  const round = attributeInt(view.node, 'ceil_mode') === 1 ? Math.ceil : Math.floor;
  return kernel.map((size, at): Dimension => {
    const length = spatial[at];
    const stride = strides[at] ?? 1;
    if (typeof length !== 'number') return null;
    if (auto.startsWith('SAME')) return Math.ceil(length / stride);
    const padding = auto === 'VALID' ? 0 : (pads[at] ?? 0) + (pads[at + kernel.length] ?? 0);
    return round((length + padding - ((size - 1) * (dilations[at] ?? 1) + 1)) / stride) + 1;
  });
}

const pool: Rule = (view) => {
  const shape = view.shape(0);
  const kernel = attributeInts(view.node, 'kernel_shape');
  if (shape === null || kernel?.length !== shape.length - 2) return null;
  const result = [...shape.slice(0, 2), ...windows(view, shape.slice(2), kernel)];
  return view.node.outputs.map(() => result);
};

const reduce: Rule = (view) => {
  const shape = view.shape(0);
  if (shape === null) return null;
  const keep = (attributeInt(view.node, 'keepdims') ?? 1) === 1;
  const given = integersOf(view, 'axes', 1);
  if (given === null && (view.node.inputs[1] ?? '') !== '') return null;
  const axes = new Set((given ?? shape.map((_, at) => at)).map((axis) => axisOf(axis, shape.length)));
  if (keep) return [shape.map((dimension, at) => (axes.has(at) ? 1 : dimension))];
  return [shape.filter((_, at) => !axes.has(at))];
};

const argReduce: Rule = (view) => {
  const shape = view.shape(0);
  if (shape === null) return null;
  const axis = axisOf(attributeInt(view.node, 'axis') ?? 0, shape.length);
  const keep = (attributeInt(view.node, 'keepdims') ?? 1) === 1;
  return [keep ? replaced(shape, axis, 1) : shape.filter((_, at) => at !== axis)];
};

const globalPool: Rule = (view) => {
  const shape = view.shape(0);
  return shape === null ? null : [shape.map((dimension, at) => (at < 2 ? dimension : 1))];
};

const rules: Record<string, Rule> = {
  Conv: (view) => {
    const [input, weight] = [view.shape(0), view.shape(1)];
    if (input === null || input.length < 3 || weight?.length !== input.length) return null;
    const kernel =
      attributeInts(view.node, 'kernel_shape') ?? weight.slice(2).filter((size) => typeof size === 'number');
    return [[input[0] ?? null, weight[0] ?? null, ...windows(view, input.slice(2), kernel)]];
  },
  ConvTranspose: (view) => {
    const [input, weight] = [view.shape(0), view.shape(1)];
    if (input === null || weight?.length !== input.length) return null;
    if (attributeInts(view.node, 'output_shape') !== null || attributeText(view.node, 'auto_pad') !== null) return null;
    const kernel = weight.slice(2);
    const strides = attributeInts(view.node, 'strides') ?? kernel.map(() => 1);
    const dilations = attributeInts(view.node, 'dilations') ?? kernel.map(() => 1);
    const pads = attributeInts(view.node, 'pads') ?? kernel.flatMap(() => [0, 0]);
    const extra = attributeInts(view.node, 'output_padding') ?? kernel.map(() => 0);
    const perGroup = weight[1];
    const channels = typeof perGroup === 'number' ? perGroup * (attributeInt(view.node, 'group') ?? 1) : null;
    const spatial = kernel.map((size, at): Dimension => {
      const length = input[at + 2];
      if (typeof length !== 'number' || typeof size !== 'number') return null;
      const cut = (pads[at] ?? 0) + (pads[at + kernel.length] ?? 0);
      return (length - 1) * (strides[at] ?? 1) + (extra[at] ?? 0) + (size - 1) * (dilations[at] ?? 1) + 1 - cut;
    });
    return [[input[0] ?? null, channels, ...spatial]];
  },
  Concat: (view) => {
    const shapes = view.node.inputs.map((_, index) => view.shape(index));
    const [first] = shapes;
    if (first === undefined || first === null || shapes.some((shape) => shape?.length !== first.length)) return null;
    const axis = axisOf(attributeInt(view.node, 'axis') ?? 0, first.length);
    const others = first.map((dimension, at) =>
      typeof dimension === 'number'
        ? dimension
        : (shapes.map((shape) => shape?.[at]).find((d) => typeof d === 'number') ?? dimension),
    );
    return [replaced(others, axis, sumAlong(shapes, axis))];
  },
  Split: (view) => {
    const shape = view.shape(0);
    if (shape === null) return null;
    const axis = axisOf(attributeInt(view.node, 'axis') ?? 0, shape.length);
    const sizes = integersOf(view, 'split', 1);
    if (sizes !== null) return view.node.outputs.map((_, at) => replaced(shape, axis, sizes[at] ?? null));
    if ((view.node.inputs[1] ?? '') !== '') return view.node.outputs.map(() => replaced(shape, axis, null));
    const length = shape[axis];
    const parts = attributeInt(view.node, 'num_outputs') ?? view.node.outputs.length;
    const chunk = typeof length === 'number' ? Math.ceil(length / parts) : null;
    return view.node.outputs.map((_, at) => {
      if (typeof length !== 'number' || chunk === null) return replaced(shape, axis, null);
      return replaced(shape, axis, Math.min(chunk, length - at * chunk));
    });
  },
  Slice: (view) => {
    const shape = view.shape(0);
    if (shape === null) return null;
    const starts = integersOf(view, 'starts', 1);
    const ends = integersOf(view, 'ends', 2);
    const axes = integersOf(view, 'axes', 3) ?? starts?.map((_, at) => at) ?? null;
    const steps = view.value(4)?.data ?? null;
    if (axes === null || (steps === null && (view.node.inputs[4] ?? '') !== '')) return null;
    const result: Dimension[] = [...shape];
    for (const [at, rawAxis] of axes.entries()) {
      const axis = axisOf(rawAxis, shape.length);
      result[axis] = sliceLength(shape[axis] ?? null, starts?.[at], ends?.[at], steps?.[at] ?? 1);
    }
    return [result];
  },
  Reshape: (view) => {
    const target = view.value(1)?.data ?? attributeInts(view.node, 'shape');
    const input = view.shape(0);
    if (target === null) {
      const rank = view.shape(1)?.[0];
      return typeof rank === 'number' && rank <= 8 ? [Array.from({ length: rank }, () => null)] : null;
    }
    const zeroCopies = attributeInt(view.node, 'allowzero') !== 1;
    const result: Dimension[] = target.map((size, at) => (size === 0 && zeroCopies ? (input?.[at] ?? null) : size));
    const open = result.indexOf(-1);
    if (open !== -1) {
      const total = input === null ? null : product(input);
      const rest = product(result.filter((_, at) => at !== open));
      result[open] = total === null || rest === null || rest === 0 ? null : total / rest;
    }
    return [result];
  },
  Flatten: (view) => {
    const shape = view.shape(0);
    if (shape === null) return null;
    const axis = axisOf(attributeInt(view.node, 'axis') ?? 1, shape.length);
    return [[product(shape.slice(0, axis)), product(shape.slice(axis))]];
  },
  Transpose: (view) => {
    const shape = view.shape(0);
    if (shape === null) return null;
    const order = attributeInts(view.node, 'perm') ?? shape.map((_, at) => shape.length - 1 - at);
    return [order.map((axis) => shape[axis] ?? null)];
  },
  Squeeze: (view) => {
    const shape = view.shape(0);
    const axes = integersOf(view, 'axes', 1);
    if (shape === null) return null;
    if (axes === null) return (view.node.inputs[1] ?? '') === '' ? [shape.filter((size) => size !== 1)] : null;
    const gone = new Set(axes.map((axis) => axisOf(axis, shape.length)));
    return [shape.filter((_, at) => !gone.has(at))];
  },
  Unsqueeze: (view) => {
    const shape = view.shape(0);
    const axes = integersOf(view, 'axes', 1);
    if (shape === null || axes === null) return null;
    const rank = shape.length + axes.length;
    const added = new Set(axes.map((axis) => axisOf(axis, rank)));
    const rest = [...shape];
    return [Array.from({ length: rank }, (_, at) => (added.has(at) ? 1 : (rest.shift() ?? null)))];
  },
  Resize: (view) => resized(view, view.value(3)?.data ?? null, view.value(view.opset < 11 ? 1 : 2)?.data ?? null),
  Upsample: (view) => resized(view, null, view.value(1)?.data ?? null),
  Gemm: (view) => {
    const [a, b] = [view.shape(0), view.shape(1)];
    if (a === null || b === null) return null;
    const rows = attributeInt(view.node, 'transA') === 1 ? a[1] : a[0];
    const columns = attributeInt(view.node, 'transB') === 1 ? b[0] : b[1];
    return [[rows ?? null, columns ?? null]];
  },
  MatMul: (view) => {
    const [a, b] = [view.shape(0), view.shape(1)];
    if (a === null || b === null || a.length < 2 || b.length < 2) return null;
    const batch = broadcastPair(a.slice(0, -2), b.slice(0, -2));
    return batch === null ? null : [[...batch, a.at(-2) ?? null, b.at(-1) ?? null]];
  },
  Gather: (view) => {
    const [data, indices] = [view.shape(0), view.shape(1)];
    if (data === null || indices === null) return null;
    const axis = axisOf(attributeInt(view.node, 'axis') ?? 0, data.length);
    return [[...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]];
  },
  GatherElements: (view) => [view.shape(1)],
  Expand: (view) => [broadcastPair(view.shape(0), view.value(1)?.data ?? null)],
  Tile: (view) => {
    const shape = view.shape(0);
    const repeats = view.value(1)?.data;
    if (shape === null || repeats === undefined) return null;
    return [shape.map((size, at) => (typeof size === 'number' ? size * (repeats[at] ?? 1) : null))];
  },
  Shape: (view) => [[view.shape(0)?.length ?? null]],
  ConstantOfShape: (view) => [view.value(0)?.data ?? null],
  Range: (view) => [[rangeLength(view.value(0), view.value(1), view.value(2))]],
  TopK: (view) => {
    const shape = view.shape(0);
    if (shape === null) return null;
    const kept = view.value(1)?.data[0] ?? attributeInt(view.node, 'k');
    const result = replaced(shape, axisOf(attributeInt(view.node, 'axis') ?? -1, shape.length), kept);
    return [result, result];
  },
  Pad: (view) => {
    const shape = view.shape(0);
    const pads = integersOf(view, 'pads', 1);
    if (shape === null || pads?.length !== shape.length * 2) return null;
    return [
      shape.map((size, at) =>
        typeof size === 'number' ? size + (pads[at] ?? 0) + (pads[at + shape.length] ?? 0) : null,
      ),
    ];
  },
  DepthToSpace: (view) =>
    blocks(
      view,
      (channels, block) => channels / (block * block),
      (side, block) => side * block,
    ),
  SpaceToDepth: (view) =>
    blocks(
      view,
      (channels, block) => channels * block * block,
      (side, block) => side / block,
    ),
  NonMaxSuppression: () => [[null, 3]],
  NonZero: (view) => [[view.shape(0)?.length ?? null, null]],
  ArgMax: argReduce,
  ArgMin: argReduce,
  MaxPool: pool,
  AveragePool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
};

const SAME = [
  'Sigmoid Relu LeakyRelu Tanh Erf Exp Log Sqrt Neg Abs Floor Ceil Round Clip Softmax LogSoftmax HardSigmoid HardSwish',
  'Mish Elu Selu Softplus Softsign Cast Identity Dropout BatchNormalization InstanceNormalization LayerNormalization',
  'GroupNormalization Cos Sin Not Gelu CumSum Reciprocal QuantizeLinear DequantizeLinear ScatterND ScatterElements Sign',
]
  .join(' ')
  .split(' ');
const BROADCAST =
  'Add Sub Mul Div Pow Mod Min Max Where Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor PRelu Sum';
const REDUCE = 'ReduceMax ReduceMin ReduceMean ReduceSum ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp';

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...Object.entries(rules),
  ...SAME.map((opType): [string, Rule] => [opType, sameAsFirst]),
  ...BROADCAST.split(' ').map((opType): [string, Rule] => [opType, broadcast]),
  ...REDUCE.split(' ').map((opType): [string, Rule] => [opType, reduce]),
]);

function sumAlong(shapes: readonly (Shape | null)[], axis: number): number | null {
  let sum = 0;
  for (const shape of shapes) {
    const dimension = shape?.[axis];
    if (typeof dimension !== 'number') return null;
    sum += dimension;
  }
  return sum;
}

function sliceLength(length: Dimension, start: number | undefined, end: number | undefined, step: number): Dimension {
  if (typeof length !== 'number' || start === undefined || end === undefined || step === 0) return null;
  const clamp = (index: number, low: number, high: number): number =>
    Math.min(Math.max(index < 0 ? index + length : index, low), high);
  if (step > 0) return Math.max(0, Math.ceil((clamp(end, 0, length) - clamp(start, 0, length)) / step));
  return Math.max(0, Math.ceil((clamp(end, -1, length - 1) - clamp(start, 0, length - 1)) / step));
}

function resized(
  view: NodeView,
  sizes: readonly number[] | null,
  scales: readonly number[] | null,
): readonly (Shape | null)[] | null {
  const shape = view.shape(0);
  if (shape === null) return null;
  const given = attributeInts(view.node, 'axes');
  const axes = given?.map((axis) => axisOf(axis, shape.length)) ?? shape.map((_, at) => at);
  const factor = (at: number): number | undefined => scales?.[axes.indexOf(at)];
  return [
    shape.map((size, at): Dimension => {
      if (!axes.includes(at)) return size;
      if (sizes?.length === axes.length) return sizes[axes.indexOf(at)] ?? null;
      const scale = factor(at);
      return typeof size === 'number' && scale !== undefined ? Math.floor(size * scale) : null;
    }),
  ];
}

function blocks(
  view: NodeView,
  channels: (count: number, block: number) => number,
  side: (length: number, block: number) => number,
): readonly (Shape | null)[] | null {
  const shape = view.shape(0);
  const block = attributeInt(view.node, 'blocksize');
  if (shape?.length !== 4 || block === null) return null;
  return [
    shape.map((size, at) => {
      if (at === 0 || typeof size !== 'number') return at === 0 ? size : null;
      return at === 1 ? channels(size, block) : side(size, block);
    }),
  ];
}
