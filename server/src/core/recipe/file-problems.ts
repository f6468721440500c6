import type { FileProblem } from '../language/service';
import type { RecipeCode } from '../problems/codes';
import { fileForm, shownPosition, toUtf8, withLf, withoutBom, withoutNul } from '../text/file-form';

/**
 * What an editor does not show of a recipe's bytes, and the readers of a recipe do not take: it is UTF-8 text with
 * LF or CR LF (to YAML as it is read here, a lone CR ends no line). A byte order mark is read over.
 */
export function recipeFileProblems(bytes: Uint8Array): readonly FileProblem[] {
  const form = fileForm(bytes);
  const problem = (
    code: RecipeCode,
    severity: FileProblem['severity'],
    offset: number,
    message: string,
    fix: FileProblem['fix'],
  ): FileProblem => {
    const start = shownPosition(bytes, offset);
    return { code, severity, message, range: { start, end: start }, fix };
  };

  if (form.encoding !== 'utf-8') {
    const message = `The file is stored as ${form.encoding.toUpperCase()}; recipes are read as UTF-8. Save it as UTF-8.`;
    return [problem('RECIPE030', 'error', 0, message, { title: 'Save as UTF-8', apply: toUtf8 })];
  }
  const problems: FileProblem[] = [];
  if (form.bom > 0) {
    const message =
      'The file begins with a byte order mark. Recipes are read without it, but other tools may take it for a part of the first key. Remove it.';
    const fix = { title: 'Remove the byte order mark', apply: withoutBom };
    problems.push(problem('RECIPE029', 'warning', 0, message, fix));
  }
  if (form.invalid !== null) {
    const { count, offset } = form.invalid;
    const what = count === 1 ? 'A letter here is' : `${count} letters from here on are`;
    // Which encoding was meant only a person can tell.
    const message = `${what} not stored as UTF-8, so that names and paths would be read wrong. Open the file in its own encoding and save it as UTF-8.`;
    problems.push(problem('RECIPE030', 'error', offset, message, null));
  }
  if (form.nul !== null) {
    const message =
      'The file holds NUL characters: names and paths with them cannot be used, and an editor may refuse to open it. Remove them.';
    const fix = { title: 'Remove the NUL characters', apply: withoutNul };
    problems.push(problem('RECIPE031', 'error', form.nul.offset, message, fix));
  }
  if (form.lineEnds.cr > 0) {
    const message =
      'A line ends here with CR alone, as old Macintosh programs wrote it. Recipes are read with LF or CR LF: this line and the next would be one. Change the line ends to LF.';
    const fix = { title: 'Change line ends to LF', apply: withLf };
    problems.push(problem('RECIPE032', 'error', form.lineEnds.firstCr, message, fix));
  }
  return problems.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}
