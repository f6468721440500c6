import { isAlias, isScalar, visit, type Document } from 'yaml';
import type { Fix } from '../../problems/problem';
import { parseYaml } from '../../schema/yaml-parse';
import type { OutlineEntry } from '../../schema/yaml-outline';
import type { LineIndex } from '../../text/line-index';
import { difference } from './recipe-edit';

/** Fixes for a key that stands twice, `at` the second one: remove either; equal values leave no question. */
export function duplicateFixes(
  text: string,
  entries: readonly OutlineEntry[],
  lines: LineIndex,
  at: number,
): readonly Fix[] {
  const second = entries.find(({ kind, start }) => kind === 'key' && start === at);
  if (second === undefined || second.flow) return [];
  const path = JSON.stringify(second.path);
  const first = entries.find((entry) => entry.kind === 'key' && JSON.stringify(entry.path) === path);
  if (first === undefined || first === second) return [];
  const own = block(text, entries, second);
  const other = block(text, entries, first);
  if (own === null || other === null) return [];
  const same = text.slice(...own).trim() === text.slice(...other).trim();
  const removal = ([start, end]: readonly [number, number], title: string, preferred: boolean): Fix => ({
    title,
    preferred,
    edits: [{ range: lines.range(start, end), newText: '' }],
  });
  const line = lines.positionAt(first.start).line + 1;
  return [removal(own, 'Remove this one', same), removal(other, `Remove the one in line ${line}`, false)];
}

/** The lines of a key with all that lies in it; null where something else stands on its first line. */
function block(text: string, entries: readonly OutlineEntry[], entry: OutlineEntry): readonly [number, number] | null {
  const lineStart = lastBreak(text, entry.start);
  if (text.slice(lineStart, entry.start).trim() !== '') return null;
  const next = entries.find(
    ({ kind, start, column, flow }) =>
      start > entry.start && !flow && (column < entry.column || (column === entry.column && kind === 'key')),
  );
  if (next !== undefined) return [lineStart, lastBreak(text, next.start)];
  return [lineStart, text.length];
}

function lastBreak(text: string, before: number): number {
  return Math.max(text.lastIndexOf('\n', before - 1), text.lastIndexOf('\r', before - 1)) + 1;
}

/** Tabs in front of every line become blanks, two for each. Preferred where the text can be read then. */
export function tabFixes(text: string, lines: LineIndex): readonly Fix[] {
  const edited = text.replace(/^[ \t]*\t[ \t]*/gm, (lead) => lead.replaceAll('\t', '  '));
  if (edited === text) return [];
  const parsed = parseYaml(edited);
  const readable = parsed.tooDeep === null && parsed.documents.every(({ errors }) => errors.length === 0);
  return [{ title: 'Indent with blanks', preferred: readable, edits: [difference(text, edited, lines)] }];
}

/** For each alias in the order of the text: a fix that writes out the value, where that is a plain one on a line. */
export function aliasFixes(document: Document, text: string, lines: LineIndex): ReadonlyMap<number, readonly Fix[]> {
  const fixes = new Map<number, readonly Fix[]>();
  visit(document, {
    Alias(_key, alias) {
      const target = isAlias(alias) ? alias.resolve(document) : undefined;
      if (!alias.range || !isScalar(target) || !target.range) return;
      const [start, end] = alias.range;
      const written = text.slice(target.range[0], target.range[1]);
      if (written === '' || /[\r\n]/.test(written)) return;
      const edits = [{ range: lines.range(start, end), newText: written }];
      fixes.set(start, [{ title: `Write ${written}`, preferred: true, edits }]);
    },
  });
  return fixes;
}
