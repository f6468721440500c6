import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../core/problems/app-error';
import { readFailure, refuseIrregular } from './file-source';
import { writeFailure } from './write-failure';

/** Larger files are no text that a person edits. */
export const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/**
 * The bytes of a text file; null where it is larger than `MAX_TEXT_BYTES`, is no regular file or cannot be read.
 */
export async function textFileBytes(file: string): Promise<Uint8Array | null> {
  try {
    const stats = await fs.stat(file);
    if (!stats.isFile() || stats.size > MAX_TEXT_BYTES) return null;
    return await fs.readFile(file);
  } catch {
    return null;
  }
}

/**
 * Rewrites a file in one piece: `change` is given its bytes and answers with the new ones, or null to leave it as it
 * is. The new bytes are written beside the file, flushed and moved into place; permissions stay, a symbolic link is
 * followed. A change by another program in between is never overwritten.
 *
 * @returns whether the file was written
 * @throws AppError `FILE_CHANGED`, `FILE_TOO_LARGE` and those of reading and writing
 */
export async function replaceFile(file: string, change: (bytes: Uint8Array) => Uint8Array | null): Promise<boolean> {
  const target = await asReadFailure(file, () => fs.realpath(file));
  const before = await asReadFailure(file, () => fs.stat(target, { bigint: true }));
  refuseIrregular(file, before);
  if (before.size > BigInt(MAX_TEXT_BYTES)) {
    throw new AppError({
      code: 'FILE_TOO_LARGE',
      message: `${file} is larger than 16 MB, too large for a text of this kind.`,
      hint: 'Check whether it is the file that you meant.',
    });
  }
  const bytes = await asReadFailure(file, () => fs.readFile(target));
  const changed = change(bytes);
  if (changed === null) return false;
  const temporary = path.join(path.dirname(target), `.maixcam-${randomBytes(6).toString('hex')}.part`);
  try {
    const handle = await fs.open(temporary, 'wx', Number(before.mode & 0o777n));
    try {
      await handle.chmod(Number(before.mode & 0o777n));
      await handle.writeFile(changed);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const now = await fs.stat(target, { bigint: true });
    if (now.mtimeNs !== before.mtimeNs || now.size !== before.size || now.ino !== before.ino) {
      throw new AppError({
        code: 'FILE_CHANGED',
        message: `Another program changed ${path.basename(file)} at the same moment; nothing was written.`,
        hint: 'Try the fix again.',
      });
    }
    await fs.rename(temporary, target);
    return true;
  } catch (thrown) {
    await fs.rm(temporary, { force: true });
    throw writeFailure(file, thrown);
  }
}

async function asReadFailure<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw readFailure(file, thrown);
  }
}
