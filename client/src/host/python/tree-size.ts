import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of all files below a folder; links are not followed. */
export async function treeSize(folder: string): Promise<number> {
  let bytes = 0;
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const inside = next;
    const entries = await readdir(inside, { withFileTypes: true });
    pending.push(...entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(inside, entry.name)));
    const files = entries.filter((entry) => entry.isFile()).map((entry) => stat(path.join(inside, entry.name)));
    for (const file of await Promise.all(files)) bytes += file.size;
  }
  return bytes;
}
