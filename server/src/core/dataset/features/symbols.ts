import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import type { DatasetContext } from '../rules/rule';
import type { DataValue } from '../yaml-value';

const SHOWN = new Set([
  'path',
  'train',
  'val',
  'validation',
  'test',
  'minival',
  'names',
  'nc',
  'kpt_shape',
  'flip_idx',
]);
const MOST_CLASSES = 2000;

/** Outline of a dataset: its splits with their paths, its classes with their numbers. */
export function datasetSymbols(context: DatasetContext): DocumentSymbol[] {
  const { lines } = context;
  return context.top.entries.flatMap(({ key, value, own }): DocumentSymbol[] => {
    if (!own || !SHOWN.has(key.text)) return [];
    const range = lines.range(key.start, Math.max(key.end, value.end));
    const selectionRange = lines.range(key.start, key.end);
    const base = { name: key.text, range, selectionRange };
    if (key.text !== 'names') return [{ ...base, kind: SymbolKind.Property, detail: detailOf(value) }];
    const children = (context.classes ?? [])
      .filter(({ value: name }) => name.start >= value.start && name.end <= value.end)
      .slice(0, MOST_CLASSES)
      .map(({ index, name, value: place }): DocumentSymbol => {
        const own = lines.range(place.start, place.end);
        return {
          name: name === '' ? '(empty)' : name,
          detail: `class ${index}`,
          kind: SymbolKind.EnumMember,
          range: own,
          selectionRange: own,
        };
      });
    const count = context.classes?.length ?? 0;
    return [{ ...base, kind: SymbolKind.Enum, detail: count === 1 ? '1 class' : `${count} classes`, children }];
  });
}

function detailOf(value: DataValue): string {
  if (value.kind === 'scalar') return value.type === 'null' ? '' : value.text;
  return value.kind === 'list' ? value.items.slice(0, 20).map(detailOf).join(', ') : '';
}
