import { classCount } from './class-count';
import type { ClassName } from './rules/rule';
import type { DataValue } from './yaml-value';

/**
 * The classes as the trainer numbers them (spec dataset-and-training.md 1.4): a list from 0, a mapping by its keys as
 * whole numbers, or `class_0…` where only `nc` is given. Null where the trainer refuses them.
 */
export function classNames(names: DataValue | undefined, nc: DataValue | undefined): readonly ClassName[] | null {
  if (names === undefined) {
    const given = nc === undefined ? null : classCount(nc);
    if (nc === undefined || given === null) return null;
    const count = Math.max(0, Math.min(given, MOST_NUMBERED));
    return Array.from({ length: count }, (_, index) => ({ index, name: `class_${index}`, value: nc }));
  }
  if (names.kind === 'list') return names.items.map((value, index) => ({ index, name: pythonText(value), value }));
  if (names.kind !== 'map') return null;
  const byIndex = new Map<number, ClassName>();
  for (const { key, value } of names.entries) {
    const index = pythonInt(key);
    if (index === null) return null;
    byIndex.set(index, { index, name: pythonText(value), value });
  }
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

const MOST_NUMBERED = 10_000;

/** `int(key)` of Python; null where it fails. */
export function pythonInt(key: DataValue): number | null {
  if (key.kind !== 'scalar') return null;
  if (typeof key.value === 'number') return Number.isFinite(key.value) ? Math.trunc(key.value) : null;
  if (typeof key.value === 'boolean') return key.value ? 1 : 0;
  if (key.type !== 'str') return null;
  const text = key.text.trim();
  return /^[-+]?\d+(?:_\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : null;
}

/** Aliases can make a value that is far larger than its text; a name shows its beginning. */
const MOST_ITEMS = 8;
const DEEPEST = 3;

function pythonText(value: DataValue, depth = 0): string {
  if (value.kind === 'scalar') return value.text;
  if (depth >= DEEPEST) return '…';
  const shown =
    value.kind === 'list'
      ? value.items.slice(0, MOST_ITEMS).map((item) => pythonRepr(item, depth + 1))
      : value.entries
          .slice(0, MOST_ITEMS)
          .map((entry) => `${pythonRepr(entry.key, depth + 1)}: ${pythonRepr(entry.value, depth + 1)}`);
  return value.kind === 'list' ? `[${shown.join(', ')}]` : `{${shown.join(', ')}}`;
}

function pythonRepr(value: DataValue, depth: number): string {
  if (value.kind !== 'scalar' || value.type !== 'str') return pythonText(value, depth);
  return value.text.includes("'") ? `"${value.text}"` : `'${value.text}'`;
}
