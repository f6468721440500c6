import type { RecipeCode } from '../problems/codes';
import type { Fix, Problem } from '../problems/problem';
import { pathText, type SchemaNode, type ValuePath } from '../schema/schema-node';
import type { Violation, ViolationKind } from '../schema/validate';
import { valueMessage } from '../schema/wording';
import { closestWord } from '../text/closest';
import type { LineIndex } from '../text/line-index';
import { changeFix } from './fixes/recipe-edit';
import { betterValues } from './fixes/value-fixes';
import { recipeSchema } from './schema';

const CODES: Readonly<Record<ViolationKind, RecipeCode>> = {
  'unknown-key': 'RECIPE003',
  'missing-key': 'RECIPE005',
  type: 'RECIPE006',
  choice: 'RECIPE007',
  range: 'RECIPE008',
  form: 'RECIPE009',
  count: 'RECIPE010',
};

/** Letters that fixes may have the YAML library read again in one check: a tenth of a second or so. */
const READ_AGAIN = 50_000;

/** Violations of the schema in the recipe's words, in their order, with the fixes that can be known. */
export function violationProblems(violations: readonly Violation[], text: string, lines: LineIndex): Problem[] {
  // Each removal is tried on the text. A foreign file has hundreds of unknown keys; its first ones are offered.
  let removals = Math.max(1, Math.floor(READ_AGAIN / text.length));
  return violations.map((violation) => {
    if (violation.kind === 'unknown-key') removals -= 1;
    return violationProblem(violation, text, lines, removals >= 0);
  });
}

function violationProblem(violation: Violation, text: string, lines: LineIndex, removable: boolean): Problem {
  const { kind, start, end, node } = violation;
  const range = lines.range(start, end);
  const replace = (newText: string, preferred: boolean): Fix => ({
    title: `Write ${newText}`,
    preferred,
    edits: [{ range, newText }],
  });
  const base = { code: CODES[kind], severity: 'error' as const, range };

  if (kind === 'unknown-key') {
    const { message, better } = unknownKey(violation);
    const path = violation.path.map(String);
    const title = `Remove ${shorten(path.at(-1) ?? '')}`;
    const removal = removable ? changeFix(text, lines, title, [[path, undefined]]) : [];
    return { ...base, message, fixes: [...(better === null ? [] : [replace(better, true)]), ...removal] };
  }
  if (kind === 'missing-key') {
    const message =
      '`board` is missing: it says which board the model is made for. Add maixcam, maixcam-pro or maixcam2.';
    const boards = (recipeSchema.properties?.board?.enum ?? []).map(String);
    const fixes = boards.map((board): Fix => {
      const empty = node.type === 'object' && node.properties.length === 0;
      const newText = text[start] === '{' ? ` board: ${board}${empty ? ' ' : ','}` : `board: ${board}${newline(text)}`;
      const at = text[start] === '{' ? start + 1 : start;
      return { title: `Add board: ${board}`, preferred: false, edits: [{ range: lines.range(at, at), newText }] };
    });
    return { ...base, message, fixes };
  }
  // An empty value stands right behind its colon.
  const gap = start === end && text[start - 1] === ':' ? ' ' : '';
  const fixes = betterValues(violation, text.slice(start, end)).map((better): Fix => {
    const edits = [{ range, newText: `${gap}${better.text}` }];
    return { title: `Write ${better.text}`, preferred: better.sure, edits };
  });
  return { ...base, message: valueMessage(violation), ...(fixes.length === 0 ? {} : { fixes }) };
}

/** Names that people know from other tools, with the recipe's. */
const FOREIGN: Readonly<Record<string, string>> = {
  data: 'dataset',
  names: 'labels',
  classes: 'labels',
  imgsz: 'train.image-size',
  workers: 'train.args.workers',
  conf: 'compare.confidence',
  iou_thres: 'compare.iou',
  quantize: 'convert.precision',
  output_nodes: 'outputs',
};

function unknownKey(violation: Violation): { message: string; better: string | null } {
  const key = String(violation.path.at(-1));
  const around = violation.path.slice(0, -1);
  const here = Object.keys(violation.schema.properties ?? {});
  const taken = siblings(violation);
  const place = around.length === 0 ? 'a recipe' : `\`${pathText(around)}\``;
  const start = `\`${shorten(key)}\` is not a key of ${place}; nothing reads it.`;

  const foreign = Object.hasOwn(FOREIGN, key) ? FOREIGN[key] : undefined;
  const elsewhere = foreign ?? keyElsewhere(key);
  if (elsewhere !== undefined) {
    const target = elsewhere.split('.');
    const sameGroup = pathText(target.slice(0, -1)) === pathText(around);
    if (sameGroup) {
      const better = target.at(-1) ?? '';
      const isThere = taken.includes(better);
      const end = isThere ? `Remove it: \`${elsewhere}\` is there.` : `Write \`${elsewhere}\`.`;
      return { message: `${start} ${end}`, better: isThere ? null : better };
    }
  }
  const near = closestWord(
    key,
    here.filter((each) => !taken.includes(each)),
  );
  if (near !== null) return { message: `${start} Did you mean \`${near}\`?`, better: near };
  const written = closestWord(
    key,
    taken.filter((each) => each !== key && here.includes(each)),
  );
  if (written !== null) {
    return { message: `${start} Did you mean \`${written}\`? It is there already: remove one.`, better: null };
  }
  if (elsewhere !== undefined) return { message: `${start} Write \`${elsewhere}\`.`, better: null };
  if (around[0] === 'train') {
    return { message: `${start} Further Ultralytics arguments go below \`train.args\`.`, better: null };
  }
  return { message: `${start} Remove it, or use one of ${here.join(', ')}.`, better: null };
}

/** Keys that stand in the same group. */
function siblings({ node }: Violation): readonly string[] {
  const group = node.parent?.parent;
  return group?.type === 'object' ? group.properties.map(({ keyNode }) => keyNode.value) : [];
}

/** Path of the only key of that name anywhere in the schema. */
function keyElsewhere(key: string): string | undefined {
  const hits: string[] = [];
  const visit = (schema: SchemaNode, path: ValuePath): void => {
    for (const [name, child] of Object.entries(schema.properties ?? {})) {
      if (name === key) hits.push(pathText([...path, name]));
      visit(child, [...path, name]);
    }
  };
  visit(recipeSchema, []);
  return hits.length === 1 ? hits[0] : undefined;
}

function newline(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function shorten(key: string): string {
  return key.length > 40 ? `${key.slice(0, 40)}…` : key;
}
