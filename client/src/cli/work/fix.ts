import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { shownText } from '../../../../server/src/core/text/file-form';
import { replaceFile } from '../../../../server/src/node/replace-file';
import { openLanguageText } from '../../host/check/check-file';
import { findFiles } from '../../host/check/find-files';
import { fixBytes, type AppliedFix } from '../../host/check/fix-file';
import { checkPlace } from '../../host/check/place';
import { ExitCode, type CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { lost } from './check';

export interface FixOptions {
  readonly dryRun?: boolean;
  readonly cwd?: string;
}

interface ChangedFile {
  readonly path: string;
  readonly fixes: readonly AppliedFix[];
  /** Unified diff; a dry run only. */
  readonly diff?: string;
}

interface FailedFile {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Applies the preferred fixes of the files at the paths that were given, in the shape of cli.md. */
export async function fixPaths(
  context: CommandContext,
  paths: readonly string[],
  options: FixOptions,
): Promise<CommandResult> {
  const { cwd: here, env } = context;
  const place = await checkPlace(here, env, { cwd: options.cwd ?? null, board: null });
  const search = findFiles(paths, here);
  const changed: ChangedFile[] = [];
  const failed: FailedFile[] = lost(search).flatMap((file) =>
    file.problems.map(({ code, message }) => ({ path: file.path, code, message, hint: '' })),
  );
  let left = 0;

  for (const file of search.files) {
    context.signal.throwIfAborted();
    const absolute = path.resolve(here, file.path);
    try {
      const opened = openLanguageText(absolute, file.named, place);
      if (opened === null) continue;
      const { language } = opened;
      // A recipe may be mended by what another file became.
      place.files.forget();
      const fixed = fixBytes(opened.bytes, absolute, language, place.files);
      left += fixed.left;
      if (fixed.fixes.length === 0) continue;
      if (options.dryRun === true) {
        changed.push({ path: file.path, fixes: fixed.fixes, diff: diffOf(file.path, opened.bytes, fixed.bytes) });
        continue;
      }
      await replaceFile(absolute, (bytes) => {
        if (Buffer.compare(bytes, opened.bytes) !== 0) throw changedMeanwhile(file.path);
        return fixed.bytes;
      });
      changed.push({ path: file.path, fixes: fixed.fixes });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const { code, message, hint } = thrown;
      failed.push({ path: file.path, code, message, hint });
    }
  }
  const exitCode = search.absent.length > 0 ? ExitCode.Usage : failed.length > 0 ? ExitCode.Problem : ExitCode.Done;
  return { json: { changed, failed, left }, text: describe(changed, failed, left, options.dryRun === true), exitCode };
}

function changedMeanwhile(file: string): AppError {
  return new AppError({
    code: 'FILE_CHANGED',
    message: `Another program changed ${file} at the same moment; nothing was written.`,
    hint: 'Run the command again.',
  });
}

/** Past so many changed lines the shortest diff takes minutes to find. */
const MOST_EDITS = 2000;

function diffOf(file: string, before: Uint8Array, after: Uint8Array): string {
  const name = file.split(path.sep).join('/');
  const [old, now] = [shownText(before), shownText(after)];
  const headerOptions = { includeIndex: false, includeUnderline: false, includeFileHeaders: true };
  const options = { headerOptions, maxEditLength: MOST_EDITS };
  const shortest = createTwoFilesPatch(`a/${name}`, `b/${name}`, old, now, undefined, undefined, options);
  return shortest ?? `--- a/${name}\n+++ b/${name}\n${wholeHunk(old, now)}`;
}

/** The change of a whole text as one hunk of a unified diff. */
function wholeHunk(old: string, now: string): string {
  const side = (text: string, sign: string): { count: number; lines: string } => {
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const end = text === '' || text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n';
    return { count: lines.length, lines: lines.map((line) => sign + line).join('') + end };
  };
  const [less, more] = [side(old, '-'), side(now, '+')];
  const range = (count: number): string => `${count === 0 ? 0 : 1},${count}`;
  return `@@ -${range(less.count)} +${range(more.count)} @@\n${less.lines}${more.lines}`;
}

function describe(
  changed: readonly ChangedFile[],
  failed: readonly FailedFile[],
  left: number,
  dryRun: boolean,
): string {
  const lines = changed.flatMap(({ path: file, fixes, diff }) =>
    diff === undefined
      ? [`${file}:`, ...fixes.map((fix) => `  ${titleOf(fix)}`)]
      : // Programs that apply a diff skip what stands in front of it; a change of bytes may show nowhere else.
        [...fixes.map((fix) => `# ${file}: ${titleOf(fix)}`), readable(diff)],
  );
  for (const { path: file, message, hint } of failed) lines.push(`Error: ${file}: ${message} ${hint}`.trimEnd());
  const what = dryRun ? 'would be changed' : changed.length === 1 ? 'was changed' : 'were changed';
  lines.push(changed.length === 0 ? 'Nothing to fix.' : `${counted(changed.length, 'file')} ${what}.`);
  if (left > 0)
    lines.push(
      `${counted(left, 'problem')} ${left === 1 ? 'needs' : 'need'} a decision of yours; see \`maixcam check\`.`,
    );
  return lines.join('\n');
}

/** A carriage return would be printed as `\\x0d`; the document of `--json` has the exact text. */
function readable(diff: string): string {
  return diff.replace(/\r\n/g, '\n').replace(/\n$/, '');
}

function titleOf({ code, title }: AppliedFix): string {
  return `${title} [${code}]`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
