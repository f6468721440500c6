import { wireReader, WireType } from '../core/onnx/wire';
import type { ByteSource } from '../core/ports';
import { AppError } from '../core/problems/app-error';

/** What a file is by its content, whatever it is called (spec conversion.md 4.3). */
export type FileIdentity =
  | { readonly format: 'onnx' }
  | { readonly format: 'cvimodel' | 'axmodel' }
  | { readonly format: 'html' | 'pytorch' | 'numpy' | 'zip' | 'gzip' | 'json' | 'tflite' | 'empty' | 'unknown' }
  /** A Git LFS pointer stands in for a file of `bytes` bytes (null where it does not say). */
  | { readonly format: 'git-lfs-pointer'; readonly bytes: number | null }
  /** The beginning of a model whose end is missing. */
  | { readonly format: 'truncated'; readonly of: 'cvimodel' | 'axmodel' | 'onnx' };

const HEAD_BYTES = 512;
const CVIMODEL_MAGIC = 'CviModel';
const CVIMODEL_HEADER_BYTES = 32;
/** `torch.save` before the zip container: a pickle that starts with this magic number. */
const PICKLED_TORCH = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20];

/** Looks at the first bytes and, for protobuf, at the top-level fields. Costs a few reads on a file of any size. */
export function identify(source: ByteSource): FileIdentity {
  if (source.size === 0) return { format: 'empty' };
  const head = source.read(0, HEAD_BYTES);
  const text = new TextDecoder('latin1').decode(head);

  if (text.startsWith(CVIMODEL_MAGIC)) return identifyCvimodel(source, head);
  if (text.startsWith('version https://git-lfs')) {
    const size = /^size (\d+)$/m.exec(text)?.[1];
    return { format: 'git-lfs-pointer', bytes: size === undefined ? null : Number(size) };
  }
  if (text.startsWith('PK\u0003\u0004')) return identifyZip(head, text);
  if (text.startsWith('\u001f\u008b')) return { format: 'gzip' };
  if (PICKLED_TORCH.every((byte, index) => head[index] === byte)) return { format: 'pytorch' };
  if (text.slice(4, 8) === 'TFL3') return { format: 'tflite' };
  if (text.startsWith('\u0093NUMPY')) return { format: 'numpy' };

  const onnx = identifyProtobuf(source);
  if (onnx !== null) return onnx;
  // A blank may open an ONNX file too (0x0a is a field key), so text is looked at last.
  const content = text.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (content.startsWith('<')) return { format: 'html' };
  if (content.startsWith('{') || content.startsWith('[')) return { format: 'json' };
  return { format: 'unknown' };
}

function identifyCvimodel(source: ByteSource, head: Uint8Array): FileIdentity {
  if (head.length < CVIMODEL_HEADER_BYTES) return { format: 'truncated', of: 'cvimodel' };
  const body = new DataView(head.buffer, head.byteOffset, head.length).getUint32(8, true);
  return body > source.size ? { format: 'truncated', of: 'cvimodel' } : { format: 'cvimodel' };
}

/** The name of the first entry tells PyTorch's container and NumPy's from other archives. */
function identifyZip(head: Uint8Array, text: string): FileIdentity {
  const nameLength = (head[26] ?? 0) + (head[27] ?? 0) * 256;
  const name = text.slice(30, 30 + nameLength);
  if (/(^|\/)(data\.pkl|byteorder|version|\.format_version)$/.test(name)) return { format: 'pytorch' };
  if (name.endsWith('.npy')) return { format: 'numpy' };
  return { format: 'zip' };
}

/** Fields of ModelProto and their wire types (onnx.proto). */
const MODEL_FIELDS: ReadonlyMap<number, number> = new Map([
  [1, WireType.Varint],
  [2, WireType.Bytes],
  [3, WireType.Bytes],
  [4, WireType.Bytes],
  [5, WireType.Varint],
  [6, WireType.Bytes],
  [7, WireType.Bytes],
  [8, WireType.Bytes],
  [14, WireType.Bytes],
  [20, WireType.Bytes],
  [25, WireType.Bytes],
  [26, WireType.Bytes],
]);

const GRAPH_FIELD = 7;
const MAX_IR_VERSION = 1000;

/** Null where the bytes are not a ModelProto. */
function identifyProtobuf(source: ByteSource): FileIdentity | null {
  const reader = wireReader(source);
  let irVersion = false;
  let graph = false;
  let axmodel = false;
  try {
    while (reader.next()) {
      if (MODEL_FIELDS.get(reader.field) !== reader.wire) return null;
      if (reader.field === 1) {
        if (reader.int() < 1 || reader.int() > MAX_IR_VERSION) return null;
        irVersion = true;
      } else if (reader.field === 2) {
        axmodel = reader.text() === 'Pulsar2';
      } else if (reader.field === GRAPH_FIELD) {
        graph = true;
      }
    }
  } catch (thrown) {
    // A version number in front is what tells the start of a model from other bytes that happen to parse.
    const truncated = thrown instanceof AppError && thrown.code === 'ONNX_TRUNCATED' && irVersion;
    return truncated ? { format: 'truncated', of: axmodel ? 'axmodel' : 'onnx' } : null;
  }
  if (!graph) return irVersion ? { format: 'truncated', of: axmodel ? 'axmodel' : 'onnx' } : null;
  return { format: axmodel ? 'axmodel' : 'onnx' };
}
