import { md5 } from '@noble/hashes/legacy.js';
import type { ByteSource } from '../ports';
import { AppError } from '../problems/app-error';
import { FlatTable, FlatbufferError } from './flatbuffer';
import {
  CVI_DATA_TYPES,
  CVI_SECTION_TYPES,
  type CviChecksum,
  type CviMemory,
  type CviSection,
  type CviTensor,
  type Cvimodel,
} from './model';

const MAGIC = 'CviModel';
const HEADER_BYTES = 48;
/** Files of version 1.0: no chip, cv183x by definition. */
const OLD_HEADER_BYTES = 32;
const BLOCK_BYTES = 1024 * 1024;
/** Real descriptions are some hundred kilobytes; a larger one is a damaged length. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** Field ids (spec conversion.md 4.1). */
const Model = { Version: 0, Name: 1, BuildTime: 2, Programs: 6, Sections: 7, MlirVersion: 9 } as const;
const Program = {
  NeuronSize: 1,
  Inputs: 2,
  Outputs: 3,
  Tensors: 4,
  Routines: 5,
  SharedMemory: 6,
  PrivateMemory: 7,
} as const;
const Tensor = { Name: 1, Offset: 2, Type: 3, Shape: 4, Quant: 6, PixelFormat: 10, Aligned: 11 } as const;
const Quant = { ZeroPoint: 3, Scale: 4 } as const;
const Section = { Type: 0, Name: 1, Size: 2, Offset: 3, Encrypt: 4, Compress: 5 } as const;
const Routine = { Type: 0, Cpu: 4 } as const;
const RoutineType = { Cpu: 1 } as const;
/** Bits 40-42 of a tensor's address say which memory it lies in; above 2 is memory for input and output. */
const MEMORY_SHIFT = 40n;
const MEMORY_MASK = 7n;
const LAST_INNER_MEMORY = 2n;

/**
 * Reads a cvimodel: header, description, checksum. Weights are hashed in blocks, never loaded as a whole. What makes
 * the model unusable although it can be read is said by `checkCvimodel`.
 *
 * @throws AppError `CVIMODEL_MAGIC`, `CVIMODEL_TRUNCATED`, `CVIMODEL_INVALID`.
 * Source: spec conversion.md 4.1.
 */
export function readCvimodel(source: ByteSource): Cvimodel {
  const header = readHeader(source);
  if (header.bytes + header.bodySize > source.size) throw truncated(header.bytes + header.bodySize, source.size);
  if (header.bodySize > MAX_BODY_BYTES) throw invalid('its description is implausibly large');
  // A copy: the source may hand out a view into a cache that later reads change.
  const body = Uint8Array.from(source.read(header.bytes, header.bodySize));
  if (body.length < header.bodySize) throw truncated(header.bytes + header.bodySize, source.size);
  try {
    return describe(source, header, FlatTable.root(body));
  } catch (thrown) {
    if (thrown instanceof FlatbufferError) throw invalid(thrown.message, thrown);
    throw thrown;
  }
}

interface Header {
  readonly bytes: number;
  readonly bodySize: number;
  readonly version: { readonly major: number; readonly minor: number };
  readonly chip: string;
  /** Null where the writer left it out. */
  readonly md5: Uint8Array | null;
}

