/** Values of one tensor as they travel between the processes; row-major, `data.length` is the product of `dims`. */
export interface TensorValue {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export type TensorType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'bool';

/** float16 values are their bits in a Uint16Array. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** An input or output of a loaded model; a text in the shape is a dimension that is free. */
export interface ValueDescription {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export type EngineKind = 'native' | 'wasm';

/** onnxruntime's levels of graph optimisation; `disabled` computes the graph as it is written. */
export type Optimization = 'disabled' | 'basic' | 'extended' | 'all';

export interface LoadOptions {
  readonly optimization?: Optimization;
  /** Threads inside one operator; the runtime's own choice when absent. WebAssembly always uses one. */
  readonly threads?: number;
}

export interface LoadedModel {
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];
}

/** Parent → child. */
export type EngineRequest =
  | {
      readonly id: number;
      readonly kind: 'load';
      readonly session: number;
      readonly path: string;
      readonly options: LoadOptions;
    }
  | {
      readonly id: number;
      readonly kind: 'run';
      readonly session: number;
      readonly feeds: Readonly<Record<string, TensorValue>>;
    }
  | { readonly id: number; readonly kind: 'dispose'; readonly session: number }
  | { readonly id: number; readonly kind: 'probe' };

/** Child → parent; one for each request, in any order. */
export type EngineReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly missing: boolean };
