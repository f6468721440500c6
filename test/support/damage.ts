import type { Random } from './campaign';

/** Byte values that upset readers of lengths and numbers. */
const POISON = [0x00, 0x7f, 0x80, 0xff] as const;

/**
 * Damaged copies of files: truncated, flipped, overwritten, with stretches inserted, removed, doubled, or spliced in
 * from `donor`. One to four of these, at places that `place` draws.
 */
export function damage(
  bytes: Uint8Array,
  donor: Uint8Array,
  random: Random,
  place: (length: number) => number = (length) => random.below(length),
): Uint8Array {
  let result = bytes;
  const times = 1 + random.below(4);
  for (let time = 0; time < times; time += 1) result = damageOnce(result, donor, random, place);
  return result;
}

function damageOnce(
  bytes: Uint8Array,
  donor: Uint8Array,
  random: Random,
  place: (length: number) => number,
): Uint8Array {
  const at = Math.min(place(bytes.length), bytes.length);
  const stretch = 1 + random.below(random.chance(0.8) ? 16 : 4096);
  switch (random.pick(['truncate', 'flip', 'overwrite', 'insert', 'remove', 'double', 'splice'])) {
    case 'truncate':
      // Most of a file stays as a rule, so that more than the first fields are reached.
      return bytes.subarray(0, random.chance(0.7) ? bytes.length - random.below(bytes.length / 4 + 1) : at);
    case 'flip': {
      const flipped = Uint8Array.from(bytes);
      const flips = 1 + random.below(20);
      for (let flip = 0; flip < flips; flip += 1) {
        const where = place(bytes.length);
        flipped[where] = (flipped[where] ?? 0) ^ (1 << random.below(8));
      }
      return flipped;
    }
    case 'overwrite': {
      const changed = Uint8Array.from(bytes);
      changed.set(filling(stretch, random).subarray(0, bytes.length - at), at);
      return changed;
    }
    case 'insert':
      return joined(bytes.subarray(0, at), filling(stretch, random), bytes.subarray(at));
    case 'remove':
      return joined(bytes.subarray(0, at), bytes.subarray(at + stretch));
    case 'double':
      return joined(bytes.subarray(0, at + stretch), bytes.subarray(at));
    default: {
      const from = random.below(donor.length + 1);
      return joined(bytes.subarray(0, at), donor.subarray(from, from + stretch), bytes.subarray(at));
    }
  }
}

function filling(length: number, random: Random): Uint8Array {
  return random.chance(0.5) ? random.bytes(length) : new Uint8Array(length).fill(random.pick(POISON));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
