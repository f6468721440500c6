import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver-types';
import type { LanguageDocument } from '../../language/service';
import type { Position, Range } from '../../problems/problem';
import { mudContext, type MudContext } from '../context';
import {
  CHIP_TITLES,
  classOf,
  keySchema,
  keysOf,
  MODEL_TYPES,
  RUNTIME_KEYS,
  SECTIONS,
  sectionDescription,
  type KeySchema,
} from '../knowledge/schema';
import { splitInline } from '../labels';
import { placeAt, type MudPlace } from './place';

/** Largest labels file whose names are offered as a list. */
const MAX_LIST_FILE = 100_000;

/** Section names, the keys that this class still lacks, and values: words, files of the folder, labels. */
export function completeMud(document: LanguageDocument, at: Position): readonly CompletionItem[] {
  const context = mudContext(document);
  const place = placeAt(context, at);
  if (place === null || place.inComment) return [];
  if (place.item !== null && place.offset > place.item.equals) return values(context, place);
  const typed = document.text.slice(place.line.start, place.offset);
  if (/^\s*\[/.test(typed)) return sections(context, place);
  if (!/^\s*[^\s=]*$/.test(typed)) return [];
  const start = place.line.start + typed.length - typed.trimStart().length;
  // A key that stands already is replaced alone; its value stays.
  const end = place.item === null ? Math.max(place.offset, place.line.content.end) : place.item.key.end;
  const range = context.lines.range(start, end);
  return [
    ...keys(context, place, range),
    ...(typed.trim() === '' && place.item === null ? sections(context, place) : []),
  ];
}

function sections(context: MudContext, { line, offset }: MudPlace): CompletionItem[] {
  const end = line.kind === 'blank' ? offset : line.content.end;
  const range = context.lines.range(Math.min(line.content.start, offset), end);
  return SECTIONS.filter(
    (name) => !context.tree.sections.some((section) => section.name === name && section.header?.line !== line),
  ).map((name): CompletionItem => ({
    label: `[${name}]`,
    kind: CompletionItemKind.Module,
    documentation: sectionDescription(name) ?? '',
    textEdit: { range, newText: `[${name}]` },
  }));
}

function keys(context: MudContext, { section, item }: MudPlace, range: Range): CompletionItem[] {
  const { modelClass, chip } = context;
  const written = new Set(section.items.filter((each) => each !== item).map(({ key }) => key.text));
  return keysOf(section.name).flatMap((key, index): CompletionItem[] => {
    const schema = keySchema(section.name, key, modelClass);
    if (schema === null || written.has(key)) return [];
    if (chip !== null && schema['x-boards'] !== undefined && !schema['x-boards'].includes(chip)) return [];
    const needed =
      section.name === 'extra' ? modelClass?.required.includes(key) === true || key === 'model_type' : key === 'type';
    const known = needed || modelClass?.optional?.includes(key) === true || RUNTIME_KEYS.includes(key);
    if (section.name === 'extra' && modelClass !== null && modelClass['recognised-by'] === undefined && !known)
      return [];
    if (schema['x-replaced-by'] !== undefined) return [];
    return [
      {
        label: key,
        kind: CompletionItemKind.Property,
        detail: needed ? 'required' : keyDetail(schema),
        documentation: schema.description,
        sortText: `${needed ? 0 : 1}${String(index).padStart(3, '0')}`,
        insertTextFormat: InsertTextFormat.PlainText,
        textEdit: { range, newText: item === null ? `${key} = ` : key },
      },
    ];
  });
}

function keyDetail(schema: KeySchema): string {
  if (schema.default !== undefined) return `default ${schema.default}`;
  return schema['x-boards']?.map((board) => CHIP_TITLES[board]).join(', ') ?? '';
}

function values(context: MudContext, { item, offset }: MudPlace): CompletionItem[] {
  if (item === null) return [];
  const schema = context.schema(item);
  if (schema === null) return [];
  const start = item.value.text === '' ? item.equals + 1 : item.value.start;
  const range = context.lines.range(start, Math.max(offset, item.value.end));
  const lead = item.value.text === '' ? ' ' : '';
  const offer = (label: string, kind: CompletionItemKind, documentation: string, index: number): CompletionItem => ({
    label,
    kind,
    documentation,
    sortText: String(index).padStart(3, '0'),
    filterText: `${lead}${label}`,
    textEdit: { range, newText: `${lead}${label}` },
  });
  switch (schema['x-kind']) {
    case 'class':
      return MODEL_TYPES.filter(
        (type) => context.chip === null || classOf(type)?.boards?.includes(context.chip) !== false,
      ).map((type, index) => offer(type, CompletionItemKind.EnumMember, describeClass(type), index));
    case 'choice':
    case 'flag':
      return (schema.oneOf ?? []).map((choice, index) =>
        offer(choice.const, CompletionItemKind.EnumMember, choice.description, index),
      );
    case 'file':
      return fileNames(context, endingsFor(context, item.key.text, schema)).map((name, index) =>
        offer(name, CompletionItemKind.File, schema.description, index),
      );
    case 'labels':
      return labelValues(context, offer);
    default:
      return (schema.examples ?? []).map((example, index) =>
        offer(example, CompletionItemKind.Value, schema.description, index),
      );
  }
}

function describeClass(type: string): string {
  const found = classOf(type);
  return found === null ? '' : `${found.title}: ${found.description}`;
}

/** The model key takes what `type` says. */
function endingsFor(context: MudContext, key: string, schema: KeySchema): readonly string[] {
  if (key === 'model' && context.chip !== null) return [context.chip === 'maixcam' ? '.cvimodel' : '.axmodel'];
  return schema['x-endings'] ?? [];
}

/** Names in the MUD's folder that can be written in a MUD. */
function fileNames({ document }: MudContext, endings: readonly string[]): readonly string[] {
  if (document.files === null) return [];
  return document.files
    .list(document.files.resolve(document.path, '.'))
    .filter((name) => !name.includes('#') && endings.some((ending) => name.endsWith(ending)))
    .slice(0, 200);
}

/** Labels files of the folder, and their names as a list where a MUD can hold them. */
function labelValues(
  context: MudContext,
  offer: (label: string, kind: CompletionItemKind, documentation: string, index: number) => CompletionItem,
): CompletionItem[] {
  const { files, path } = context.document;
  const names = fileNames(context, ['.txt', '.names']).filter((name) => !/[\s,]/.test(name));
  return names.flatMap((name, index) => {
    const entry = offer(name, CompletionItemKind.File, 'Labels file: one name in each line.', index);
    const bytes = files?.read(files.resolve(path, name), MAX_LIST_FILE) ?? null;
    const list = bytes === null ? [] : splitInline(new TextDecoder().decode(bytes).trimEnd().replace(/\r?\n/g, ','));
    const fits =
      list.length > 1 && list.length <= 100 && list.every((label) => label !== '' && !/[#;"'\\]/.test(label));
    if (!fits || new TextDecoder().decode(bytes ?? new Uint8Array(0)).includes(',')) return [entry];
    return [entry, offer(list.join(', '), CompletionItemKind.Value, `The names of ${name}.`, names.length + index)];
  });
}
