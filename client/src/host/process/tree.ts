import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';

/** Environment variable that marks every descendant of one run, so that a daemonised one can be found again. */
export const RUN_MARK = 'MAIXCAM_RUN';

/** A started program and all it started in turn. */
export interface ProcessTree {
  /** Process id of the root, which is also the id of its process group (POSIX). */
  readonly pid: number;
  /** Value in `MAIXCAM_RUN` that no other run has. */
  readonly mark: string;
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/**
 * Sends `signal` to every living member of the tree. On Windows `taskkill /T` does it, with `/F` for SIGKILL.
 * Gives false where nothing of the tree lives any more.
 */
export async function signalTree(tree: ProcessTree, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<boolean> {
  if (process.platform === 'win32') {
    const force = signal === 'SIGKILL' ? ['/F'] : [];
    const result = await execa('taskkill', ['/PID', String(tree.pid), '/T', ...force], { reject: false });
    return result.exitCode === 0;
  }
  // The group first: it takes new members along that the list below would miss.
  const group = send(-tree.pid, signal);
  const strays = livingMembers(tree).filter((entry) => entry.group !== tree.pid);
  for (const stray of strays) send(stray.pid, signal);
  return group || strays.length > 0;
}

/** True while something of the tree lives; what has ended and only waits for its parent does not count. */
export function treeLives(tree: ProcessTree): boolean {
  if (process.platform === 'linux') return livingMembers(tree).length > 0;
  return send(process.platform === 'win32' ? tree.pid : -tree.pid, 0);
}

/** Ends the whole tree at once, for the exit of our own process, where nothing can be awaited. */
export function killTreeNow(tree: ProcessTree): void {
  if (process.platform === 'win32') send(tree.pid, 'SIGKILL');
  else {
    send(-tree.pid, 'SIGKILL');
    for (const entry of livingMembers(tree)) send(entry.pid, 'SIGKILL');
  }
}

/**
 * Ends a foreign process with all that it started; returns when nothing of them lives. The caller is sure that the
 * process is the one that it means. Everything is stopped first, the root before the rest: what has no parent any more
 * could not be found.
 */
export async function killWhole(pid: number): Promise<void> {
  const tree: ProcessTree = { pid, mark: markOf(pid) };
  const stopped = new Set<number>();
  send(pid, 'SIGSTOP');
  for (let fresh = [pid]; fresh.length > 0;) {
    for (const one of fresh) {
      stopped.add(one);
      send(one, 'SIGSTOP');
    }
    fresh = livingMembers(tree).flatMap((entry) => (stopped.has(entry.pid) ? [] : [entry.pid]));
  }
  for (const one of [...stopped].reverse()) send(one, 'SIGKILL');
  for (let round = 0; round < 200 && treeLives(tree); round++) {
    await signalTree(tree, 'SIGKILL');
    await delay(10);
  }
}

/** What marks the descendants of a process that was started by `runProcess`; of another one, a text that nothing has. */
function markOf(pid: number): string {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const own = variables.find((variable) => variable.startsWith(`${RUN_MARK}=`));
    if (own !== undefined && own.length > RUN_MARK.length + 1) return own.slice(RUN_MARK.length + 1);
  } catch {
    // It has none, or is another user's.
  }
  return randomUUID();
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Members by group, session, descent and mark; only Linux tells (`/proc`). */
function livingMembers(tree: ProcessTree): ProcessEntry[] {
  if (process.platform !== 'linux') return [];
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readEntry(Number(name)) : []));
  const members = new Set<number>();
  let grown = true;
  const belongs = (entry: ProcessEntry): boolean =>
    entry.pid === tree.pid ||
    entry.group === tree.pid ||
    entry.session === tree.pid ||
    members.has(entry.parent) ||
    hasMark(entry.pid, tree.mark);
  for (const entry of all) if (belongs(entry)) members.add(entry.pid);
  while (grown) {
    grown = false;
    for (const entry of all) {
      if (members.has(entry.pid) || !members.has(entry.parent)) continue;
      members.add(entry.pid);
      grown = true;
    }
  }
  return all.filter((entry) => members.has(entry.pid));
}

function readEntry(pid: number): ProcessEntry[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the name in brackets, which may hold blanks and brackets itself.
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X' || pid === process.pid) return [];
    return [{ pid, parent: Number(parent), group: Number(group), session: Number(session) }];
  } catch {
    return [];
  }
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
  } catch {
    return false;
  }
}
