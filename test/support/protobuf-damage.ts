import type { Random } from './campaign';
import { damage } from './damage';

/** Field numbers of a message that hold messages in turn (onnx.proto). */
interface Shape {
  readonly [field: number]: Shape;
}

const TENSOR: Shape = {};
const VALUE: Shape = { 2: { 1: { 2: { 1: {} } } } };
const NODE: Record<number, Shape> = {};
const GRAPH: Shape = { 1: NODE, 5: TENSOR, 11: VALUE, 12: VALUE, 13: VALUE };
NODE[5] = { 5: TENSOR, 6: GRAPH };
const MODEL: Shape = { 7: GRAPH, 8: {}, 14: {} };

interface Field {
  readonly number: number;
  readonly wire: number;
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

/** Values that upset arithmetic with sizes: of either sign, large, and the border cases between. */
const NUMBERS = [
  0n,
  1n,
  2n,
  3n,
  7n,
  255n,
  65536n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

/**
 * A model whose container is sound and whose content is wrong: one to three fields somewhere in the tree are dropped,
 * doubled, moved, given the content of a sibling, or filled with other values.
 */
export function damageOnnxFields(model: Uint8Array, random: Random): Uint8Array {
  let result = model;
  for (let times = 1 + random.below(3); times > 0; times -= 1) result = changed(result, MODEL, random);
  return result;
}

function changed(message: Uint8Array, shape: Shape, random: Random): Uint8Array {
  const fields = fieldsOf(message);
  if (fields.length === 0) return encode({ number: 1 + random.below(15), wire: 2 }, random.bytes(3));
  const kinds = [...new Set(fields.map((field) => field.number))];
  const kind = random.pick(kinds);
  // By number first: otherwise the few outputs of a graph would never be met among its many nodes.
  const at = fields.indexOf(random.pick(fields.filter((field) => field.number === kind)));
  const field = fields[at];
  if (field === undefined) return message;
  const pieces = fields.map((other) => other.whole);
  const inner = shape[field.number];
  if (inner !== undefined && field.wire === 2 && random.chance(0.9)) {
    pieces[at] = encode(field, changed(field.content, inner, random));
    return new Uint8Array(Buffer.concat(pieces));
  }
  switch (random.pick(['drop', 'double', 'move', 'sibling', 'fill', 'fill'])) {
    case 'drop':
      pieces.splice(at, 1);
      break;
    case 'double':
      pieces.splice(at, 0, field.whole);
      break;
    case 'move':
      pieces.splice(at, 1);
      pieces.splice(random.below(pieces.length + 1), 0, field.whole);
      break;
    case 'sibling': {
      const sibling = random.pick(fields);
      if (sibling.wire === 2 && field.wire === 2) pieces[at] = encode(field, sibling.content);
      break;
    }
    default:
      pieces[at] = encode(field, filling(field, random));
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function filling(field: Field, random: Random): Uint8Array {
  if (field.wire === 0) return varint(random.pick(NUMBERS));
  if (field.wire !== 2) return random.bytes(field.content.length);
  if (random.chance(0.3)) return new Uint8Array();
  if (random.chance(0.3))
    return Uint8Array.from([random.pick(NUMBERS), random.pick(NUMBERS)].flatMap((n) => [...varint(n)]));
  return damage(field.content, field.content, random);
}

function encode(field: Pick<Field, 'number' | 'wire'>, content: Uint8Array): Uint8Array {
  const key = varint(BigInt(field.number * 8 + field.wire));
  const length = field.wire === 2 ? varint(BigInt(content.length)) : new Uint8Array();
  return new Uint8Array(Buffer.concat([key, length, content]));
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** The fields of a message, up to where it cannot be followed. */
function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; at < message.length && shift < 63; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const begin = at;
    const key = number();
    const wire = key % 8;
    let from = at;
    if (wire === 0) number();
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = number();
      from = at;
      at += length;
    } else break;
    if (at > message.length) break;
    const whole = message.subarray(begin, at);
    fields.push({ number: Math.floor(key / 8), wire, whole, content: message.subarray(from, at) });
  }
  return fields;
}
