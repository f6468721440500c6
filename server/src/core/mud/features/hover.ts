import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import type { LanguageDocument } from '../../language/service';
import type { Position } from '../../problems/problem';
import { mudContext, type MudContext } from '../context';
import { CHIP_TITLES, classOf, MODEL_TYPES, sectionDescription, type Chip, type KeySchema } from '../knowledge/schema';
import { labelList } from '../label-list';
import { floatText, numberParts, reciprocalText } from '../number-text';
import type { MudItem, Span } from '../tree';
import { listParts } from '../rules/edits';
import { placeAt } from './place';

/** What a section, key or value means, and what the board makes of it. */
export function hoverMud(document: LanguageDocument, at: Position): Hover | null {
  const context = mudContext(document);
  const place = placeAt(context, at);
  if (place === null || place.inComment) return null;
  const { line, section, item, offset } = place;
  if (line.kind === 'section' && section.header !== null) {
    const text = sectionDescription(section.name);
    return text === null ? null : hover(context, section.header.span, [`**[${section.name}]**`, text]);
  }
  if (item === null) return null;
  const schema = context.schema(item);
  if (schema === null) return null;
  if (offset <= item.key.end) return hover(context, item.key, keyText(context, item, schema));
  const lines = valueText(context, item, schema, offset);
  return lines.length === 0 ? null : hover(context, item.value, lines);
}

function hover(context: MudContext, at: Span, lines: readonly string[]): Hover {
  return {
    contents: { kind: MarkupKind.Markdown, value: lines.join('\n\n') },
    range: context.lines.range(at.start, at.end),
  };
}

function keyText(context: MudContext, item: MudItem, schema: KeySchema): string[] {
  const key = item.key.text;
  const { chip, modelClass } = context;
  const lines = [`**${key}**`, schema.description];
  const effects = Object.entries(schema['x-effect'] ?? {}).filter(([board]) => chip === null || board === chip);
  for (const [board, effect] of effects) lines.push(`${CHIP_TITLES[board as Chip]}: ${effect}`);
  const boards = schema['x-boards'];
  if (boards !== undefined) lines.push(`Read on ${boards.map((board) => CHIP_TITLES[board]).join(' and ')} only.`);
  if (schema.default !== undefined) lines.push(`Default: \`${schema.default}\`.`);
  if (schema.oneOf !== undefined)
    lines.push(schema.oneOf.map((each) => `- \`${each.const}\`: ${each.description}`).join('\n'));
  if (item.section.name !== 'extra' || key === 'model_type') return lines;
  const ignored = modelClass?.ignored?.[key];
  if (modelClass?.required.includes(key) === true) lines.push(`${modelClass.title} needs it.`);
  else if (ignored !== undefined) lines.push(`${modelClass?.title ?? ''} does not read it. ${ignored}`);
  const users = MODEL_TYPES.filter((type) => classOf(type)?.required.includes(key) === true);
  if (users.length > 0) lines.push(`Needed for: ${users.map((type) => `\`${type}\``).join(', ')}.`);
  return lines;
}

function valueText(context: MudContext, item: MudItem, schema: KeySchema, offset: number): string[] {
  const { text } = item.value;
  switch (schema['x-kind']) {
    case 'choice':
    case 'flag': {
      const found = schema.oneOf?.find((each) => each.const === text);
      return found === undefined ? [] : [`\`${text}\`: ${found.description}`];
    }
    case 'class': {
      const found = classOf(text);
      if (found === null) return [];
      const boards =
        found.boards === undefined
          ? []
          : [`Runs on ${found.boards.map((board) => CHIP_TITLES[board]).join(' and ')} only.`];
      const needs = ['model_type', ...found.required].map((key) => `\`${key}\``).join(', ');
      return [`**${found.title}**`, found.description, ...boards, `Needs ${needs}.`];
    }
    case 'numbers':
    case 'number':
    case 'integer':
      return numbersText(context, item);
    case 'labels':
      return labelsText(context, item, offset);
    case 'file':
      return fileText(context, item, schema);
    case 'text':
    case 'command':
      return [];
  }
}

/** The numbers as the board reads them, with the fraction that a scale stands for. */
function numbersText(context: MudContext, item: MudItem): string[] {
  const parts = numberParts(context.tree.text, item.value);
  const shown = parts.slice(0, 24).map(({ value }) => {
    if (value === null) return 'no number';
    const fraction = reciprocalText(value);
    return `${floatText(value)}${fraction === null ? '' : ` (${fraction})`}`;
  });
  const more = parts.length > shown.length ? ', …' : '';
  const lines = [
    `The board reads ${parts.length === 1 ? 'one number' : `${parts.length} numbers`}: ${shown.join(', ')}${more}`,
  ];
  if (item.key.text === 'scale' || item.key.text === 'mean') {
    lines.push(
      context.chip === 'maixcam2'
        ? 'No effect on MaixCAM2: the conversion has built it into the axmodel.'
        : 'Each pixel becomes (pixel - mean) × scale.',
    );
  }
  return lines;
}

/** How many labels there are, and the class number of the one under the pointer. */
function labelsText(context: MudContext, item: MudItem, offset: number): string[] {
  const list = labelList(context.document, item.value.text);
  if (list === null) return [];
  const count = list.labels.length === 1 ? 'One label' : `${list.labels.length} labels`;
  if (list.source === 'file') {
    const shown = list.labels.slice(0, 12).map((label, index) => `${index}: ${plain(label)}`);
    return [
      `${count}, read from the file beside this MUD.`,
      `${shown.join(', ')}${list.labels.length > 12 ? ', …' : ''}`,
    ];
  }
  const index = listParts(context, item.value).findIndex(({ start, end }) => offset >= start && offset <= end);
  const label = list.labels[index];
  return label === undefined ? [`${count}.`] : [`Class ${index}: ${plain(label)}`, `${count}.`];
}

function fileText(context: MudContext, item: MudItem, schema: KeySchema): string[] {
  const { files, path } = context.document;
  const { text } = item.value;
  const rule =
    schema['x-path'] === 'beside'
      ? 'The board always looks in the folder of the MUD.'
      : 'The board looks in the folder of the MUD; an absolute path is used as it is.';
  if (files === null || text === '' || text.startsWith('/')) return [rule];
  const kind = files.kind(files.resolve(path, text));
  return [kind === 'file' ? 'The file is there.' : 'There is no such file here.', rule];
}

/** Labels come from files: they are shown as they are, never as Markdown. */
function plain(label: string): string {
  return label === '' ? '(empty)' : label.slice(0, 80).replace(/[\\`*_{}[\]()#+!<>|~&-]/g, (letter) => `\\${letter}`);
}
