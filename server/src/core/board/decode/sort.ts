/** Up to this length the device's standard library sorts by insertion alone. */
const SMALL = 16;

/**
 * Sorts in place with the order that `std::sort` of libstdc++ gives to elements that compare equal: a quicksort with
 * the median of three as pivot, which stops at 16 elements, and one insertion sort over everything. The device's
 * results keep that order, and masks depend on it.
 *
 * @param before strict order: true where the first must come before the second.
 */
export function deviceSort<T>(items: T[], before: (a: T, b: T) => boolean): void {
  partition(items, 0, items.length, 2 * Math.floor(Math.log2(Math.max(1, items.length))), before);
  insertionSort(items, before);
}

/** Partitions `[start, end)` until the parts are small; at the depth limit a part is left to the insertion sort. */
function partition<T>(items: T[], start: number, end: number, depth: number, before: (a: T, b: T) => boolean): void {
  let last = end;
  let left = depth;
  while (last - start > SMALL && left > 0) {
    left -= 1;
    medianToFront(items, start, start + 1, start + Math.floor((last - start) / 2), last - 1, before);
    const cut = split(items, start + 1, last, at(items, start), before);
    partition(items, cut, last, left, before);
    last = cut;
  }
}

/** Swaps the median of three elements with the one at `front`. */
function medianToFront<T>(
  items: T[],
  front: number,
  a: number,
  b: number,
  c: number,
  before: (a: T, b: T) => boolean,
): void {
  const [x, y, z] = [at(items, a), at(items, b), at(items, c)];
  let median: number;
  if (before(x, y)) median = before(y, z) ? b : before(x, z) ? c : a;
  else median = before(x, z) ? a : before(y, z) ? c : b;
  swap(items, front, median);
}

/** Hoare's partition without bounds checks: the pivot is a median, so both scans stop. */
function split<T>(items: T[], start: number, end: number, pivot: T, before: (a: T, b: T) => boolean): number {
  let first = start;
  let last = end;
  for (;;) {
    while (before(at(items, first), pivot)) first += 1;
    last -= 1;
    while (before(pivot, at(items, last))) last -= 1;
    if (first >= last) return first;
    swap(items, first, last);
    first += 1;
  }
}

function insertionSort<T>(items: T[], before: (a: T, b: T) => boolean): void {
  for (let index = 1; index < items.length; index += 1) {
    const item = at(items, index);
    let hole = index;
    while (hole > 0 && before(item, at(items, hole - 1))) {
      items[hole] = at(items, hole - 1);
      hole -= 1;
    }
    items[hole] = item;
  }
}

function swap(items: unknown[], a: number, b: number): void {
  const held = at(items, a);
  items[a] = at(items, b);
  items[b] = held;
}

function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}
