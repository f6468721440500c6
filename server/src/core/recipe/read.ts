import type { Document } from 'yaml';
import type { RecipeCode } from '../problems/codes';
import type { Fix, Problem } from '../problems/problem';
import { withDefaults } from '../schema/defaults';
import type { ValuePath } from '../schema/schema-node';
import { schemaViolations } from '../schema/validate';
import { yamlOutline } from '../schema/yaml-outline';
import { parseYaml, repeatedKeys } from '../schema/yaml-parse';
import { plainValue, yamlTree, type TreeValue, type YamlTree } from '../schema/yaml-tree';
import { LineIndex } from '../text/line-index';
import { buildRecipe } from './build';
import { aliasFixes, duplicateFixes, tabFixes } from './fixes/yaml-fixes';
import type { Recipe } from './model';
import { recipeRules } from './rules';
import type { RecipeContext } from './rules/rule';
import { recipeSchema } from './schema';
import { violationProblems } from './violation-problem';

/** One unreadable place may bring an error for each of thousands of letters behind it. */
const SHOWN_ERRORS = 100;
/** YAML's own limit for a key on one line. */
const LONGEST_KEY = 1024;

export interface RecipeReading {
  /** The recipe with every default filled in; null where the file has an error. */
  readonly recipe: Recipe | null;
  /** In the order of the text. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a recipe (spec decisions.md 2): any text gives a result, never an exception. `fileName` gives the recipe its
 * name; it may be a path.
 */
export function readRecipe(text: string, fileName: string): RecipeReading {
  const { recipe, problems } = examineRecipe(text, fileName);
  return { recipe, problems };
}

/** As `readRecipe`, with what further rules need; null where the YAML itself is unsound. */
export function examineRecipe(
  text: string,
  fileName: string,
): RecipeReading & { readonly context: RecipeContext | null } {
  const lines = new LineIndex(text);
  const parsed = parseYaml(text);
  if (parsed.tooDeep !== null) return refused(tooDeep(lines, parsed.tooDeep));
  const list = parsed.documents;
  const [document, second] = list;
  if (document === undefined) return refused(whole(lines, text));

  const problems = list.flatMap((each) => [...yamlProblems(each, text, lines), ...repeated(each, text, lines)]);
  problems.sort((a, b) => lines.offsetAt(a.range.start) - lines.offsetAt(b.range.start));
  if (second !== undefined) {
    const at = second.range[0];
    problems.push({
      code: 'RECIPE002',
      severity: 'error',
      message:
        'The file holds more than one YAML document (`---`). A recipe is one document: move the rest to files of their own.',
      range: lines.range(at, at),
    });
  }
  if (problems.length > 0) return { recipe: null, problems, context: null };

  const tree = yamlTree(document);
  if (tree.root?.type !== 'object') return refused(whole(lines, text));
  const written = tree.aliases.length === 0 ? null : aliasFixes(document, text, lines);
  for (const alias of tree.aliases) {
    const fixes = written?.get(alias.start);
    problems.push({
      code: 'RECIPE011',
      severity: 'error',
      message:
        'Recipes use no YAML aliases (`*name`), so that every value stands where it is read. Write the value out.',
      range: lines.range(alias.start, alias.end),
      ...(fixes === undefined ? {} : { fixes }),
    });
  }

  const violations = schemaViolations(text, tree, recipeSchema);
  problems.push(...violationProblems(violations, text, lines));
  const broken = new Set(violations.map(({ path }) => pathKey(path)));
  const settings = withDefaults(recipeSchema, plainValue(tree.root));
  const context = ruleContext(text, lines, tree, settings, broken);
  problems.push(...recipeRules.flatMap((rule) => rule.check(context)));
  problems.sort((a, b) => lines.offsetAt(a.range.start) - lines.offsetAt(b.range.start) || (a.code < b.code ? -1 : 1));
  const failed = problems.some(({ severity }) => severity === 'error');
  return { recipe: failed ? null : buildRecipe(settings, fileName), problems, context };
}

function refused(problem: Problem): RecipeReading & { readonly context: null } {
  return { recipe: null, problems: [problem], context: null };
}

function tooDeep(lines: LineIndex, at: number): Problem {
  return {
    code: 'RECIPE001',
    severity: 'error',
    message: 'More than 200 groups or lists lie within each other here, and a recipe has three. Close or remove them.',
    range: lines.range(at, at + 1),
  };
}

function whole(lines: LineIndex, text: string): Problem {
  const fixes: Fix[] =
    text.trim() === ''
      ? [
          {
            title: 'Insert a recipe',
            preferred: false,
            edits: [
              {
                range: lines.range(0, text.length),
                newText: 'board: maixcam\ntask: detect\ndataset: data.yaml\ntrain:\n  model: yolov8n\n',
              },
            ],
          },
        ]
      : [];
  return {
    code: 'RECIPE002',
    severity: 'error',
    message: 'The file holds no recipe: it needs keys such as `board`, `dataset` and `train`.',
    range: lines.range(0, text.length),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}

function yamlProblems(document: Document.Parsed, text: string, lines: LineIndex): Problem[] {
  return document.errors.slice(0, SHOWN_ERRORS).map(({ code, message, pos: [start, end] }): Problem => {
    const fixes = code === 'TAB_AS_INDENT' ? tabFixes(text, lines) : [];
    return {
      code: 'RECIPE001' satisfies RecipeCode,
      severity: 'error',
      message: yamlMessage(code, message),
      range: lines.range(start, end),
      ...(fixes.length === 0 ? {} : { fixes }),
    };
  });
}

function repeated(document: Document.Parsed, text: string, lines: LineIndex): Problem[] {
  const keys = repeatedKeys(document).slice(0, SHOWN_ERRORS);
  if (keys.length === 0) return [];
  const { entries } = yamlOutline(text);
  return keys.map((start): Problem => {
    const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^\s:]+)/.exec(text.slice(start, start + LONGEST_KEY));
    const fixes = duplicateFixes(text, entries, lines, start);
    return {
      code: 'RECIPE004' satisfies RecipeCode,
      severity: 'error',
      message: 'This key stands twice in the same group; only one value can count. Remove one of the two lines.',
      range: lines.range(start, start + (key?.[0].length ?? 1)),
      ...(fixes.length === 0 ? {} : { fixes }),
    };
  });
}

