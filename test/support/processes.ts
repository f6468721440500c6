import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the processes (not this one) whose command line or working folder mentions a text. Linux only; else empty. */
export function processesMentioning(text: string): readonly number[] {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return [];
  }
  return names.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}
