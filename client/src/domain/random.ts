/** Random numbers that repeat: the same seed gives the same numbers on every computer. */
export interface Random {
  /** Even in `[0, 1)`. */
  readonly next: () => number;
  /** Even in `[low, high)`. */
  readonly between: (low: number, high: number) => number;
  /** Whole number in `[low, high]`. */
  readonly whole: (low: number, high: number) => number;
  /** One of the values. */
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
}

/**
 * The mulberry32 generator (a Weyl sequence with a multiply-xorshift finish): fast, and good enough to draw with and to
 * choose by. The drawn sample depends on its numbers: another generator would make another dataset.
 */
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

/** The items in an order that the seed decides (Fisher–Yates); the given list stays as it is. */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = seededRandom(seed);
  const order = [...items];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = random.whole(0, index);
    const kept = order[index] as Item;
    order[index] = order[other] as Item;
    order[other] = kept;
  }
  return order;
}