function readHeader(source: ByteSource): Header {
  const bytes = source.read(0, HEADER_BYTES);
  if (latin1(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new AppError({
      code: 'CVIMODEL_MAGIC',
      message: 'The file is not a cvimodel: it does not begin with "CviModel".',
      hint: 'Check that this is the file that the converter wrote, or convert the model again.',
    });
  }
  if (bytes.length < OLD_HEADER_BYTES) throw truncated(OLD_HEADER_BYTES, source.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = { major: view.getUint8(12), minor: view.getUint8(13) };
  const old = version.major === 1 && version.minor === 0;
  if (!old && bytes.length < HEADER_BYTES) throw truncated(HEADER_BYTES, source.size);
  const digest = Uint8Array.from(bytes.subarray(14, 30));
  // `AA` is what cvimodel_tool leaves after it has rewritten a file without a checksum.
  const rewritten = !old && latin1(bytes.subarray(46, 48)) === 'AA';
  return {
    bytes: old ? OLD_HEADER_BYTES : HEADER_BYTES,
    bodySize: view.getUint32(8, true),
    version,
    chip: old ? 'cv183x' : latin1(bytes.subarray(30, 46)).replace(/\0[^]*$/, ''),
    md5: rewritten || digest.every((byte) => byte === 0) ? null : digest,
  };
}

function describe(source: ByteSource, header: Header, model: FlatTable): Cvimodel {
  const sections = model.tables(Model.Sections).map(readSection);
  const programs = model.tables(Model.Programs);
  const main = programs[0];
  if (main === undefined) throw invalid('it holds no program');
  const tensors = main.tables(Program.Tensors).map(readTensor);
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const find = (name: string): CviTensor => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw invalid(`its tensor "${name}" is not described`);
    return tensor;
  };
  const end = sections.reduce((last, section) => Math.max(last, section.offset + section.size), 0);
  const expected = header.bytes + header.bodySize + end;
  return {
    version: header.version,
    chip: header.chip,
    name: model.text(Model.Name),
    buildTime: model.text(Model.BuildTime),
    mlirVersion: model.text(Model.MlirVersion),
    sections,
    inputs: main.texts(Program.Inputs).map(find),
    outputs: main.texts(Program.Outputs).map(find),
    cpuFunctions: programs.flatMap((program) => program.tables(Program.Routines)).flatMap(cpuFunction),
    memory: memoryOf(sections, programs),
    bytes: { expected, actual: source.size },
    // A file of the wrong length cannot match; hashing it would only cost time.
    checksum: header.md5 === null ? 'absent' : expected === source.size ? checksum(source, header) : 'differs',
  };
}

function readSection(table: FlatTable): CviSection {
  return {
    type: CVI_SECTION_TYPES[table.uint8(Section.Type)] ?? 'unknown',
    name: table.text(Section.Name),
    size: table.uint32(Section.Size),
    offset: table.uint32(Section.Offset),
    encrypted: table.bool(Section.Encrypt),
    compressed: table.bool(Section.Compress),
  };
}

function readTensor(table: FlatTable): CviTensor {
  const type = CVI_DATA_TYPES[table.uint8(Tensor.Type)] ?? 'unknown';
  const shape = table.table(Tensor.Shape)?.int64s(0) ?? [];
  const quant = table.table(Tensor.Quant);
  const address = table.int64(Tensor.Offset);
  return {
    name: table.text(Tensor.Name),
    type,
    shape,
    scale: quant?.float32(Quant.Scale) ?? 0,
    zeroPoint: quant?.int32(Quant.ZeroPoint) ?? 0,
    pixelFormat: table.text(Tensor.PixelFormat),
    aligned: table.bool(Tensor.Aligned),
    bytes: shape.reduce((product, dim) => product * dim, 1) * elementBytes(type),
    ioMemory: address !== -1n && ((address >> MEMORY_SHIFT) & MEMORY_MASK) > LAST_INNER_MEMORY,
  };
}

function elementBytes(type: CviTensor['type']): number {
  switch (type) {
    case 'float32':
    case 'int32':
    case 'uint32':
      return 4;
    case 'bfloat16':
    case 'int16':
    case 'uint16':
      return 2;
    case 'int8':
    case 'uint8':
    case 'unknown':
      return 1;
  }
}

function cpuFunction(routine: FlatTable): readonly string[] {
  if (routine.uint8(Routine.Type) !== RoutineType.Cpu) return [];
  return [routine.table(Routine.Cpu)?.text(0) ?? ''];
}

function memoryOf(sections: readonly CviSection[], programs: readonly FlatTable[]): CviMemory {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const parts = {
    sections: sum(sections.map((section) => section.size)),
    neurons: sum(programs.map((program) => program.uint32(Program.NeuronSize) + program.uint32(Program.PrivateMemory))),
    shared: Math.max(0, ...programs.map((program) => program.uint32(Program.SharedMemory))),
    io: sum(
      programs
        .flatMap((program) => program.tables(Program.Tensors).map(readTensor))
        .filter((tensor) => tensor.ioMemory)
        .map((tensor) => tensor.bytes),
    ),
  };
  return { total: parts.sections + parts.neurons + parts.shared + parts.io, ...parts };
}

/** MD5 of everything after the header. */
function checksum(source: ByteSource, header: Header): CviChecksum {
  const hash = md5.create();
  for (let at = header.bytes; at < source.size; at += BLOCK_BYTES) {
    const block = source.read(at, Math.min(BLOCK_BYTES, source.size - at));
    if (block.length === 0) return 'differs';
    hash.update(block);
  }
  const digest = hash.digest();
  return header.md5?.every((byte, index) => byte === digest[index]) === true ? 'matches' : 'differs';
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function truncated(needed: number, actual: number): AppError {
  return new AppError({
    code: 'CVIMODEL_TRUNCATED',
    message: `The cvimodel is incomplete: it has ${actual} bytes and needs at least ${needed}.`,
    hint: 'Copy it again and compare the sizes, or convert the model again.',
  });
}

function invalid(why: string, cause?: unknown): AppError {
  return new AppError({
    code: 'CVIMODEL_INVALID',
    message: `The cvimodel is damaged: ${why}.`,
    hint: 'Copy it again and compare the sizes, or convert the model again.',
    cause,
  });
}
