import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, messageOf } from '../../../../server/src/core/problems/app-error';

/** SHA-256 of a file's bytes, hexadecimal; streamed. */
export async function sha256OfFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, signal === undefined ? {} : { signal });
  return hash.digest('hex');
}

/** SHA-256 of a JSON value with its keys in the order they have, hexadecimal. */
export function sha256OfJson(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/**
 * Fingerprint of a folder: relative names, sizes and times of change of all files below, hexadecimal.
 * Trainer caches (`*.cache`) and dot-folders are left out: the trainer writes the first, and looks into neither.
 */
export async function fingerprintOfTree(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const pending = [''];
  for (let relative = pending.pop(); relative !== undefined; relative = pending.pop()) {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const files = [];
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name.endsWith('.cache')) continue;
      const inside = path.join(relative, entry.name);
      if (entry.isDirectory()) pending.push(inside);
      else files.push(inside);
    }
    const stats = await Promise.all(
      files.map(async (file) => ({ file, stat: await stat(path.join(folder, file)).catch(() => null) })),
    );
    for (const { file, stat: found } of stats) {
      hash.update(`${file}\0${found?.size ?? -1}\0${found?.mtimeMs ?? -1}\n`);
    }
  }
  return hash.digest('hex');
}

/** Writes a small text file so that a reader sees the old or the new content, never a part. */
export async function writeFileAtomic(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailure(error, file);
  }
}

/** A hard link where the file system has them: pictures and models need not be stored twice. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

/** Turns an error of the file system into words; passes AppErrors through. */
export function writeFailure(error: unknown, target: string): AppError {
  if (error instanceof AppError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError({
        code: 'DISK_FULL',
        message: `The disk is full: ${target} could not be written. Nothing half-made was left behind.`,
        hint: 'Free some space and run the step again.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError({
        code: 'FOLDER_NOT_WRITABLE',
        message: `${target} may not be written (${code === 'EROFS' ? 'the file system is read-only' : 'no permission'}).`,
        hint: 'Change the permissions of the folder, or copy the workspace to a folder that you own.',
        cause: error,
      });
    default:
      return new AppError({
        code: 'WRITE_FAILED',
        message: `${target} could not be written: ${messageOf(error)}.`,
        hint: 'Check the disk and the folder, then run the step again.',
        cause: error,
      });
  }
}
