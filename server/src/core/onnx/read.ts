import type { ByteSource } from '../ports';
import { AppError } from '../problems/app-error';
import {
  DATA_TYPES,
  type AttributeValue,
  type DataType,
  type Dimension,
  type OnnxFunction,
  type OnnxModel,
  type OnnxNode,
  type Shape,
  type TensorInfo,
  type ValueInfo,
} from './model';
import { WireType, wireReader, type ByteRange, type WireReader } from './wire';

interface GraphParts {
  name: string;
  nodes: OnnxNode[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  initializers: Map<string, TensorInfo>;
  valueInfo: Map<string, ValueInfo>;
}

/**
 * Reads an ONNX file: graph, shapes, metadata. Weights are located, not loaded, so a model of gigabytes costs the same
 * as its graph (spec decisions.md 3, conversion.md 4.3).
 *
 * @throws AppError `ONNX_TRUNCATED`, `ONNX_INVALID`, `ONNX_NO_GRAPH`.
 */
export function readOnnx(source: ByteSource): OnnxModel {
  let irVersion = 0;
  let docString = '';
  const producer = { name: '', version: '' };
  const opsetImports: { domain: string; version: number }[] = [];
  const metadata: Record<string, string> = {};
  const functions: OnnxFunction[] = [];
  const otherFields: { field: number; range: ByteRange }[] = [];
  let graph: GraphParts | null = null;

  const reader = wireReader(source);
  while (reader.next()) {
    if (reader.wire === WireType.Bytes && reader.field !== 7) {
      otherFields.push({ field: reader.field, range: reader.range() });
    }
    switch (reader.field) {
      case 1:
        irVersion = reader.int();
        break;
      case 2:
        producer.name = reader.text();
        break;
      case 3:
        producer.version = reader.text();
        break;
      case 6:
        docString = reader.text();
        break;
      case 7:
        // Protobuf merges repeated occurrences of a message field; so does every ONNX reader.
        graph ??= emptyGraph();
        readGraphInto(graph, reader.message());
        break;
      case 8:
        opsetImports.push(readOpset(reader.message()));
        break;
      case 14: {
        const [key, value] = readKeyValue(reader.message());
        metadata[key] = value;
        break;
      }
      case 25:
        functions.push(readFunction(reader.message(), reader.range()));
        break;
    }
  }
  if (graph === null) {
    throw new AppError({
      code: 'ONNX_NO_GRAPH',
      message: 'The file holds no graph: it is not an ONNX model.',
      hint: 'Export the model to ONNX again.',
    });
  }
  const standard = opsetImports.find((entry) => entry.domain === '' || entry.domain === 'ai.onnx');
  return {
    irVersion,
    opset: standard?.version ?? 0,
    opsetImports,
    producer,
    docString,
    metadata,
    graph,
    functions,
    otherFields,
  };
}

function emptyGraph(): GraphParts {
  return { name: '', nodes: [], inputs: [], outputs: [], initializers: new Map(), valueInfo: new Map() };
}

function readGraphInto(graph: GraphParts, reader: WireReader): void {
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        graph.nodes.push(readNode(reader.message(), reader.range(), graph.nodes.length));
        break;
      case 2:
        graph.name = reader.text();
        break;
      case 5: {
        const tensor = readTensor(reader.message(), reader.range());
        graph.initializers.set(tensor.name, tensor);
        break;
      }
      case 11:
        graph.inputs.push(readValueInfo(reader.message(), reader.range()));
        break;
      case 12:
        graph.outputs.push(readValueInfo(reader.message(), reader.range()));
        break;
      case 13: {
        const value = readValueInfo(reader.message(), reader.range());
        graph.valueInfo.set(value.name, value);
        break;
      }
    }
  }
}

function readNode(reader: WireReader, range: ByteRange, index: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeValue>();
  let name = '';
  let opType = '';
  let domain = '';
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        inputs.push(reader.text());
        break;
      case 2:
        outputs.push(reader.text());
        break;
      case 3:
        name = reader.text();
        break;
      case 4:
        opType = reader.text();
        break;
      case 5: {
        const attribute = readAttribute(reader.message());
        attributes.set(attribute.name, attribute.value);
        break;
      }
      case 7:
        domain = reader.text();
        break;
    }
  }
  return { index, name, opType, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes, range };
}

/** AttributeProto.AttributeType numbers (onnx.proto). */
const AttributeType = {
  Float: 1,
  Int: 2,
  String: 3,
  Tensor: 4,
  Graph: 5,
  Floats: 6,
  Ints: 7,
  Strings: 8,
  Tensors: 9,
  Graphs: 10,
} as const;

