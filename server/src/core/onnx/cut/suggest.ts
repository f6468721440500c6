import type { OnnxGraph } from '../model';

/** Names longer than this are compared by their ends only: the distance of long paths says little and costs much. */
const MAX_COMPARED = 96;

/**
 * Tensor names that a person may have meant by `wanted`, best first: the outputs of a node of that name, names that
 * contain it, then the nearest spellings.
 */
export function suggestTensors(graph: OnnxGraph, wanted: string, count = 3): readonly string[] {
  const byNode = graph.nodes.filter((node) => node.name === wanted).flatMap((node) => node.outputs);
  const names = [...new Set(graph.nodes.flatMap((node) => node.outputs))].filter((name) => name !== '');
  const lower = wanted.toLowerCase();
  const containing = lower === '' ? [] : names.filter((name) => name.toLowerCase().includes(lower));
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const near = names
    .map((name) => ({ name, distance: editDistance(name.slice(-MAX_COMPARED), wanted.slice(-MAX_COMPARED), limit) }))
    .filter((entry) => entry.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .map((entry) => entry.name);
  // The last nodes of a graph are where outputs are usually sought.
  return [...new Set([...byNode, ...near, ...containing.reverse()])].slice(0, count);
}

/** Levenshtein distance; any number above `limit` where it is larger. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (Math.min(...current) > limit) return limit + 1;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
