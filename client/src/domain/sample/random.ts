/** Random numbers that repeat: the same seed gives the same numbers on every computer. */
export interface Random {
  /** Even in `[0, 1)`. */
  next(): number;
  /** Even in `[low, high)`. */
  between(low: number, high: number): number;
  /** Whole number in `[low, high]`. */
  whole(low: number, high: number): number;
  /** One of the values. */
  pick<T>(values: readonly [T, ...T[]]): T;
}

/** A 32-bit generator (a Weyl sequence with a multiply-xorshift finish): fast, and good enough to draw with. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    whole,
    pick: (values) => values[whole(0, values.length - 1)] ?? values[0],
  };
}
