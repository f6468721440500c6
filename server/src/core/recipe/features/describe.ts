import type { SchemaNode } from '../../schema/schema-node';
import { expectation } from '../../schema/wording';

/** What a key means, as short Markdown: form and unit, meaning, default, choices. */
export function describeKey(title: string, schema: SchemaNode): string {
  const parts = [`**${title}**: ${expectation(schema)}`, schema.description ?? ''];
  if (schema.default !== undefined && !isEmptyGroup(schema.default))
    parts.push(`Default: \`${asText(schema.default)}\``);
  const values = Object.entries(schema['x-values'] ?? {});
  if (values.length > 0) parts.push(values.map(([value, meaning]) => `- \`${value}\`: ${meaning}`).join('\n'));
  else if (schema.default === undefined && schema.examples?.[0] !== undefined) {
    parts.push(`Example: \`${asText(schema.examples[0])}\``);
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A value as it is written on one line of YAML. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ');
}

function isEmptyGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
