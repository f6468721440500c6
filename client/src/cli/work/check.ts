import type { BoardId } from '../../../../server/src/core/board/kinds';
import { shownProblems } from '../../../../server/src/core/problems/shown';
import { checkFile, fileProblem, type CheckedFile, type CheckedProblem } from '../../host/check/check-file';
import { findFiles, type Search } from '../../host/check/find-files';
import { checkPlace } from '../../host/check/place';
import { ExitCode, type CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { terminalLine } from '../terminal-text';

export interface CheckOptions {
  readonly board?: BoardId;
  readonly cwd?: string;
}

/** Checks the files at the paths that were given, in the shapes of cli.md. */
export async function checkPaths(
  context: CommandContext,
  paths: readonly string[],
  options: CheckOptions,
): Promise<CommandResult> {
  const { cwd: here, env } = context;
  const place = await checkPlace(here, env, { cwd: options.cwd ?? null, board: options.board ?? null });
  const search = findFiles(paths, here);
  const files: CheckedFile[] = [];
  for (const file of search.files) {
    context.signal.throwIfAborted();
    const checked = checkFile(file, place);
    if (checked !== null) files.push(checked);
  }
  files.push(...lost(search));
  const summary = { errors: count(files, 'error'), warnings: count(files, 'warning') };
  const exitCode = search.absent.length > 0 ? ExitCode.Usage : summary.errors > 0 ? ExitCode.Problem : ExitCode.Done;
  return {
    json: { files, summary, complete: search.complete },
    text: [...files.flatMap(problemLines), summaryLine(files, summary, search)].join('\n'),
    exitCode,
  };
}

/** Paths that could not be looked at, as files with a problem. */
export function lost({ absent, closed }: Search): CheckedFile[] {
  const hint = 'Check the spelling and the folder that the path starts from.';
  return [
    ...absent.map((path) => entry(path, fileProblem('FILE001', { message: `There is nothing at ${path}.`, hint }))),
    ...closed.map(({ path, reason }) =>
      entry(
        path,
        fileProblem('FILE002', { message: `${path} was left out: ${reason}.`, hint: 'Change its permissions.' }),
      ),
    ),
  ];
}

function entry(path: string, problem: CheckedProblem): CheckedFile {
  return { path, kind: 'other', problems: [problem] };
}

function count(files: readonly CheckedFile[], severity: CheckedProblem['severity']): number {
  return files.reduce((sum, { problems }) => sum + problems.filter((each) => each.severity === severity).length, 0);
}

const WORDS: Readonly<Record<CheckedProblem['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  information: 'info',
  hint: 'info',
};

/** One line a problem (of very many the severest), in the form that the problem matcher `maixcam` and editors understand: positions from 1. */
function problemLines({ path, problems }: CheckedFile): readonly string[] {
  const { shown, rest } = shownProblems(problems);
  return [...shown, ...(rest === null ? [] : [rest])].map(
    ({ code, severity, message, range: { start } }) =>
      `${terminalLine(path)}:${start.line + 1}:${start.character + 1}: ${WORDS[severity]}: ${terminalLine(message)} [${code}]`,
  );
}

function summaryLine(
  files: readonly CheckedFile[],
  { errors, warnings }: { readonly errors: number; readonly warnings: number },
  { complete }: Search,
): string {
  const checked = files.filter(({ kind, problems }) => kind !== 'other' || problems.length > 0).length;
  const fixable = files.reduce(
    (sum, { problems }) => sum + problems.filter(({ fixes }) => fixes.some(({ preferred }) => preferred)).length,
    0,
  );
  if (files.length === 0) return 'No MUD file, dataset or recipe was found there.';
  const found =
    errors + warnings === 0 ? 'no problems' : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  const lines = [`${counted(checked, 'file')} checked: ${found}.`];
  if (fixable > 0) lines.push(`\`maixcam fix\` can mend ${fixable} of these.`);
  if (!complete) lines.push('The folder holds too much to be searched through: name the files to check.');
  return lines.join('\n');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
