import { SymbolKind, type CodeLens, type DocumentSymbol } from 'vscode-languageserver-types';
import type { LanguageDocument } from '../../language/service';
import { mudContext, type MudContext } from '../context';
import type { MudItem } from '../tree';

/** Sections with their keys. */
export function symbolsOfMud(document: LanguageDocument): readonly DocumentSymbol[] {
  const context = mudContext(document);
  return context.tree.sections.flatMap(({ name, header, items }): DocumentSymbol[] => {
    const children = items.map((item) => keySymbol(context, item));
    if (header === null) return children;
    const last = items.at(-1);
    return [
      {
        name: name === '' ? '[]' : name,
        kind: SymbolKind.Module,
        range: context.lines.range(header.span.start, last?.value.end ?? header.span.end),
        selectionRange: context.lines.range(header.span.start, header.span.end),
        children,
      },
    ];
  });
}

function keySymbol(context: MudContext, { key, value }: MudItem): DocumentSymbol {
  return {
    name: key.text === '' ? '=' : key.text,
    detail: value.text.length > 60 ? `${value.text.slice(0, 60)}…` : value.text,
    kind: SymbolKind.Property,
    range: context.lines.range(key.start, value.end),
    selectionRange: context.lines.range(key.start, Math.max(key.end, key.start)),
  };
}

/** One lens above the file, where it describes a model for a board. */
export function lensesOfMud(document: LanguageDocument): readonly CodeLens[] {
  const context = mudContext(document);
  if (context.chip === null) return [];
  const range = context.lines.range(0, 0);
  return [{ range, command: { title: 'Push to Board…', command: 'maixcam.pushToBoard' } }];
}
