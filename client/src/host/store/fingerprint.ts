import { createHash, type Hash } from 'node:crypto';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StepInput } from '../../domain/pipeline/steps';
import { sha256OfFile } from './files';

/** Of a larger file only both ends and the size are hashed: labels are read whole, pictures need not be. */
const HASHED_WHOLE = 64 * 1024;

/** Value of an input that is not there. */
const MISSING = 'missing';

/**
 * What tells an input from its earlier self, quickly: the content of a file; names, sizes and times of change of a
 * folder.
 */
export async function fingerprint(input: StepInput): Promise<string> {
  try {
    return input.by === 'content' ? await sha256OfFile(input.path) : await treeHash(input.path, statOf);
  } catch {
    return MISSING;
  }
}

/**
 * The same from the content alone, for a folder whose times of change differ although nothing in it may have changed:
 * a workspace that was copied, cloned or moved. Null for inputs that are told by content anyway.
 */
export async function contentFingerprint(input: StepInput): Promise<string | null> {
  if (input.by === 'content') return null;
  try {
    return await treeHash(input.path, contentOf);
  } catch {
    return MISSING;
  }
}

interface Entry {
  /** Relative to the folder, with `/`. */
  readonly name: string;
  readonly file: string;
}

/** Files hashed at a time. */
const BATCH = 64;

async function treeHash(folder: string, describe: (file: string) => Promise<string>): Promise<string> {
  const hash: Hash = createHash('sha256');
  const entries = await filesBelow(folder);
  for (let at = 0; at < entries.length; at += BATCH) {
    const batch = entries.slice(at, at + BATCH);
    const described = await Promise.all(batch.map(({ file }) => describe(file).catch(() => MISSING)));
    batch.forEach(({ name }, index) => hash.update(`${name}\0${described[index] ?? ''}\n`));
  }
  return hash.digest('hex');
}

/**
 * All files below a folder in a fixed order, symbolic links followed as the trainer does. Its caches (`*.cache`) and
 * dot-folders are left out: it writes the first, and looks into neither.
 */
async function filesBelow(root: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const visited = new Set<string>();
  const pending = [{ folder: root, prefix: '' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const real = await realpath(next.folder);
    // A link to a folder above would go round in circles.
    if (visited.has(real)) continue;
    visited.add(real);
    for (const entry of await readdir(next.folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name.endsWith('.cache')) continue;
      const file = path.join(next.folder, entry.name);
      const name = `${next.prefix}${entry.name}`;
      const linked = entry.isSymbolicLink() ? await stat(file).catch(() => null) : null;
      if (entry.isDirectory() || linked?.isDirectory() === true) pending.push({ folder: file, prefix: `${name}/` });
      else entries.push({ name, file });
    }
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function statOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${size} ${mtimeMs}`;
}

async function contentOf(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size <= HASHED_WHOLE) return sha256OfFile(file);
  const handle = await open(file, 'r');
  try {
    const ends = Buffer.alloc(HASHED_WHOLE);
    await handle.read(ends, 0, HASHED_WHOLE / 2, 0);
    await handle.read(ends, HASHED_WHOLE / 2, HASHED_WHOLE / 2, size - HASHED_WHOLE / 2);
    return `${size} ${createHash('sha256').update(ends).digest('hex')}`;
  } finally {
    await handle.close();
  }
}
