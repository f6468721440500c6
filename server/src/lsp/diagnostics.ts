import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import type { FileProblem } from '../core/language/service';
import type { Fix, Problem, Range, Severity, TextEdit } from '../core/problems/problem';
import { shownProblems } from '../core/problems/shown';
import { isRecord } from '../protocol/parse';
import type { Check } from './checks';

/** Shown beside the code of a problem. */
const SOURCE = 'maixcam';

/** What a code action needs; travels with the diagnostic, so that nothing is looked up twice (spec architecture.md 3.4). */
export interface DiagnosticData {
  /** Version of the document whose positions the edits have. */
  readonly version: number;
  readonly fixes: readonly Fix[];
  /** Title of the fix that writes bytes on the disk; null where there is none. */
  readonly fileFix: string | null;
}

/** The diagnostics of a check, in the order of the text, those of the bytes first; of very many the severest. */
export function diagnosticsOf(check: Check): Diagnostic[] {
  const { version } = check.document;
  const { shown, rest } = shownProblems(check.problems);
  return [
    ...check.fileProblems.map((problem) => diagnostic(problem, version, [], problem.fix?.title ?? null)),
    ...[...shown, ...(rest === null ? [] : [rest])].map((problem) =>
      diagnostic(problem, version, problem.fixes ?? [], null),
    ),
  ];
}

function diagnostic(
  problem: Problem | FileProblem,
  version: number,
  fixes: readonly Fix[],
  fileFix: string | null,
): Diagnostic {
  const data: DiagnosticData = { version, fixes, fileFix };
  return {
    range: problem.range,
    severity: SEVERITIES[problem.severity],
    code: problem.code,
    source: SOURCE,
    message: problem.message,
    ...(fixes.length === 0 && fileFix === null ? {} : { data }),
  };
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Reads `data` back as the editor returns it; null where it is not ours. */
export function parseDiagnosticData(value: unknown): DiagnosticData | null {
  if (!isRecord(value) || typeof value.version !== 'number' || !Array.isArray(value.fixes)) return null;
  const { fileFix } = value;
  if (fileFix !== null && typeof fileFix !== 'string') return null;
  const fixes = value.fixes as unknown[];
  return fixes.every(isFix) ? { version: value.version, fixes, fileFix } : null;
}

function isFix(value: unknown): value is Fix {
  if (!isRecord(value) || typeof value.title !== 'string' || typeof value.preferred !== 'boolean') return false;
  return Array.isArray(value.edits) && (value.edits as unknown[]).every(isEdit);
}

function isEdit(value: unknown): value is TextEdit {
  return isRecord(value) && typeof value.newText === 'string' && isRange(value.range);
}

function isRange(value: unknown): value is Range {
  return isRecord(value) && isPosition(value.start) && isPosition(value.end);
}

function isPosition(value: unknown): boolean {
  return isRecord(value) && typeof value.line === 'number' && typeof value.character === 'number';
}
