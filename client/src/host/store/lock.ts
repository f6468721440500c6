import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { writeFailure } from '../../../../server/src/node/write-failure';

interface LockOwner {
  readonly pid: number;
  /** When that process started, in the kernel's ticks; tells a reused process id. Null where not known. */
  readonly started: string | null;
  readonly since: string;
}

export interface RecipeLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a recipe: one run at a time. A lock whose owner no longer lives is taken over.
 *
 * @throws AppError `RECIPE_BUSY` while another run holds it.
 */
export async function takeLock(file: string): Promise<RecipeLock> {
  await mkdir(path.dirname(file), { recursive: true }).catch((error: unknown) => {
    throw writeFailure(path.dirname(file), error);
  });
  const owner: LockOwner = {
    pid: process.pid,
    started: processStart(process.pid),
    since: new Date().toISOString(),
  };
  // The lock appears with its content in one step (link), so that nobody reads a half-written one.
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(owner));
    // Two attempts: the second after a dead owner's lock was set aside.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        await link(draft, file);
        return held(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = await readOwner(file);
        if (holder !== null && isAlive(holder)) throw busy(holder);
        await setAside(file);
      }
    }
    throw busy(await readOwner(file));
  } catch (error) {
    throw writeFailure(file, error);
  } finally {
    await rm(draft, { force: true });
  }
}

function held(file: string): RecipeLock {
  const onExit = (): void => rmSync(file, { force: true });
  process.once('exit', onExit);
  return {
    release: async () => {
      process.off('exit', onExit);
      await rm(file, { force: true });
    },
  };
}

/** Removes a dead owner's lock; puts it back where another run took it in the meantime. */
async function setAside(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readOwner(aside);
  if (moved !== null && isAlive(moved)) await rename(aside, file);
  else await rm(aside, { force: true });
}

function busy(holder: LockOwner | null): AppError {
  const who = holder === null ? 'another process' : `process ${holder.pid} (since ${holder.since})`;
  return new AppError({
    code: 'RECIPE_BUSY',
    message: `This recipe is already being run by ${who}.`,
    hint: 'Wait for that run to end, or cancel it, then try again.',
  });
}

async function readOwner(file: string): Promise<LockOwner | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockOwner;
  } catch {
    return null;
  }
}

/** Whether the process that wrote the lock still runs. */
export function isAlive(owner: { readonly pid: number; readonly started: string | null }): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return owner.started === null || owner.started === processStart(owner.pid);
}

/** Field 22 of /proc/<pid>/stat (proc(5)): start time in clock ticks after boot. */
export function processStart(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
