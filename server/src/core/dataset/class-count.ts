import type { DataValue } from './yaml-value';

/** `nc` as the newest release coerces it: whole numbers, also as text, as `2.0` or as `true`; null where it stops. */
export function classCount(nc: DataValue): number | null {
  if (nc.kind !== 'scalar') return null;
  if (typeof nc.value === 'boolean') return nc.value ? 1 : 0;
  const value = nc.type === 'str' && /^\s*[-+]?\d+\s*$/.test(nc.text) ? Number(nc.text) : nc.value;
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
