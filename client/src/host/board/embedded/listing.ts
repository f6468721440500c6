import type { Stats } from 'node:fs';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** One line of `ls -l`, owner and group root as on a board. */
export function longListing(name: string, stat: Stats): string {
  const links = String(stat.nlink).padStart(4);
  const size = String(stat.size).padStart(12);
  return `${modeText(stat)} ${links} root     root     ${size} ${dateText(stat.mtime)} ${name}`;
}

function modeText(stat: Stats): string {
  const kind = stat.isDirectory() ? 'd' : stat.isSymbolicLink() ? 'l' : '-';
  const bits = [0o400, 0o200, 0o100, 0o40, 0o20, 0o10, 0o4, 0o2, 0o1];
  return kind + bits.map((bit, index) => ((stat.mode & bit) === 0 ? '-' : ('rwx'[index % 3] ?? '-'))).join('');
}

function dateText(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${MONTHS[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2)}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}
