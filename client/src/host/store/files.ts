import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, open, realpath, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { writeFailure } from '../../../../server/src/node/write-failure';

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
 * Writes a small text file so that a reader sees the old or the new content, never a part. `durable: false` does not
 * wait for the disk: what matters for moments only may be lost when the computer goes down.
 */
export async function writeFileAtomic(file: string, text: string, { durable = true } = {}): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(text);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailure(file, error);
  }
}

/**
 * A hard link where the file system has them: pictures and models need not be stored twice. Of a symbolic link the
 * file that it points to is taken: the link itself would point nowhere from another folder.
 */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  const file = await realpath(from);
  await link(file, to).catch(() => copyFile(file, to));
}
