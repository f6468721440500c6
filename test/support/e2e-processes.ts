import { readdirSync, readFileSync } from 'node:fs';

/** Every process that was started, at whatever depth, with this entry (`NAME=value`) in its environment. Linux only. */
export function processesWith(entry: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => fileOf(pid, 'environ').split('\0').includes(entry));
}

/** Command line of a process, its words joined by blanks; empty where it has ended. */
export function commandLine(pid: number): string {
  return fileOf(pid, 'cmdline').split('\0').join(' ').trim();
}

/** Ends processes that may have ended already. */
export function kill(pids: readonly number[], signal: NodeJS.Signals = 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

function fileOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
