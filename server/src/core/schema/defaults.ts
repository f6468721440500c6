import type { SchemaNode } from './schema-node';

/**
 * `value` with the defaults of its schema filled in: sections that are absent or empty become objects with the
 * defaults of their keys. Keys without a default stay absent. The value must be valid.
 */
export function withDefaults(schema: SchemaNode, value: unknown): unknown {
  if (schema.properties === undefined) return value ?? schema.default ?? null;
  const given: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  const result: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(schema.properties)) {
    if (Object.hasOwn(given, key) || child.properties !== undefined || child.default !== undefined) {
      result[key] = withDefaults(child, Object.hasOwn(given, key) ? given[key] : undefined);
    }
  }
  return result;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
