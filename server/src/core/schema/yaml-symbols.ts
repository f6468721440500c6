import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { LineIndex } from '../text/line-index';
import { yamlOutline, type OutlineEntry } from './yaml-outline';

/** Longer values are cut in the outline. */
const SHOWN = 60;
/** Editors take their time with longer outlines. */
const MOST = 5000;

interface Branch {
  readonly entry: OutlineEntry;
  readonly children: Branch[];
  end: number;
}

/** The keys of a YAML text as an outline, also while it cannot be parsed. */
export function yamlSymbols(text: string): DocumentSymbol[] {
  const lines = new LineIndex(text);
  const roots: Branch[] = [];
  const open: Branch[] = [];
  for (const entry of yamlOutline(text).entries.slice(0, MOST)) {
    if (entry.kind === 'word') continue;
    while (open.length > 0 && !within(open.at(-1)?.entry, entry)) open.pop();
    for (const branch of open) branch.end = Math.max(branch.end, entry.valueEnd);
    const branch: Branch = { entry, children: [], end: Math.max(entry.end, entry.valueEnd) };
    if (entry.kind === 'key')
      (open.findLast(({ entry: around }) => around.kind === 'key')?.children ?? roots).push(branch);
    open.push(branch);
  }
  return roots.map((branch) => symbol(branch, text, lines));
}

function within(around: OutlineEntry | undefined, entry: OutlineEntry): boolean {
  if (around === undefined || entry.path.length <= around.path.length) return false;
  return around.path.every((step, index) => step === entry.path[index]);
}

function symbol({ entry, children, end }: Branch, text: string, lines: LineIndex): DocumentSymbol {
  const value = text.slice(entry.valueStart, entry.valueEnd).split(/[\r\n]/)[0] ?? '';
  const name = String(entry.path.at(-1));
  return {
    name: name.trim() === '' ? "''" : name.slice(0, SHOWN),
    kind: children.length > 0 ? SymbolKind.Module : kindOf(value, end > entry.valueEnd),
    range: lines.range(entry.start, end),
    selectionRange: lines.range(entry.start, entry.end),
    children: children.map((child) => symbol(child, text, lines)),
    ...(value === '' || children.length > 0 ? {} : { detail: value.slice(0, SHOWN) }),
  };
}

function kindOf(value: string, hasItems: boolean): SymbolKind {
  if (hasItems || value.startsWith('[')) return SymbolKind.Array;
  if (/^-?[\d.][\d.e+-]*$/i.test(value)) return SymbolKind.Number;
  if (/^(?:true|false)$/i.test(value)) return SymbolKind.Boolean;
  return value === '' || value === 'null' ? SymbolKind.Null : SymbolKind.String;
}
