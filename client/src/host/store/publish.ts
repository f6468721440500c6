import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeFailure } from '../../../../server/src/node/write-failure';

const WORK_PREFIX = '.work-';
const OLD_SUFFIX = '.old';

/**
 * Makes an empty working folder beside the published results, so that publishing is a rename on one file system
 * (spec decisions.md 2). What an earlier run that was killed left there is removed first: the caller holds the lock.
 */
export async function openWorkFolder(results: string, step: string): Promise<string> {
  try {
    await removeLeftovers(results);
    // Not made where it is missing: a folder that was removed under a run stays removed.
    return await mkdtemp(path.join(results, `${WORK_PREFIX}${step}-`));
  } catch (error) {
    throw writeFailure(results, error);
  }
}

/** Removes working folders of killed runs, and finishes or undoes a publication that was cut short. */
export async function removeLeftovers(results: string): Promise<void> {
  const names = await readdir(results).catch((): string[] => []);
  for (const name of names) {
    if (name.startsWith(WORK_PREFIX)) await rm(path.join(results, name), { recursive: true, force: true });
    else if (name.endsWith(OLD_SUFFIX)) {
      const current = name.slice(0, -OLD_SUFFIX.length);
      // Killed between the two renames: the old result is the only whole one.
      if (names.includes(current)) await rm(path.join(results, name), { recursive: true, force: true });
      else await renameOn(process.platform)(path.join(results, name), path.join(results, current));
    }
  }
}

type Rename = (from: string, to: string) => Promise<void>;

/** On Windows a scanner or an indexer may hold a file of the folder for a moment. */
const HELD: readonly (string | undefined)[] = ['EPERM', 'EBUSY', 'EACCES'];
const PAUSES_MS = [50, 100, 200, 400, 800] as const;

/** `rename` of this system; on Windows one that tries again while somebody else holds the file, 1.6 s at most. */
export function renameOn(platform: NodeJS.Platform, once: Rename = rename): Rename {
  if (platform !== 'win32') return once;
  return async (from, to) => {
    for (const pause of PAUSES_MS) {
      try {
        await once(from, to);
        return;
      } catch (error) {
        if (!HELD.includes((error as NodeJS.ErrnoException).code)) throw error;
        await delay(pause);
      }
    }
    await once(from, to);
  };
}

/** Puts a finished working folder in the place of the old result, which stays where that fails. */
export async function publish(work: string, target: string): Promise<void> {
  const old = `${target}${OLD_SUFFIX}`;
  const move = renameOn(process.platform);
  try {
    const hadOld = await move(target, old).then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      },
    );
    await move(work, target).catch(async (error: unknown) => {
      // Where that fails too, the next run puts it back.
      if (hadOld) await move(old, target).catch(() => undefined);
      throw error;
    });
    if (hadOld) await rm(old, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(target, error);
  }
}
