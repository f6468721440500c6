import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFailure } from '../../../../server/src/node/write-failure';

const WORK_PREFIX = '.work-';
const OLD_SUFFIX = '.old';

/**
 * Makes an empty working folder beside the published results, so that publishing is a rename on one file system
 * (spec decisions.md 2). What an earlier run that was killed left there is removed first: the caller holds the lock.
 */
export async function openWorkFolder(results: string, step: string): Promise<string> {
  try {
    await mkdir(results, { recursive: true });
    await removeLeftovers(results);
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
      else await rename(path.join(results, name), path.join(results, current));
    }
  }
}

/** Puts a finished working folder in the place of the old result. */
export async function publish(work: string, target: string): Promise<void> {
  const old = `${target}${OLD_SUFFIX}`;
  try {
    const hadOld = await rename(target, old).then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      },
    );
    await rename(work, target);
    if (hadOld) await rm(old, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(target, error);
  }
}
