import { concatBytes, fieldHeader, varint } from '../../server/src/core/onnx/cut/encode';
import { bytesSource } from '../../server/src/core/ports';
import { WireType, wireReader } from '../../server/src/core/onnx/wire';

/** New content for a length-delimited field; null drops the field. */
type Change = (content: Uint8Array) => Uint8Array | null;
type Changes = Readonly<Record<number, Change>>;

/** Field numbers of the messages of onnx.proto that the tests change. */
const MODEL_GRAPH = 7;
const MODEL_METADATA = 14;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;

/** Copies a protobuf message field by field, with some of its fields changed. */
function rewrite(bytes: Uint8Array, changes: Changes): Uint8Array {
  const parts: Uint8Array[] = [];
  const reader = wireReader(bytesSource(bytes));
  while (reader.next()) {
    const { field, wire } = reader;
    switch (wire) {
      case WireType.Varint:
        parts.push(varint(field * 8), varint(reader.int()));
        break;
      case WireType.Bytes: {
        const { offset, length } = reader.range();
        const content = changes[field]?.(bytes.subarray(offset, offset + length));
        if (content === null) break;
        const kept = content ?? bytes.subarray(offset, offset + length);
        parts.push(fieldHeader(field, kept.length), kept);
        break;
      }
      case WireType.Fixed32: {
        const value = new Uint8Array(4);
        new DataView(value.buffer).setFloat32(0, reader.float(), true);
        parts.push(varint(field * 8 + wire), value);
        break;
      }
      default:
        throw new Error(`wire type ${wire} does not occur in the test models`);
    }
  }
  return concatBytes(parts);
}

function inGraph(model: Uint8Array, changes: Changes): Uint8Array {
  return rewrite(model, { [MODEL_GRAPH]: (graph) => rewrite(graph, changes) });
}

/** Gives every tensor and node another name. */
export function renameTensors(model: Uint8Array, rename: (name: string) => string): Uint8Array {
  const name: Change = (content) => {
    const old = new TextDecoder().decode(content);
    return old === '' ? content : new TextEncoder().encode(rename(old));
  };
  const value: Change = (content) => rewrite(content, { 1: name });
  return inGraph(model, {
    [GRAPH.node]: (node) => rewrite(node, { 1: name, 2: name, 3: name }),
    [GRAPH.initializer]: (tensor) => rewrite(tensor, { 8: name }),
    [GRAPH.input]: value,
    [GRAPH.output]: value,
    [GRAPH.valueInfo]: value,
  });
}

/** Changes the declared dimensions of the inputs; text makes a dimension symbolic. */
export function setInputShape(model: Uint8Array, shape: readonly (number | string)[]): Uint8Array {
  const encoder = new TextEncoder();
  const dims = shape.map((dimension) => {
    const content =
      typeof dimension === 'number'
        ? concatBytes([varint(8), varint(dimension)])
        : concatBytes([fieldHeader(2, dimension.length), encoder.encode(dimension)]);
    return concatBytes([fieldHeader(1, content.length), content]);
  });
  const tensor: Change = (content) => rewrite(content, { 2: () => concatBytes(dims) });
  const type: Change = (content) => rewrite(content, { 1: tensor });
  return inGraph(model, { [GRAPH.input]: (input) => rewrite(input, { 2: type }) });
}

/** Drops the shapes that are stored for inner tensors. */
export function dropStoredShapes(model: Uint8Array): Uint8Array {
  return inGraph(model, { [GRAPH.valueInfo]: () => null });
}

/** Replaces the metadata. */
export function setMetadata(model: Uint8Array, entries: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder();
  const field = (number: number, text: string): Uint8Array => {
    const content = encoder.encode(text);
    return concatBytes([fieldHeader(number, content.length), content]);
  };
  const added = Object.entries(entries).map(([key, value]) => {
    const entry = concatBytes([field(1, key), field(2, value)]);
    return concatBytes([fieldHeader(MODEL_METADATA, entry.length), entry]);
  });
  return concatBytes([rewrite(model, { [MODEL_METADATA]: () => null }), ...added]);
}
