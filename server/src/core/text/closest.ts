/**
 * The candidate that a person most likely meant by `word`: at most a third of its letters differ (insertions,
 * deletions, replacements, swaps of neighbours). Case, `_`, `-` and blanks do not count. Null where nothing is near.
 */
export function closestWord(word: string, candidates: readonly string[]): string | null {
  const wanted = normal(word).slice(0, MAX_LENGTH);
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const target = normal(candidate);
    const distance = editDistance(wanted, target);
    if (distance <= Math.max(1, Math.floor(target.length / 3)) && distance < target.length && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Longer words are cut: the work grows with the product of the lengths. */
const MAX_LENGTH = 64;

function normal(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, '');
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
