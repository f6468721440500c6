/** Thrown where the bytes are not a flatbuffer of the expected kind; the reader turns it into a problem. */
export class FlatbufferError extends Error {}

const decoder = new TextDecoder('utf-8');

/**
 * One table of a flatbuffer, with bounds checks on every access: a damaged file gives a `FlatbufferError`, never a
 * wrong value from outside the buffer. Fields are addressed by their id (position in the schema).
 */
export class FlatTable {
  private readonly vtable: number;
  private readonly vtableSize: number;

  private constructor(
    private readonly view: DataView,
    private readonly position: number,
  ) {
    this.vtable = position - int32(view, position);
    this.vtableSize = uint16(view, this.vtable);
    check(view, this.vtable, this.vtableSize);
  }

  /** The root table of a buffer. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return new FlatTable(view, uint32(view, 0));
  }

  uint8(id: number): number {
    const at = this.field(id);
    if (at === null) return 0;
    check(this.view, at, 1);
    return this.view.getUint8(at);
  }

  bool(id: number): boolean {
    return this.uint8(id) !== 0;
  }

  int32(id: number): number {
    const at = this.field(id);
    return at === null ? 0 : int32(this.view, at);
  }

  uint32(id: number): number {
    const at = this.field(id);
    return at === null ? 0 : uint32(this.view, at);
  }

  int64(id: number): bigint {
    const at = this.field(id);
    if (at === null) return 0n;
    check(this.view, at, 8);
    return this.view.getBigInt64(at, true);
  }

  float32(id: number): number {
    const at = this.field(id);
    if (at === null) return 0;
    check(this.view, at, 4);
    return this.view.getFloat32(at, true);
  }

  /** Empty where the field is absent. */
  text(id: number): string {
    const at = this.field(id);
    return at === null ? '' : textAt(this.view, at);
  }

  table(id: number): FlatTable | null {
    const at = this.field(id);
    return at === null ? null : new FlatTable(this.view, at + uint32(this.view, at));
  }

  tables(id: number): readonly FlatTable[] {
    return this.vector(id, 4, (at) => new FlatTable(this.view, at + uint32(this.view, at)));
  }

  texts(id: number): readonly string[] {
    return this.vector(id, 4, (at) => textAt(this.view, at));
  }

  /** 64-bit integers as numbers. */
  int64s(id: number): readonly number[] {
    return this.vector(id, 8, (at) => Number(this.view.getBigInt64(at, true)));
  }

  float32s(id: number): readonly number[] {
    return this.vector(id, 4, (at) => this.view.getFloat32(at, true));
  }

  /** The bytes of a struct that is stored inside the table; null where it is absent. */
  struct(id: number, length: number): readonly number[] | null {
    const at = this.field(id);
    if (at === null) return null;
    check(this.view, at, length);
    return Array.from({ length }, (_, index) => this.view.getUint8(at + index));
  }

  private vector<T>(id: number, width: number, item: (at: number) => T): readonly T[] {
    const field = this.field(id);
    if (field === null) return [];
    const start = field + uint32(this.view, field);
    const count = uint32(this.view, start);
    check(this.view, start + 4, count * width);
    return Array.from({ length: count }, (_, index) => item(start + 4 + index * width));
  }

  /** Position of a field's value; null where the table does not store it. */
  private field(id: number): number | null {
    const entry = 4 + 2 * id;
    if (entry + 2 > this.vtableSize) return null;
    const offset = uint16(this.view, this.vtable + entry);
    return offset === 0 ? null : this.position + offset;
  }
}

function textAt(view: DataView, at: number): string {
  const start = at + uint32(view, at);
  const length = uint32(view, start);
  check(view, start + 4, length);
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + start + 4, length));
}

function uint16(view: DataView, at: number): number {
  check(view, at, 2);
  return view.getUint16(at, true);
}

function int32(view: DataView, at: number): number {
  check(view, at, 4);
  return view.getInt32(at, true);
}

function uint32(view: DataView, at: number): number {
  check(view, at, 4);
  return view.getUint32(at, true);
}

function check(view: DataView, at: number, length: number): void {
  if (at < 0 || length < 0 || at + length > view.byteLength) {
    throw new FlatbufferError(`byte ${at} lies outside the model description`);
  }
}
