import type { RecipeCode } from '../../problems/codes';
import type { Fix, Problem, Severity, TextEdit } from '../../problems/problem';
import { pathText, type ValuePath } from '../../schema/schema-node';
import type { TreeValue } from '../../schema/yaml-tree';
import type { LineIndex } from '../../text/line-index';

/** What a rule sees of a recipe whose YAML is sound. */
export interface RecipeContext {
  readonly text: string;
  readonly lines: LineIndex;
  /** The value as it stands in the file; undefined where it is absent or breaks the schema. */
  written(path: ValuePath): TreeValue | undefined;
  /** Whether the key stands in the file, also with a value that breaks the schema. */
  present(key: string): boolean;
  /** The value with defaults; undefined where it has none or breaks the schema. */
  value(path: ValuePath): unknown;
}

/** One semantic rule, one file (spec decisions.md 5). */
export interface RecipeRule {
  readonly code: RecipeCode;
  check(context: RecipeContext): Problem[];
}

/** A problem at a value of the file, or at the first character where the value is not written. */
export function problemAt(
  context: RecipeContext,
  code: RecipeCode,
  place: TreeValue | undefined,
  message: string,
  options: { readonly severity?: Severity; readonly fixes?: readonly Fix[]; readonly atKey?: boolean } = {},
): Problem {
  const own = place === undefined ? { start: 0, end: 0 } : span(place);
  const { start, end } = options.atKey === true && place?.key ? place.key : own;
  return {
    code,
    severity: options.severity ?? 'error',
    message,
    range: context.lines.range(start, end),
    ...(options.fixes === undefined ? {} : { fixes: options.fixes }),
  };
}

/** A fix that replaces a value of the file. */
export function replaceFix(context: RecipeContext, place: TreeValue, newText: string, preferred = true): Fix {
  const { start, end } = span(place);
  const edits: TextEdit[] = [{ range: context.lines.range(start, end), newText }];
  return { title: `Write ${pathText(place.path)}: ${newText}`, preferred, edits };
}

function span(place: TreeValue): { start: number; end: number } {
  return { start: place.node.offset, end: place.node.offset + place.node.length };
}
