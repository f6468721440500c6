import { DATA_TYPES, type DataType, type Shape } from '../model';
import { WireType } from '../wire';

const encoder = new TextEncoder();

/** AttributeProto.AttributeType INT (onnx.proto). */
const ATTRIBUTE_INT = 2;

/** Joins byte arrays. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A protobuf varint; negative numbers take ten bytes, as int64 does. Exact for safe integers. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** Key and length of a length-delimited field; its content of `length` bytes follows. */
export function fieldHeader(field: number, length: number): Uint8Array {
  return concatBytes([varint(field * 8 + WireType.Bytes), varint(length)]);
}

function message(field: number, ...content: Uint8Array[]): Uint8Array {
  const body = concatBytes(content);
  return concatBytes([fieldHeader(field, body.length), body]);
}

/** A text field. */
export function textField(field: number, value: string): Uint8Array {
  return message(field, encoder.encode(value));
}

function intField(field: number, value: number): Uint8Array {
  return concatBytes([varint(field * 8 + WireType.Varint), varint(value)]);
}

/**
 * A ValueInfoProto as field `field` of a graph (11 input, 12 output, 13 value_info). A type of `undefined` and a shape
 * of null are left out: a runtime infers what is not declared.
 */
export function valueInfoField(field: number, name: string, type: DataType, shape: Shape | null): Uint8Array {
  if (type === 'undefined') return message(field, textField(1, name));
  const dims = (shape ?? []).map((dim) =>
    typeof dim === 'number' ? message(1, intField(1, dim)) : dim === null ? message(1) : message(1, textField(2, dim)),
  );
  const shapeField = shape === null ? [] : [message(2, ...dims)];
  const tensorType = message(1, intField(1, DATA_TYPES.indexOf(type)), ...shapeField);
  return message(field, textField(1, name), message(2, tensorType));
}

/** A Concat NodeProto as field 1 of a graph. */
export function concatNodeField(inputs: readonly string[], output: string, axis: number): Uint8Array {
  return message(
    1,
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, `Concat/${output}`),
    textField(4, 'Concat'),
    message(5, textField(1, 'axis'), intField(3, axis), intField(20, ATTRIBUTE_INT)),
  );
}
