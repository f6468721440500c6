import type { LanguageFiles } from '../../language/service';
import type { RecipeCode } from '../../problems/codes';
import type { Fix, Problem } from '../../problems/problem';
import { pathText, type ValuePath } from '../../schema/schema-node';
import type { TreeValue } from '../../schema/yaml-tree';
import { scalarText } from '../../schema/yaml-scalar';
import { problemAt, type RecipeContext } from '../rules/rule';
import { nearPaths, type Wanted } from './near-path';

/** A recipe and the disk on which it lies. */
export interface PathContext extends RecipeContext {
  readonly files: LanguageFiles;
  /** Path of the recipe. */
  readonly document: string;
}

/** One rule about a path that a recipe names. */
export interface PathRule {
  readonly code: RecipeCode;
  check(context: PathContext): Problem[];
}

/** A path of the recipe: its place, what is written, and what lies there. */
export interface WrittenPath {
  readonly place: TreeValue;
  readonly written: string;
  readonly absolute: string;
  readonly kind: 'file' | 'folder' | 'absent';
}

/** Null where the recipe has no text there. */
export function writtenPath(context: PathContext, path: ValuePath): WrittenPath | null {
  const place = context.written(path);
  if (place?.node.type !== 'string' || place.node.value === '') return null;
  const written = place.node.value;
  const absolute = context.files.resolve(context.document, written);
  return { place, written, absolute, kind: context.files.kind(absolute) };
}

/** A problem with a path, with the paths near it as fixes. */
export function pathProblem(
  context: PathContext,
  code: RecipeCode,
  path: WrittenPath,
  message: string,
  wanted: Wanted,
  more: readonly Fix[] = [],
): Problem {
  const near = nearPaths(context.files, context.document, path.written, wanted);
  const known = more.some(({ preferred }) => preferred);
  const fixes = near.map(({ written, sure }) => pathFix(context, path.place, written, sure && !known));
  return problemAt(context, code, path.place, message, { fixes: [...more, ...fixes] });
}

/** A fix that writes another path, in the quotes that stand there. */
export function pathFix(context: RecipeContext, place: TreeValue, written: string, preferred: boolean): Fix {
  const { offset, length } = place.node;
  const first = context.text[offset];
  const newText = scalarText(written, first === '"' || first === "'" ? first : '', true);
  return {
    title: `Write ${pathText(place.path)}: ${written}`,
    preferred,
    edits: [{ range: context.lines.range(offset, offset + length), newText }],
  };
}

/** Where it was looked for, when the written path does not say it itself. */
export function lookedFor({ written, absolute }: WrittenPath): string {
  return written === absolute ? '' : ` (looked for ${absolute})`;
}
