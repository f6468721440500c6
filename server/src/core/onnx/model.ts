import type { ByteRange } from './wire';

/** A size, a symbol such as `batch`, or null where the file says nothing. */
export type Dimension = number | string | null;

/** Dimensions in file order; null where the rank itself is unknown. */
export type Shape = readonly Dimension[];

/** ONNX `TensorProto.DataType` names, lower case, by number (onnx.proto). */
export const DATA_TYPES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
] as const;

export type DataType = (typeof DATA_TYPES)[number];

/** A named value with its declared type. */
export interface ValueInfo {
  readonly name: string;
  readonly type: DataType;
  /** Null: the file declares no shape. */
  readonly shape: Shape | null;
  /** The ValueInfoProto in the file. */
  readonly range: ByteRange;
}

/** A weight or constant: what it is and where its bytes are, never the bytes. */
export interface TensorInfo {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  /** The TensorProto in the file. */
  readonly range: ByteRange;
  /** Where the values are: a range of `raw_data`, or null when they sit in a typed field or outside the file. */
  readonly raw: ByteRange | null;
  /** `external_data` entries (location, offset, length …) when the values are in another file. */
  readonly external: ReadonlyMap<string, string> | null;
}

export type AttributeValue =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: TensorInfo }
  | { readonly kind: 'tensors'; readonly value: readonly TensorInfo[] }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'graphs'; readonly value: readonly OnnxGraph[] }
  | { readonly kind: 'other' };

export interface OnnxNode {
  /** Position in the graph's node list. */
  readonly index: number;
  readonly name: string;
  readonly opType: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  /** Tensor names; an empty name is an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** The NodeProto in the file. */
  readonly range: ByteRange;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  /** Declared inputs, initializers with a default included (as old exporters list them). */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: ReadonlyMap<string, TensorInfo>;
  /** Shapes that the exporter stored for inner tensors. */
  readonly valueInfo: ReadonlyMap<string, ValueInfo>;
}

export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly nodes: number;
  readonly range: ByteRange;
}

export interface OnnxModel {
  readonly irVersion: number;
  /** Version of the standard operator set; 0 where the file names none. */
  readonly opset: number;
  readonly opsetImports: readonly { readonly domain: string; readonly version: number }[];
  readonly producer: { readonly name: string; readonly version: string };
  readonly docString: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  /** Fields of the ModelProto other than the graph, in file order: a cut copies them. */
  readonly otherFields: readonly { readonly field: number; readonly range: ByteRange }[];
}
