import type { ASTNode } from 'vscode-json-languageservice';
import { pathText, type SchemaNode } from '../../schema/schema-node';
import type { Violation } from '../../schema/validate';
import { scalarText } from '../../schema/yaml-scalar';
import { closestWord } from '../../text/closest';

/** What may stand instead of a wrong value, as YAML text. */
export interface BetterValue {
  readonly text: string;
  /** The person can only have meant this one. */
  readonly sure: boolean;
}

/** What a value that breaks the schema most likely was meant to be, the likeliest first; `written` as in the file. */
export function betterValues(violation: Violation, written: string): readonly BetterValue[] {
  const { kind, schema, node } = violation;
  switch (kind) {
    case 'choice':
      return choices(node, schema);
    case 'range': {
      if (node.type !== 'number') return [];
      const bound = node.value < (schema.minimum ?? -Infinity) ? schema.minimum : schema.maximum;
      return bound === undefined ? [] : maybe(String(bound));
    }
    case 'form':
      return node.type === 'string' ? otherForm(node.value, schema, pathText(violation.path)) : [];
    case 'type':
      return otherType(node, schema, pathText(violation.path), written);
    case 'count':
      return defaultValue(schema);
    case 'unknown-key':
    case 'missing-key':
      return [];
  }
}

function choices(node: ASTNode, schema: SchemaNode): readonly BetterValue[] {
  const words = (schema.enum ?? []).map(String);
  const near = node.type === 'string' ? closestWord(node.value, words) : null;
  return near === null ? words.map((text) => ({ text, sure: false })) : sure(near);
}

/** A text that does not have the form of its pattern. */
function otherForm(value: string, schema: SchemaNode, path: string): readonly BetterValue[] {
  if (path === 'export.size') {
    const sides = /^\s*(\d{2,5})\s*[x×*, ]\s*(\d{2,5})\s*$/i.exec(value);
    return sides === null ? defaultValue(schema) : sure(`${Number(sides[1])}x${Number(sides[2])}`);
  }
  if (path === 'train.device') {
    const gpu = /^\s*(?:cuda|gpu)\s*:?\s*(\d{1,2})?\s*$/i.exec(value);
    if (gpu !== null) return gpu[1] === undefined ? maybe('0') : sure(String(Number(gpu[1])));
    const near = closestWord(value, ['auto', 'cpu', 'mps']);
    return near === null ? defaultValue(schema) : sure(near);
  }
  if (path === 'deploy.host') {
    const address = /^(?:ssh:\/\/)?(?:[^@\s]*@)?([^@\s/]+)\/?$/.exec(value.trim())?.[1];
    return address !== undefined && matches(address, schema) ? maybe(scalarText(address)) : [];
  }
  if (path === 'deploy.folder' && /^[\w.-]+(?:\/[\w.-]+)*\/?$/.test(value)) return maybe(`/root/models/${value}`);
  if (schema.items !== undefined && value.trim() !== '') {
    if (closestWord(value, ['auto']) !== null) return sure('auto');
    const names = value.split(/\s*,\s*/).filter((name) => name !== '');
    return maybe(`[${names.map((name) => scalarText(name, '', true)).join(', ')}]`);
  }
  return defaultValue(schema);
}

function otherType(node: ASTNode, schema: SchemaNode, path: string, written: string): readonly BetterValue[] {
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const takes = (type: string): boolean => types.includes(type);
  if (node.type === 'string' && (takes('number') || takes('integer'))) {
    const value = node.value.trim() === '' ? NaN : Number(node.value.trim().replace(/^(-?\d+),(\d+)$/, '$1.$2'));
    const fits = Number.isFinite(value) && (takes('number') || Number.isInteger(value)) && inRange(value, schema);
    return fits ? sure(String(value)) : defaultValue(schema);
  }
  if (node.type === 'number' && takes('integer') && inRange(Math.round(node.value), schema)) {
    return maybe(String(Math.round(node.value)));
  }
  if (node.type === 'array' && node.items.length === 1 && takes('string')) {
    const [only] = node.items;
    if (only?.type === 'string' && matches(only.value, schema)) return sure(scalarText(only.value));
  }
  if (node.type === 'array' && path === 'export.size') {
    const sides = node.items.map(({ value }) => String(value)).join('x');
    return matches(sides, schema) ? maybe(sides) : defaultValue(schema);
  }
  if (node.type === 'number' && path === 'export.size') {
    return matches(`${node.value}x${node.value}`, schema) ? maybe(`${node.value}x${node.value}`) : [];
  }
  const isPlain = (node.type === 'number' || node.type === 'boolean') && /^[\w.+-]+$/.test(written);
  if (isPlain && schema.items !== undefined) return maybe(`[${JSON.stringify(written)}]`);
  if (isPlain && takes('string') && matches(written, schema)) return sure(JSON.stringify(written));
  return defaultValue(schema);
}

function defaultValue(schema: SchemaNode): readonly BetterValue[] {
  const value = schema.default;
  if (typeof value === 'string') return maybe(scalarText(value));
  return typeof value === 'number' || Array.isArray(value) ? maybe(JSON.stringify(value).replaceAll(',', ', ')) : [];
}

function matches(value: string, schema: SchemaNode): boolean {
  return new RegExp(schema.pattern ?? '', 'u').test(value) && value.length >= (schema.minLength ?? 0);
}

function inRange(value: number, schema: SchemaNode): boolean {
  return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
}

function sure(text: string): readonly BetterValue[] {
  return [{ text, sure: true }];
}

function maybe(text: string): readonly BetterValue[] {
  return [{ text, sure: false }];
}
