import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  type Command,
  type CompletionItem,
} from 'vscode-languageserver-types';
import { schemaAt, typesOf, type SchemaNode } from '../../schema/schema-node';
import { indentStep, type YamlCursor } from '../../schema/yaml-cursor';
import { scalarText } from '../../schema/yaml-scalar';
import type { LineIndex } from '../../text/line-index';
import { OWNED_ARGUMENTS } from '../rules/own-arguments';
import { recipeSchema } from '../schema';
import { asText, describeKey } from './describe';

/** Opens the list again for the value that a key now waits for. */
export const SUGGEST_AGAIN: Command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };

/** Only one of two keys can make the model. */
const RIVALS: Readonly<Record<string, string>> = { onnx: 'train', train: 'onnx' };

/** The keys of the group under the cursor that it does not have yet; required ones first, then as in the schema. */
export function completeKeys(text: string, lines: LineIndex, cursor: YamlCursor): CompletionItem[] {
  const group = schemaAt(recipeSchema, cursor.path);
  const keys = Object.entries(group?.properties ?? group?.['x-known'] ?? {});
  const range = lines.range(cursor.start, cursor.end);
  const required = group?.required ?? [];
  const root = cursor.path.length === 0;
  return keys.flatMap(([name, schema], order): CompletionItem[] => {
    if (cursor.siblings.includes(name)) return [];
    if (root && cursor.siblings.includes(RIVALS[name] ?? '')) return [];
    if (group?.['x-known'] !== undefined && Object.hasOwn(OWNED_ARGUMENTS, name)) return [];
    const isGroup = typesOf(schema).includes('object') && schema.type !== undefined;
    const rank = required.includes(name) ? '0' : '1';
    const item: CompletionItem = {
      label: name,
      kind: isGroup ? CompletionItemKind.Module : CompletionItemKind.Property,
      documentation: { kind: MarkupKind.Markdown, value: describeKey([...cursor.path, name].join('.'), schema) },
      sortText: `${rank}${String(order).padStart(3, '0')}`,
      filterText: text.slice(cursor.start, cursor.start + (cursor.quote === '' ? 0 : 1)) + name,
      textEdit: { range, newText: name },
      ...(schema.default === undefined || isGroup ? {} : { detail: `default ${asText(schema.default)}` }),
      ...(required.includes(name) ? { detail: 'required' } : {}),
    };
    // The colon is there: only the name changes.
    if (cursor.separated && cursor.key !== '') return [item];
    const snippet = isGroup ? groupSnippet(name, text, cursor) : `${name}: ${valueSnippet(schema, cursor.flow)}`;
    const asks = isGroup || schema['x-path'] !== undefined;
    return [
      {
        ...item,
        textEdit: { range, newText: snippet },
        insertTextFormat: InsertTextFormat.Snippet,
        insertTextMode: InsertTextMode.adjustIndentation,
        ...(asks ? { command: SUGGEST_AGAIN } : {}),
      },
    ];
  });
}

function groupSnippet(name: string, text: string, cursor: YamlCursor): string {
  if (cursor.flow) return `${name}: { $0 }`;
  return `${name}:${text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(indentStep(text))}$0`;
}

/** A placeholder with the default, or with the choices. */
function valueSnippet(schema: SchemaNode, flow: boolean): string {
  const choices = schema.enum?.map(String) ?? (schema.type === 'boolean' ? ['true', 'false'] : []);
  const usual = schema.default ?? undefined;
  if (choices.length > 0) {
    const first = usual === undefined ? undefined : asText(usual);
    const ordered = [...choices].sort((a, b) => Number(b === first) - Number(a === first));
    return `\${1|${ordered.map((choice) => choice.replace(/[\\,|]/g, '\\$&')).join(',')}|}`;
  }
  if (schema['x-path'] !== undefined) return '$1';
  const value = usual ?? schema.examples?.find((example) => typeof example !== 'object');
  if (value === undefined) return '$1';
  const written = typeof value === 'string' ? scalarText(value, '', flow) : asText(value);
  return `\${1:${escapeSnippet(written)}}`;
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
