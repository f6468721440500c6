import { lstat, mkdir, open, readdir, readlink, rename, rm, rmdir, stat, symlink, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { constants, type Stats } from 'node:fs';
import path from 'node:path';
import type { BoardFaults } from './faults';

const MAX_LINKS = 40;

/** An error with the POSIX code that the system call would have given. */
export class TreeError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The board's file system: a folder of this machine, seen as `/` by whoever is logged in. Every path is resolved here,
 * component by component, with symbolic links read as the board would read them (an absolute target starts at the
 * board's root), so that neither `..` nor a link leads out of the folder.
 *
 * Capacity and read-only mode are those of the running board's faults; a full disk gives ENOSPC as a real one does.
 */
export class BoardTree {
  /** Bytes in files, kept up to date by this class and counted anew by `usage`. */
  private used = 0;

  constructor(
    readonly root: string,
    private readonly faults: BoardFaults,
    /** Size of the board's root file system in bytes where no fault sets a smaller one. */
    private readonly defaultCapacity: number,
  ) {}

  /** Path on this machine of a path on the board (absolute, or relative to `cwd`). The last link is followed on wish. */
  async resolve(boardPath: string, cwd = '/root', followLast = true): Promise<string> {
    if (boardPath.includes('\0')) throw new TreeError('EINVAL', 'Invalid argument');
    const pending = path.posix
      .join(boardPath.startsWith('/') ? '/' : cwd, boardPath)
      .split('/')
      .filter(Boolean);
    // posix.join folds `..` before links are read; a link in front of `..` is rare enough on a board to accept that.
    const done: string[] = [];
    let links = 0;
    while (pending.length > 0) {
      const part = pending.shift() ?? '';
      if (part === '.') continue;
      if (part === '..') {
        done.pop();
        continue;
      }
      const here = path.join(this.root, ...done, part);
      const target = pending.length > 0 || followLast ? await linkTarget(here) : null;
      if (target === null) {
        done.push(part);
        continue;
      }
      if (++links > MAX_LINKS) throw new TreeError('ELOOP', 'Too many levels of symbolic links');
      if (target.startsWith('/')) done.length = 0;
      pending.unshift(...target.split('/').filter(Boolean));
    }
    return path.join(this.root, ...done);
  }

  /** The board's own name of a path, `.` and `..` folded, relative paths taken from `cwd`. */
  absolute(boardPath: string, cwd = '/root'): string {
    const joined = path.posix.join(boardPath.startsWith('/') ? '/' : cwd, boardPath);
    return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
  }

  async stat(boardPath: string, cwd?: string): Promise<Stats> {
    return await stat(await this.resolve(boardPath, cwd));
  }

  async lstat(boardPath: string, cwd?: string): Promise<Stats> {
    return await lstat(await this.resolve(boardPath, cwd, false));
  }

  async list(boardPath: string, cwd?: string): Promise<string[]> {
    return (await readdir(await this.resolve(boardPath, cwd))).sort();
  }

  async readlink(boardPath: string): Promise<string> {
    return await readlink(await this.resolve(boardPath, '/', false));
  }

  /** Opens a file; `flags` are those of `fs.open`. */
  async open(boardPath: string, flags: number, mode: number, cwd?: string): Promise<FileHandle> {
    const writes = (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
    if (writes) this.refuseReadOnly();
    const real = await this.resolve(boardPath, cwd);
    if (writes) {
      await this.usage();
      if ((flags & constants.O_TRUNC) !== 0) this.used -= await sizeOf(real);
    }
    return await open(real, flags, mode);
  }

  /** Writes into an open file. A write that does not fit gives ENOSPC and writes nothing. */
  async write(handle: FileHandle, data: Uint8Array, position: number): Promise<void> {
    this.refuseReadOnly();
    const { size } = await handle.stat();
    const growth = Math.max(0, position + data.length - size);
    if (this.used + growth > this.capacity()) throw new TreeError('ENOSPC', 'No space left on device');
    // Counted before the write, so that writes in flight cannot fill the same space twice.
    this.used += growth;
    let written = 0;
    while (written < data.length) {
      const { bytesWritten } = await handle.write(data, written, data.length - written, position + written);
      written += bytesWritten;
    }
  }

  async mkdir(boardPath: string, parents: boolean, cwd?: string): Promise<void> {
    this.refuseReadOnly();
    await mkdir(await this.resolve(boardPath, cwd), { recursive: parents });
  }

  async unlink(boardPath: string, cwd?: string): Promise<void> {
    this.refuseReadOnly();
    await unlink(await this.resolve(boardPath, cwd, false));
  }

  async rmdir(boardPath: string, cwd?: string): Promise<void> {
    this.refuseReadOnly();
    await rmdir(await this.resolve(boardPath, cwd, false));
  }

  /** Removes a folder with all that is in it. */
  async removeTree(boardPath: string, cwd?: string): Promise<void> {
    this.refuseReadOnly();
    const real = await this.resolve(boardPath, cwd, false);
    if (real === this.root) throw new TreeError('EBUSY', 'Device or resource busy');
    await rm(real, { recursive: true });
  }

  /** POSIX rename: replaces a file that is there, in one step. */
  async rename(from: string, to: string, cwd?: string): Promise<void> {
    this.refuseReadOnly();
    await rename(await this.resolve(from, cwd, false), await this.resolve(to, cwd, false));
  }

  async symlink(target: string, linkPath: string): Promise<void> {
    this.refuseReadOnly();
    await symlink(target, await this.resolve(linkPath, '/', false));
  }

  /** Size and use of the root file system in bytes, counted now. */
  async usage(): Promise<{ capacity: number; used: number; available: number }> {
    this.used = await usedBelow(this.root);
    const capacity = this.capacity();
    return { capacity, used: this.used, available: Math.max(0, capacity - this.used) };
  }

  get readOnly(): boolean {
    return this.faults.readOnly === true;
  }

  refuseReadOnly(): void {
    if (this.readOnly) throw new TreeError('EROFS', 'Read-only file system');
  }

  private capacity(): number {
    return this.faults.capacityBytes ?? this.defaultCapacity;
  }
}

/** POSIX code of anything that a file operation threw. */
export function posixCode(thrown: unknown): string {
  const code = (thrown as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'EIO';
}

async function linkTarget(real: string): Promise<string | null> {
  try {
    return await readlink(real);
  } catch {
    return null; // not a link, or not there: the operation itself reports that
  }
}

async function sizeOf(real: string): Promise<number> {
  try {
    return (await stat(real)).size;
  } catch {
    return 0;
  }
}

async function usedBelow(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) total += await usedBelow(inside);
    else if (entry.isFile()) total += await sizeOf(inside);
  }
  return total;
}