const YAML_MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'A tab is used to indent, which YAML forbids. Indent with blanks.',
  BAD_INDENT: 'The indentation fits none of the lines above. Give keys of one group the same number of blanks.',
  MISSING_CHAR: 'A closing quote or bracket, a colon or a comma is missing here. Add it.',
  MULTIPLE_ANCHORS: 'Two anchors stand at one value. Remove them: recipes use no anchors.',
  BAD_ALIAS: 'This alias names an anchor that does not exist. Write the value out.',
};

function yamlMessage(code: string, original: string): string {
  if (original.startsWith('Flow ')) return 'A bracket or brace that was opened is not closed. Add the closing one.';
  const [first = ''] = original.split(/\n| at line \d/);
  return (
    YAML_MESSAGES[code] ?? `The YAML cannot be read from here on: ${first.replace(/[.:]$/, '')}. Correct this line.`
  );
}

function ruleContext(
  text: string,
  lines: LineIndex,
  tree: YamlTree,
  settings: unknown,
  broken: ReadonlySet<string>,
): RecipeContext {
  const places = new Map<string, TreeValue>(tree.values.map((value) => [pathKey(value.path), value]));
  const sound = (path: ValuePath): boolean => path.every((_, index) => !broken.has(pathKey(path.slice(0, index + 1))));
  return {
    text,
    lines,
    written: (path) => (sound(path) ? places.get(pathKey(path)) : undefined),
    present: (key) => tree.root?.type === 'object' && tree.root.properties.some(({ keyNode }) => keyNode.value === key),
    value: (path) => (sound(path) ? valueAt(settings, path) : undefined),
  };
}

/** A path as a key that no other path has, whatever its keys contain. */
function pathKey(path: ValuePath): string {
  return JSON.stringify(path);
}

function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    root,
  );
}
