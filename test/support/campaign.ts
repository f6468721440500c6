import { writeFileSync } from 'node:fs';
import os from 'node:os';

/** Draws that a seed repeats. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** True in this share of the draws. */
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

export interface Round {
  readonly seed: number;
  readonly random: Random;
}

interface Row {
  readonly campaign: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly worstMs: number;
  readonly ends: string;
}

interface Soak {
  readonly rows: Row[];
  failed: boolean;
}

const FULL = process.env.SOAK === 'full';
const TABLE = 'test/soak/RESULTS.md';
/** Seeds of one campaign lie this far apart, so that neighbours share nothing. */
const SEED_STEP = 0x9e3779b1;
/** Longest time for one round: more means that it hangs. */
const ROUND_LIMIT_MS = 60_000;
/** So that the table stays readable. */
const SHOWN_ENDS = 5;

/**
 * A campaign of random faults as one test: `fullCount` rounds in `npm run soak`, the first tenth of them otherwise.
 * `round` throws where something is wrong, and says in a word or two how it ended, which the table counts. A failure
 * names the seed of its round: with `SOAK_SEED` set to it, each campaign runs that round alone. Every run prints the
 * table; a full run that passed writes it to `test/soak/RESULTS.md`.
 */
export function campaign(
  name: string,
  fullCount: number,
  round: (round: Round) => string | Promise<string>,
): Mocha.Test {
  const only = process.env.SOAK_SEED;
  const count = only !== undefined ? 1 : FULL ? fullCount : Math.ceil(fullCount / 10);
  const first = seedOf(name);
  return it(`${name}, ${count} rounds`, async function () {
    this.timeout(0);
    const ends = new Map<string, number>();
    const begun = performance.now();
    let worstMs = 0;
    for (let index = 0; index < count; index += 1) {
      const seed = only !== undefined ? Number(only) : (first + Math.imul(index, SEED_STEP)) >>> 0;
      const started = performance.now();
      try {
        const end = await within(ROUND_LIMIT_MS, round({ seed, random: randomFrom(seed) }));
        ends.set(end, (ends.get(end) ?? 0) + 1);
      } catch (thrown) {
        soak().failed = true;
        throw new Error(`Round ${index + 1} of ${count} failed; SOAK_SEED=${seed} repeats it.`, { cause: thrown });
      }
      worstMs = Math.max(worstMs, performance.now() - started);
    }
    const seconds = (performance.now() - begun) / 1000;
    const sorted = [...ends].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    soak().rows.push({
      campaign: name,
      rounds: count,
      seconds,
      worstMs,
      ends: endsOf(sorted),
    });
  });
}

function endsOf(sorted: readonly (readonly [string, number])[]): string {
  const others = sorted.slice(SHOWN_ENDS).reduce((sum, [, times]) => sum + times, 0);
  const shown = sorted.slice(0, SHOWN_ENDS).map(([end, times]) => `${end} ${times}`);
  return [...shown, ...(others > 0 ? [`others ${others}`] : [])].join(', ');
}

/** A round that hangs is a failure with a seed, like any other. */
async function within(limitMs: number, ending: string | Promise<string>): Promise<string> {
  if (typeof ending === 'string') return ending;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the round did not end in ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([ending, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A small generator (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick: (from) => {
      if (from.length === 0) throw new Error('there is nothing to pick from');
      return from[below(from.length)]!;
    },
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}

/** FNV-1a: a campaign keeps its seeds whatever other campaigns there are. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/** One table for the process: each test file is a bundle with a copy of this module. */
function soak(): Soak {
  const key = Symbol.for('maixcam-workbench soak');
  const shared = globalThis as unknown as Record<symbol, Soak | undefined>;
  const known = shared[key];
  if (known !== undefined) return known;
  const made: Soak = { rows: [], failed: false };
  shared[key] = made;
  process.once('exit', () => report(made));
  return made;
}

function report({ rows, failed }: Soak): void {
  if (rows.length === 0) return;
  const table = tableOf(rows);
  console.log(`\n${table}`);
  if (!FULL || failed || process.env.SOAK_SEED !== undefined) return;
  const gib = Math.round(os.totalmem() / 2 ** 30);
  const machine = `Machine: ${os.availableParallelism()} cores, ${gib} GiB memory.`;
  writeFileSync(TABLE, `# Last full soak\n\nWritten by \`npm run soak\`. ${machine}\n\n${table}\n`);
}

/** A Markdown table, aligned as the formatter does it. */
function tableOf(rows: readonly Row[]): string {
  const total = rows.reduce((sum, row) => sum + row.seconds, 0);
  const cells = [
    ...rows.map((row) => [row.campaign, String(row.rounds), row.seconds.toFixed(1), row.worstMs.toFixed(0), row.ends]),
    ['total', String(rows.reduce((sum, row) => sum + row.rounds, 0)), total.toFixed(1), '', ''],
  ];
  const head = ['campaign', 'rounds', 'seconds', 'worst ms', 'ends'];
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)));
  const right = [false, true, true, true, false];
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, at) => (right[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (right[at] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...cells.map(line)].join('\n');
}
