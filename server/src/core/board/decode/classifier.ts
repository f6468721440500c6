import { f32 } from './float';

/** One class with its probability. */
export interface ClassScore {
  readonly class_id: number;
  readonly score: number;
}

/** Softmax over all values of an output, best class first (spec mud.md 3.3). */
export function classify(values: Float32Array): readonly ClassScore[] {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  const weights = Float32Array.from(values, (value) => Math.exp(f32(value - largest)));
  let total = 0;
  for (const weight of weights) total = f32(total + weight);
  return Array.from(weights, (weight, class_id) => ({ class_id, score: f32(weight / total) })).sort(
    (a, b) => b.score - a.score,
  );
}
