import { randomBytes } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { CutPlan } from '../core/onnx/cut/plan';
import { AppError } from '../core/problems/app-error';
import { readFailure } from './file-source';
import { writeFailure } from './write-failure';

/** Large enough that system calls do not count, small enough that memory does not. */
const BLOCK_BYTES = 1024 * 1024;
/** Blocks are copied without giving way, which is twice as fast; after so many bytes others have their turn. */
const TURN_BYTES = 16 * 1024 * 1024;
/** After so many bytes the disk is told to start writing, so that little is left to wait for at the end. */
const FLUSH_BYTES = 16 * 1024 * 1024;

export interface WriteCutOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes written so far. */
  readonly onProgress?: (written: number) => void;
}

/**
 * Writes a planned cut: blocks are copied from the model (and from its external data files, which lie beside it) to a
 * temporary file in the target's folder, flushed to the disk and moved into place. After any failure or cancellation
 * the target is as it was and no temporary file is left.
 *
 * @throws AppError `CUT_OVERWRITES_SOURCE`, `FOLDER_NOT_FOUND`, `FOLDER_NOT_WRITABLE`, `FILE_IS_FOLDER`, `DISK_FULL`,
 *   `WRITE_FAILED`, `ONNX_EXTERNAL_MISSING`, `ONNX_EXTERNAL_UNSAFE`, `FILE_CHANGED`, `CANCELLED`.
 */
export async function writeCut(
  plan: CutPlan,
  modelPath: string,
  outPath: string,
  options: WriteCutOptions = {},
): Promise<void> {
  const sources = new Map<string | null, fs.FileHandle>();
  const temporary = path.join(path.dirname(outPath), `.maixcam-${randomBytes(6).toString('hex')}.part`);
  let made = false;
  try {
    for (const file of [null, ...plan.externalFiles]) {
      const from = file === null ? modelPath : externalPath(modelPath, file);
      await refuseSameFile(from, outPath);
      sources.set(file, await openSource(from, file));
    }
    const target = await asWriteFailure(outPath, () => fs.open(temporary, 'wx'));
    made = true;
    try {
      await copySegments(plan, sources, target, outPath, options);
      await asWriteFailure(outPath, () => target.sync());
    } finally {
      await target.close();
    }
    await asWriteFailure(outPath, () => fs.rename(temporary, outPath));
    made = false;
  } finally {
    if (made) await fs.rm(temporary, { force: true });
    for (const handle of sources.values()) await handle.close();
  }
}

async function copySegments(
  plan: CutPlan,
  sources: ReadonlyMap<string | null, fs.FileHandle>,
  target: fs.FileHandle,
  outPath: string,
  options: WriteCutOptions,
): Promise<void> {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  const flushes: Promise<unknown>[] = [];
  let filled = 0;
  let written = 0;
  const writeBlock = (): void => {
    for (let done = 0; done < filled;) done += writeSync(target.fd, block, done, filled - done);
    written += filled;
    filled = 0;
  };
  try {
    for (const segment of plan.segments) {
      const length = segment.kind === 'bytes' ? segment.bytes.length : segment.length;
      for (let at = 0; at < length;) {
        const room = Math.min(length - at, BLOCK_BYTES - filled);
        const got =
          segment.kind === 'bytes'
            ? copyInto(block, filled, segment.bytes.subarray(at, at + room))
            : readRange(sources, segment.file, block, filled, room, segment.offset + at);
        at += got;
        filled += got;
        if (filled < BLOCK_BYTES) continue;
        writeBlock();
        if (written % FLUSH_BYTES === 0) {
          const flush = target.datasync();
          // Looked at below; until then a failure must not count as unhandled.
          flush.catch(() => undefined);
          flushes.push(flush);
        }
        if (written % TURN_BYTES !== 0) continue;
        options.onProgress?.(written);
        await otherWork();
        if (options.signal?.aborted === true) throw cancelled();
      }
    }
    writeBlock();
    if (options.signal?.aborted === true) throw cancelled();
    options.onProgress?.(written);
  } catch (thrown) {
    throw writeFailure(outPath, thrown);
  } finally {
    await Promise.allSettled(flushes);
  }
  await asWriteFailure(outPath, () => Promise.all(flushes));
}

function copyInto(block: Buffer, at: number, bytes: Uint8Array): number {
  block.set(bytes, at);
  return bytes.length;
}

function readRange(
  sources: ReadonlyMap<string | null, fs.FileHandle>,
  file: string | null,
  block: Buffer,
  at: number,
  length: number,
  position: number,
): number {
  const handle = sources.get(file);
  if (handle === undefined) throw new Error(`no source for ${file ?? 'the model'}`);
  let read: number;
  try {
    read = readSync(handle.fd, block, at, length, position);
  } catch (thrown) {
    throw readFailure(file ?? 'the model', thrown);
  }
  if (read === 0) throw changed(file);
  return read;
}

/** External data lies in the model's folder or below it; a location that leads elsewhere is not followed. */
function externalPath(modelPath: string, location: string): string {
  const folder = path.dirname(path.resolve(modelPath));
  const resolved = path.resolve(folder, location);
  if (path.isAbsolute(location) || !resolved.startsWith(folder + path.sep)) {
    throw new AppError({
      code: 'ONNX_EXTERNAL_UNSAFE',
      message: `The model says that its weights are in "${location}", which is outside its own folder.`,
      hint: 'Such a reference is not followed. Save the model with its weights embedded, or beside it.',
    });
  }
  return resolved;
}

async function openSource(from: string, file: string | null): Promise<fs.FileHandle> {
  try {
    return await fs.open(from, 'r');
  } catch (thrown) {
    if (file === null || (thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw readFailure(from, thrown);
    throw new AppError({
      code: 'ONNX_EXTERNAL_MISSING',
      message: `The model keeps its weights in "${file}", and that file is not beside it.`,
      hint: 'Copy the file to the folder of the model; both belong together.',
      cause: thrown,
    });
  }
}

async function refuseSameFile(from: string, outPath: string): Promise<void> {
  const [source, target] = await Promise.all([from, outPath].map((file) => fs.stat(file).catch(() => null)));
  if (target?.isDirectory() === true) {
    throw new AppError({
      code: 'FILE_IS_FOLDER',
      message: `${outPath} is a folder.`,
      hint: 'Give a file name for the cut, for example cut.onnx in that folder.',
    });
  }
  if (source?.ino !== undefined && source.ino === target?.ino && source.dev === target.dev) {
    throw new AppError({
      code: 'CUT_OVERWRITES_SOURCE',
      message: `${outPath} is the model that would be cut; the original would be lost.`,
      hint: 'Write the cut to another file.',
      kind: 'usage',
    });
  }
}

async function asWriteFailure<T>(outPath: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw writeFailure(outPath, thrown);
  }
}

function changed(file: string | null): AppError {
  return new AppError({
    code: 'FILE_CHANGED',
    message:
      file === null
        ? 'The model became shorter while it was read: another program is writing it.'
        : `The weights file "${file}" is shorter than the model says: it is incomplete.`,
    hint: file === null ? 'Wait until the export has finished and try again.' : 'Copy it again beside the model.',
  });
}

function cancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'The cut was cancelled; nothing was written.',
    hint: 'Start it again when you are ready.',
    kind: 'cancelled',
  });
}
