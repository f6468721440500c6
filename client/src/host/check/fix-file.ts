import type { LanguageFiles, LanguageService } from '../../../../server/src/core/language/service';
import type { Fix, Problem, TextEdit } from '../../../../server/src/core/problems/problem';
import { fileForm, shownText } from '../../../../server/src/core/text/file-form';
import { LineIndex } from '../../../../server/src/core/text/line-index';
import { rewriteLines } from './rewrite-lines';

export interface AppliedFix {
  readonly code: string;
  readonly title: string;
}

export interface FixedBytes {
  readonly bytes: Uint8Array;
  readonly fixes: readonly AppliedFix[];
  /** Problems that are left. */
  readonly left: number;
}

/** A fix may bring out the next problem; a pair of fixes that undo each other must come to an end. */
const MOST_PASSES = 200;

/** Applies the preferred fixes of a file, first those of its bytes, then those of its text, until none is left. */
export function fixBytes(bytes: Uint8Array, file: string, language: LanguageService, files: LanguageFiles): FixedBytes {
  const fixes: AppliedFix[] = [];
  let now = bytes;
  const seen = new Set<string>();
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const next = fixOfBytes(now, file, language) ?? fixOfText(now, file, language, files, seen);
    if (next === null) break;
    fixes.push(...next.fixes);
    now = next.bytes;
  }
  const text = shownText(now);
  const left = language.validateFile(now, file).length + language.validate({ path: file, text, files }).length;
  return { bytes: now, fixes, left };
}

interface Pass {
  readonly bytes: Uint8Array;
  readonly fixes: readonly AppliedFix[];
}

function fixOfBytes(bytes: Uint8Array, file: string, language: LanguageService): Pass | null {
  for (const { code, fix } of language.validateFile(bytes, file)) {
    if (fix === null) continue;
    const changed = fix.apply(bytes);
    if (!sameBytes(changed, bytes)) return { bytes: changed, fixes: [{ code, title: fix.title }] };
  }
  return null;
}

/** The preferred fixes of one code, as far as they do not overlap: fixes of different rules may change the same thing. */
function fixOfText(
  bytes: Uint8Array,
  file: string,
  language: LanguageService,
  files: LanguageFiles,
  seen: Set<string>,
): Pass | null {
  if (fileForm(bytes).encoding !== 'utf-8') return null;
  const text = shownText(bytes);
  if (seen.has(text)) return null;
  seen.add(text);
  const wanted = language.validate({ path: file, text, files }).flatMap((problem) => {
    const fix = problem.fixes?.find(({ preferred }) => preferred);
    return fix === undefined ? [] : [{ problem, fix }];
  });
  const tried = new Set<string>();
  for (const { problem } of wanted) {
    if (tried.has(problem.code)) continue;
    tried.add(problem.code);
    const same = wanted.filter((each) => each.problem.code === problem.code);
    const pass = applyFixes(bytes, text, same);
    if (pass !== null) return pass;
  }
  return null;
}

function applyFixes(
  bytes: Uint8Array,
  text: string,
  wanted: readonly { readonly problem: Problem; readonly fix: Fix }[],
): Pass | null {
  const lines = new LineIndex(text);
  const eol = lineEnd(text);
  const chosen: { start: number; end: number; newText: string }[] = [];
  const fixes: AppliedFix[] = [];
  // Problems come in the order of the text, so nearly every edit lies behind all others.
  let last = -1;
  for (const { problem, fix } of wanted) {
    const edits = fix.edits.map(({ range, newText }: TextEdit) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      newText: newText.replace(/\r\n|\r|\n/g, eol),
    }));
    const free = edits.every(
      (edit) => edit.start > last || chosen.every((other) => edit.end < other.start || other.end < edit.start),
    );
    if (!free) continue;
    chosen.push(...edits);
    last = Math.max(last, ...edits.map(({ end }) => end));
    fixes.push({ code: problem.code, title: fix.title });
  }
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, newText } of [...chosen].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(from, start), newText);
    from = end;
  }
  const changed = parts.join('') + text.slice(from);
  const rewritten = changed === text ? null : rewriteLines(bytes, text, changed);
  return rewritten === null ? null : { bytes: rewritten, fixes };
}

/** The line end that most lines have. */
function lineEnd(text: string): string {
  const crlf = text.split('\r\n').length - 1;
  const lf = text.split('\n').length - 1 - crlf;
  const cr = text.split('\r').length - 1 - crlf;
  if (crlf > lf && crlf >= cr) return '\r\n';
  return cr > lf ? '\r' : '\n';
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
