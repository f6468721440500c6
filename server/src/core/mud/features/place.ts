import type { Position } from '../../problems/problem';
import type { MudContext } from '../context';
import type { MudItem, MudLine, MudSection } from '../tree';

/** What stands at a position. */
export interface MudPlace {
  readonly offset: number;
  readonly line: MudLine;
  /** The section that the line belongs to. */
  readonly section: MudSection;
  /** The item of the line, if it is one. */
  readonly item: MudItem | null;
  /** True inside a comment. */
  readonly inComment: boolean;
}

/** Finds the line, its section and its item. Positions outside the text are clamped. */
export function placeAt(context: MudContext, at: Position): MudPlace | null {
  const offset = context.lines.offsetAt(at);
  const line = lineAt(context.tree.lines, offset);
  if (line === undefined) return null;
  const { sections } = context.tree;
  const open = sections.findLast(({ header }) => header === null || header.line.index <= line.index);
  const section = open ?? sections[0];
  if (section === undefined) return null;
  const item = section.items.find((each) => each.line === line) ?? null;
  return { offset, line, section, item, inComment: line.comment !== null && offset > line.comment.start };
}

/** The last line that starts at or before the offset. */
function lineAt(lines: readonly MudLine[], offset: number): MudLine | undefined {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return lines[low];
}
