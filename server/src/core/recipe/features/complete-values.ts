import { CompletionItemKind, MarkupKind, type CompletionItem } from 'vscode-languageserver-types';
import type { LanguageDocument } from '../../language/service';
import { knownAt, typesOf, type SchemaNode } from '../../schema/schema-node';
import type { YamlCursor } from '../../schema/yaml-cursor';
import { scalarText } from '../../schema/yaml-scalar';
import type { LineIndex } from '../../text/line-index';
import { recipeSchema } from '../schema';
import { SUGGEST_AGAIN } from './complete-keys';
import { pathChoices } from './complete-paths';
import { asText } from './describe';
import { modelNames } from './model-names';
import { writtenTask } from './written-values';

/** One value that may be written, before it becomes a completion item. */
export interface Choice {
  readonly value: string;
  readonly kind: CompletionItemKind;
  readonly label?: string;
  readonly detail?: string;
  readonly documentation?: string;
  /** YAML text: not to be quoted. */
  readonly literal?: boolean;
  /** A folder: the list opens again for what is in it. */
  readonly goesOn?: boolean;
}

/** Values for the place under the cursor: choices of the schema, model names, paths; the likeliest first. */
export function completeValues(document: LanguageDocument, lines: LineIndex, cursor: YamlCursor): CompletionItem[] {
  const schema = knownAt(recipeSchema, cursor.path);
  if (schema === null) return [];
  const task = writtenTask(document.text);
  const names = schema['x-names'] === undefined ? [] : modelNames(task);
  const choices: readonly Choice[] = [
    ...names.map((value): Choice => ({ value, kind: CompletionItemKind.Value, detail: 'starts from nothing' })),
    ...pathChoices(document, cursor, schema['x-path'] ?? '', task),
    ...schemaChoices(schema, schema['x-path'] !== undefined),
  ];
  const seen = new Set<string>();
  const range = lines.range(cursor.start, cursor.end);
  return choices.flatMap((choice, order): CompletionItem[] => {
    const { value, label, kind, detail, documentation } = choice;
    if (seen.has(value)) return [];
    seen.add(value);
    const written = choice.literal === true ? value : scalarText(value, cursor.quote, cursor.flow);
    return [
      {
        label: label ?? value,
        kind,
        sortText: String(order).padStart(4, '0'),
        filterText: `${cursor.quote}${value}`,
        textEdit: { range, newText: `${cursor.separated ? '' : ' '}${written}` },
        ...(detail === undefined ? {} : { detail }),
        ...(documentation === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
        ...(choice.goesOn === true ? { command: SUGGEST_AGAIN } : {}),
      },
    ];
  });
}

/** The default, the choices and the examples of a schema. */
function schemaChoices(schema: SchemaNode, isPath: boolean): readonly Choice[] {
  const choices: Choice[] = [];
  const add = (value: unknown, kind: CompletionItemKind, detail?: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
    const text = asText(value);
    const documentation = Object.hasOwn(schema['x-values'] ?? {}, text) ? schema['x-values']?.[text] : undefined;
    choices.push({
      value: text,
      kind,
      literal: typeof value !== 'string',
      ...(detail === undefined ? {} : { detail }),
      ...(documentation === undefined ? {} : { documentation }),
    });
  };
  const usual = schema.default;
  const taken = typesOf(schema);
  const usualFits = usual !== undefined && (usual !== null || taken.includes('null'));
  if (usualFits) add(usual, CompletionItemKind.Value, 'default');
  for (const value of schema.enum ?? []) add(value, CompletionItemKind.EnumMember);
  if (schema.type !== undefined && taken.includes('boolean'))
    for (const value of [true, false]) add(value, CompletionItemKind.Value);
  // Examples of paths would be names of files that do not exist.
  if (!isPath) for (const value of schema.examples ?? []) add(value, CompletionItemKind.Value, 'example');
  return choices;
}
