import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
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
    throw writeFailure(file, error);
  }
}

/** A hard link where the file system has them: pictures and models need not be stored twice. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
