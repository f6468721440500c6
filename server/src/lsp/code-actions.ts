import {
  CodeActionKind,
  type CodeAction,
  type Diagnostic,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { Fix, Position, Range } from '../core/problems/problem';
import type { Check } from './checks';
import { diagnosticsOf, parseDiagnosticData, type DiagnosticData } from './diagnostics';

/** The command that the client runs for a fix of bytes on the disk; its arguments are those of `FixFileParams`. */
export const FIX_FILE_COMMAND = 'maixcam.fixFile';

/** Every preferred fix of a file at once. */
export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.maixcam`;

export interface CodeActionRequest {
  readonly diagnostics: readonly Diagnostic[];
  /** Kinds that are wanted; undefined for all that belong to a place. */
  readonly only: readonly string[] | undefined;
  /** Whether the client understands edits of a given version. */
  readonly versioned: boolean;
}

/** Quick fixes for the diagnostics of a place, and *Fix All* where it was asked for. `check` is called when needed. */
export function codeActions(version: number, request: CodeActionRequest, check: () => Check): CodeAction[] {
  const actions: CodeAction[] = [];
  if (request.only === undefined || wants(request.only, CodeActionKind.QuickFix)) {
    for (const diagnostic of request.diagnostics) actions.push(...quickFixes(version, diagnostic, request, check));
  }
  if (request.only !== undefined && wants(request.only, FIX_ALL_KIND)) actions.push(...fixAll(request, check()));
  return actions;
}

function wants(only: readonly string[], kind: string): boolean {
  return only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}

function quickFixes(
  version: number,
  sent: Diagnostic,
  request: CodeActionRequest,
  check: () => Check,
): readonly CodeAction[] {
  const data = parseDiagnosticData(sent.data);
  if (data === null) return [];
  if (data.version === version) return actionsFor(sent, data, request, check);
  // The text has changed since: the fix counts only where the same problem is still there, at its place of now.
  const now = diagnosticsOf(check()).find(
    ({ code, message, range }) => code === sent.code && message === sent.message && touch(range, sent.range),
  );
  const current = parseDiagnosticData(now?.data);
  return current === null ? [] : actionsFor(sent, current, request, check);
}

function actionsFor(
  diagnostic: Diagnostic,
  data: DiagnosticData,
  request: CodeActionRequest,
  check: () => Check,
): readonly CodeAction[] {
  const { uri } = check().document;
  const actions = data.fixes.map((fix): CodeAction => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    isPreferred: fix.preferred,
    edit: workspaceEdit(uri, data.version, fix.edits, request),
  }));
  if (data.fileFix === null) return actions;
  return [
    ...actions,
    {
      title: data.fileFix,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: true,
      command: { title: data.fileFix, command: FIX_FILE_COMMAND, arguments: [uri, diagnostic.code, data.fileFix] },
    },
  ];
}

function fixAll(request: CodeActionRequest, check: Check): readonly CodeAction[] {
  const taken: Fix[] = [];
  // Problems come in the order of the text, so nearly every edit lies behind all others.
  let end: Position = { line: 0, character: -1 };
  for (const { fixes } of check.problems) {
    const fix = fixes?.find(({ preferred }) => preferred);
    if (fix === undefined) continue;
    const free = fix.edits.every(
      ({ range }) =>
        !before(range.start, end) || !taken.some((one) => one.edits.some((other) => touch(range, other.range))),
    );
    if (!free) continue;
    taken.push(fix);
    for (const { range } of fix.edits) end = before(end, range.end) ? range.end : end;
  }
  const [first] = taken;
  if (first === undefined) return [];
  const edits = taken.flatMap((fix) => fix.edits);
  const { uri, version } = check.document;
  const title = taken.length === 1 ? first.title : `Fix ${taken.length} problems`;
  return [{ title, kind: FIX_ALL_KIND, edit: workspaceEdit(uri, version, edits, request) }];
}

/** Of two edits: an editor would refuse them together, or their order would count. */
function touch(a: Range, b: Range): boolean {
  return before(a.start, b.end) && before(b.start, a.end);
}

/** Not after. */
function before(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

function workspaceEdit(
  uri: string,
  version: number,
  edits: readonly TextEdit[],
  request: CodeActionRequest,
): WorkspaceEdit {
  return request.versioned
    ? { documentChanges: [{ textDocument: { uri, version }, edits: [...edits] }] }
    : { changes: { [uri]: [...edits] } };
}