function readAttribute(reader: WireReader): { name: string; value: AttributeValue } {
  let name = '';
  let type = 0;
  let float = 0;
  let int = 0;
  let text = '';
  let tensor: TensorInfo | null = null;
  let graph: GraphParts | null = null;
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  const tensors: TensorInfo[] = [];
  const graphs: GraphParts[] = [];
  // Files of IR version 1-2 carry no `type`: it follows from the field that is filled.
  let seen = 0;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        name = reader.text();
        break;
      case 2:
        float = reader.float();
        seen = AttributeType.Float;
        break;
      case 3:
        int = reader.int();
        seen = AttributeType.Int;
        break;
      case 4:
        text = reader.text();
        seen = AttributeType.String;
        break;
      case 5:
        tensor = readTensor(reader.message(), reader.range());
        seen = AttributeType.Tensor;
        break;
      case 6:
        graph = emptyGraph();
        readGraphInto(graph, reader.message());
        seen = AttributeType.Graph;
        break;
      case 7:
        reader.floatsInto(floats);
        seen = AttributeType.Floats;
        break;
      case 8:
        reader.intsInto(ints);
        seen = AttributeType.Ints;
        break;
      case 9:
        strings.push(reader.text());
        seen = AttributeType.Strings;
        break;
      case 10:
        tensors.push(readTensor(reader.message(), reader.range()));
        seen = AttributeType.Tensors;
        break;
      case 11: {
        const inner = emptyGraph();
        readGraphInto(inner, reader.message());
        graphs.push(inner);
        seen = AttributeType.Graphs;
        break;
      }
      case 20:
        type = reader.int();
        break;
    }
  }
  return { name, value: attributeValue(type === 0 ? seen : type) };

  function attributeValue(kind: number): AttributeValue {
    switch (kind) {
      case AttributeType.Float:
        return { kind: 'float', value: float };
      case AttributeType.Int:
        return { kind: 'int', value: int };
      case AttributeType.String:
        return { kind: 'string', value: text };
      case AttributeType.Tensor:
        return tensor === null ? { kind: 'other' } : { kind: 'tensor', value: tensor };
      case AttributeType.Graph:
        return graph === null ? { kind: 'other' } : { kind: 'graph', value: graph };
      case AttributeType.Floats:
        return { kind: 'floats', value: floats };
      case AttributeType.Ints:
        return { kind: 'ints', value: ints };
      case AttributeType.Strings:
        return { kind: 'strings', value: strings };
      case AttributeType.Tensors:
        return { kind: 'tensors', value: tensors };
      case AttributeType.Graphs:
        return { kind: 'graphs', value: graphs };
      default:
        return { kind: 'other' };
    }
  }
}

function readTensor(reader: WireReader, range: ByteRange): TensorInfo {
  const dims: number[] = [];
  let name = '';
  let type: DataType = 'undefined';
  let raw: ByteRange | null = null;
  let external: Map<string, string> | null = null;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        reader.intsInto(dims);
        break;
      case 2:
        type = dataType(reader.int());
        break;
      case 8:
        name = reader.text();
        break;
      case 9:
        raw = reader.range();
        break;
      case 13: {
        const [key, value] = readKeyValue(reader.message());
        external ??= new Map<string, string>();
        external.set(key, value);
        break;
      }
    }
  }
  return { name, type, dims, range, raw, external };
}

function readValueInfo(reader: WireReader, range: ByteRange): ValueInfo {
  let name = '';
  let type: DataType = 'undefined';
  let shape: Shape | null = null;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) {
      const typeReader = reader.message();
      while (typeReader.next()) {
        if (typeReader.field !== 1) continue;
        const tensorReader = typeReader.message();
        while (tensorReader.next()) {
          if (tensorReader.field === 1) type = dataType(tensorReader.int());
          else if (tensorReader.field === 2) shape = readShape(tensorReader.message());
        }
      }
    }
  }
  return { name, type, shape, range };
}

function readShape(reader: WireReader): Shape {
  const dims: Dimension[] = [];
  while (reader.next()) {
    if (reader.field !== 1) continue;
    const dimReader = reader.message();
    let dim: Dimension = null;
    while (dimReader.next()) {
      if (dimReader.field === 1) dim = dimReader.int();
      else if (dimReader.field === 2) dim = dimReader.text() || null;
    }
    dims.push(dim);
  }
  return dims;
}

function readOpset(reader: WireReader): { domain: string; version: number } {
  let domain = '';
  let version = 0;
  while (reader.next()) {
    if (reader.field === 1) domain = reader.text();
    else if (reader.field === 2) version = reader.int();
  }
  return { domain, version };
}

function readKeyValue(reader: WireReader): [string, string] {
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) key = reader.text();
    else if (reader.field === 2) value = reader.text();
  }
  return [key, value];
}

/** FunctionProto: name 1, node 7, domain 10. */
function readFunction(reader: WireReader, range: ByteRange): OnnxFunction {
  let name = '';
  let domain = '';
  let nodes = 0;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 7) nodes += 1;
    else if (reader.field === 10) domain = reader.text();
  }
  return { name, domain, nodes, range };
}

function dataType(number: number): DataType {
  return DATA_TYPES[number] ?? 'undefined';
}

/** More values than this are weights, not the parameters of an operator. */
const MAX_CONSTANT_ELEMENTS = 4096;

/**
 * The integers of a small constant (a Reshape's target, Slice's limits); null for anything else: floats, weights,
 * values outside the file.
 */
export function readIntegers(source: ByteSource, tensor: TensorInfo): readonly number[] | null {
  const elements = tensor.dims.reduce((product, dim) => product * dim, 1);
  if (elements > MAX_CONSTANT_ELEMENTS || tensor.external !== null) return null;
  if (tensor.type !== 'int64' && tensor.type !== 'int32') return null;
  if (tensor.raw !== null) {
    const bytes = source.read(tensor.raw.offset, tensor.raw.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const width = tensor.type === 'int64' ? 8 : 4;
    const values: number[] = [];
    for (let at = 0; at + width <= bytes.length; at += width) {
      values.push(width === 8 ? Number(view.getBigInt64(at, true)) : view.getInt32(at, true));
    }
    return values;
  }
  const values: number[] = [];
  const bytes = source.read(tensor.range.offset, tensor.range.length);
  const reader = wireReader({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) });
  while (reader.next()) {
    if (reader.field === 5 || reader.field === 7) reader.intsInto(values);
  }
  return values.length === elements ? values : null;
}
