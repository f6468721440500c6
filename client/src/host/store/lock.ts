import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { writeFailure } from '../../../../server/src/node/write-failure';

interface LockOwner {
  readonly pid: number;
  /** When that process started, in the kernel's ticks; tells a reused process id. Null where not known. */
  readonly started: string | null;
  readonly since: string;
  /** Tells this lock from every other one. */
  readonly token: string;
}

/** Enough: each further one means that another process got ahead, which is busy then. */
const ATTEMPTS = 4;

/** How `link` fails on file systems without hard links (FAT, some network shares); EISDIR is Windows' answer. */
const NO_HARD_LINKS: readonly (string | undefined)[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR'];

/** There a lock is empty for an instant before its content is in it: what cannot be understood is read again. */
const REREADS = 4;
const REREAD_MS = 50;

type HardLink = (from: string, to: string) => Promise<void>;

export interface RecipeLock {
  /**
   * False once the lock is no longer this one's: its folder was removed or moved away, or another run has taken the
   * place since. A disk that does not answer proves nothing.
   */
  isHeld(): Promise<boolean>;
  /** Gives the recipe free; somebody else's lock stays. */
  release(): Promise<void>;
}

/**
 * Takes the lock of a recipe: one run at a time. A lock whose owner no longer lives is taken over by exactly one of
 * those who try.
 *
 * Only the heir of a dead owner may replace its lock. Whoever links `<lock>.after-<token of the owner>` first is the
 * heir, as long as the lock is still that owner's; an heir that died in turn has an heir in the same way.
 *
 * @param hardLink how the system makes a hard link
 * @throws AppError `RECIPE_BUSY` while another run holds it.
 */
export async function takeLock(file: string, hardLink: HardLink = link): Promise<RecipeLock> {
  await mkdir(path.dirname(file), { recursive: true }).catch((error: unknown) => {
    throw writeFailure(path.dirname(file), error);
  });
  const owner: LockOwner = {
    pid: process.pid,
    started: processStart(process.pid),
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  // The lock appears with its content in one step (link), so that nobody reads a half-written one.
  const draft = `${file}.${process.pid}.${owner.token}`;
  try {
    await writeFile(draft, JSON.stringify(owner));
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { holder, free } = await followSuccession(file);
      if (holder !== null) throw busy(holder);
      if (!(await claimed(draft, free, hardLink))) continue;
      if (free !== file) {
        // The lock that was read may have been taken over and released before the link: then it proves nothing.
        const after = await followSuccession(file);
        if (after.holder?.token !== owner.token) {
          await rm(free, { force: true });
          continue;
        }
        await rename(draft, file);
      }
      await removeDeadFiles(file, owner);
      return held(file, owner.token);
    }
    throw busy((await followSuccession(file)).holder);
  } catch (error) {
    throw writeFailure(file, error);
  } finally {
    await rm(draft, { force: true });
  }
}

/** From the lock over dead owners to a living holder or to the path where the next heir links its claim. */
async function followSuccession(file: string): Promise<{ holder: LockOwner | null; free: string }> {
  const passed = new Set<string>();
  for (let at = file; ;) {
    // A damaged claim would lead back to itself.
    if (passed.has(at)) await rm(at, { force: true });
    passed.add(at);
    let owner = await readOwner(at);
    for (let again = 0; owner === null && again < REREADS; again += 1) {
      await delay(REREAD_MS);
      owner = await readOwner(at);
    }
    if (owner === undefined) return { holder: null, free: at };
    if (owner !== null && isAlive(owner)) return { holder: owner, free: at };
    const token = /^[\w-]+$/.exec(owner?.token ?? '')?.[0] ?? 'unknown';
    at = `${file}.after-${token}`;
  }
}

/** False where something lies at `to` already. */
async function claimed(from: string, to: string, hardLink: HardLink): Promise<boolean> {
  try {
    await hardLink(from, to).catch(async (error: unknown) => {
      if (!NO_HARD_LINKS.includes((error as NodeJS.ErrnoException).code)) throw error;
      await writeNew(to, await readFile(from));
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Writes a file that must not be there yet. @throws ErrnoException `EEXIST` */
async function writeNew(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Claims and drafts of processes that were killed, and our own claims: the lock itself says everything now. */
async function removeDeadFiles(file: string, self: LockOwner): Promise<void> {
  const prefix = `${path.basename(file)}.`;
  for (const name of await readdir(path.dirname(file))) {
    if (!name.startsWith(prefix)) continue;
    const found = path.join(path.dirname(file), name);
    const owner = await readOwner(found);
    // A draft that was not written to its end has its process in its name.
    const pid = owner?.pid ?? Number(name.slice(prefix.length).split('.')[0]);
    const lives = isAlive({ pid, started: owner?.started ?? null });
    if (owner?.token === self.token || !lives) await rm(found, { force: true });
  }
}

function held(file: string, token: string): RecipeLock {
  const onExit = (): void => {
    if (readOwnerNow(file)?.token === token) rmSync(file, { force: true });
  };
  process.once('exit', onExit);
  return {
    isHeld: async () => {
      try {
        return (JSON.parse(await readFile(file, 'utf8')) as Partial<LockOwner>).token === token;
      } catch (error) {
        return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
      }
    },
    release: async () => {
      process.off('exit', onExit);
      if ((await readOwner(file))?.token === token) await rm(file, { force: true });
    },
  };
}

function busy(holder: LockOwner | null): AppError {
  const who = holder === null ? 'another process' : `process ${holder.pid}, ${sinceText(holder.since)}`;
  return new AppError({
    code: 'RECIPE_BUSY',
    message: `This recipe is already being run by ${who}.`,
    hint: 'Wait for that run to end, or cancel it, then try again.',
  });
}

function readOwnerNow(file: string): LockOwner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockOwner;
  } catch {
    return null;
  }
}

/** Who holds the lock, living or not; null where nobody does. */
export async function lockOwner(
  file: string,
): Promise<{ readonly pid: number; readonly started: string | null } | null> {
  return (await readOwner(file)) ?? null;
}

/** `for 40 s`, `for 3 min`, `for 2 h`: what a person compares with what they remember having started. */
function sinceText(since: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1000);
  if (!Number.isFinite(seconds)) return 'since an unknown time';
  if (seconds < 90) return `for ${Math.round(seconds)} s`;
  return seconds < 5400 ? `for ${Math.round(seconds / 60)} min` : `for ${Math.round(seconds / 3600)} h`;
}

/** Undefined: no such file. Null: it cannot be understood. */
async function readOwner(file: string): Promise<LockOwner | null | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LockOwner;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : null;
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

/**
 * Field 22 of /proc/<pid>/stat (proc(5)): start time in clock ticks after boot. Null where not known, and of a process
 * that has ended and only waits to be collected.
 */
export function processStart(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
