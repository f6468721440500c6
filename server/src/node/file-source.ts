import fs, { type Stats } from 'node:fs';
import type { ByteSource } from '../core/ports';
import { AppError, messageOf } from '../core/problems/app-error';

/** An open file; `close` gives the descriptor back and may be called more than once. */
export interface FileSource extends ByteSource {
  readonly path: string;
  close(): void;
}

/** Small reads are served from whole blocks, so that a walk over constants costs few system calls. */
const BLOCK_BYTES = 64 * 1024;
const BLOCKS_KEPT = 8;
/** Larger reads go to the file: whoever asks for them has a window of its own. */
const MAX_CACHED_READ = 4 * 1024;

/**
 * Opens a file for positioned reading. Nothing is loaded beyond what is asked for and a cache of half a megabyte.
 *
 * @throws AppError `FILE_NOT_FOUND`, `FILE_IS_FOLDER`, `FILE_NOT_READABLE`.
 */
export function openFileSource(path: string): FileSource {
  const { descriptor, size } = openDescriptor(path);
  let open = true;
  const blocks = new Map<number, Uint8Array>();

  const readDirect = (offset: number, length: number): Uint8Array => {
    if (!open) throw new Error(`${path} is closed`);
    const wanted = Math.max(0, Math.min(length, size - offset));
    const bytes: Uint8Array = Buffer.allocUnsafeSlow(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSome(path, descriptor, bytes, filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled === wanted ? bytes : bytes.subarray(0, filled);
  };

  const block = (index: number): Uint8Array => {
    const known = blocks.get(index);
    if (known !== undefined) return known;
    const bytes = readDirect(index * BLOCK_BYTES, BLOCK_BYTES);
    if (blocks.size >= BLOCKS_KEPT) {
      const oldest = blocks.keys().next();
      if (oldest.done !== true) blocks.delete(oldest.value);
    }
    blocks.set(index, bytes);
    return bytes;
  };

  return {
    path,
    size,
    read(offset, length) {
      const index = Math.floor(offset / BLOCK_BYTES);
      const within = offset - index * BLOCK_BYTES;
      if (length > MAX_CACHED_READ || within + length > BLOCK_BYTES) return readDirect(offset, length);
      return block(index).subarray(within, within + length);
    },
    close() {
      if (!open) return;
      open = false;
      blocks.clear();
      fs.closeSync(descriptor);
    },
  };
}

/**
 * For a path that is about to be opened: opening or reading a pipe would wait for a writer without end.
 *
 * @throws AppError `FILE_IS_FOLDER`, `FILE_NOT_READABLE`
 */
export function refuseIrregular(path: string, stats: Pick<Stats, 'isDirectory' | 'isFile'>): void {
  if (stats.isDirectory()) {
    throw new AppError({
      code: 'FILE_IS_FOLDER',
      message: `${path} is a folder, not a file.`,
      hint: 'Give the path of the file inside the folder.',
    });
  }
  if (!stats.isFile()) {
    throw new AppError({
      code: 'FILE_NOT_READABLE',
      message: `${path} is not a regular file (it is a device, a pipe or a socket), so it cannot be read here.`,
      hint: 'Copy its content to a file and give the path of that file.',
    });
  }
}

function openDescriptor(path: string): { descriptor: number; size: number } {
  let descriptor: number;
  try {
    refuseIrregular(path, fs.statSync(path));
    descriptor = fs.openSync(path, 'r');
  } catch (thrown) {
    throw readFailure(path, thrown);
  }
  try {
    return { descriptor, size: fs.fstatSync(descriptor).size };
  } catch (thrown) {
    fs.closeSync(descriptor);
    throw readFailure(path, thrown);
  }
}

function readSome(path: string, descriptor: number, into: Uint8Array, at: number, position: number): number {
  try {
    return fs.readSync(descriptor, into, at, into.length - at, position);
  } catch (thrown) {
    throw readFailure(path, thrown);
  }
}

/** Why a file could not be opened or read, as an AppError; an AppError passes unchanged. */
export function readFailure(path: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  switch ((thrown as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError({
        code: 'FILE_NOT_FOUND',
        message: `There is no file at ${path}.`,
        hint: 'Check the spelling and the folder that the path starts from.',
        cause: thrown,
      });
    case 'EISDIR':
      return new AppError({
        code: 'FILE_IS_FOLDER',
        message: `${path} is a folder, not a file.`,
        hint: 'Give the path of the file inside the folder.',
        cause: thrown,
      });
    case 'EACCES':
    case 'EPERM':
      return new AppError({
        code: 'FILE_NOT_READABLE',
        message: `You are not allowed to read ${path}.`,
        hint: 'Change its permissions (or those of a folder above it), or copy it to a place of your own.',
        cause: thrown,
      });
    default:
      return new AppError({
        code: 'FILE_NOT_READABLE',
        message: `${path} could not be read: ${messageOf(thrown)}.`,
        hint: 'Check the disk or the network share that it lies on.',
        cause: thrown,
      });
  }
}
