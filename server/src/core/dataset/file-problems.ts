import type { FileProblem } from '../language/service';
import type { DatasetCode } from '../problems/codes';
import type { Range } from '../problems/problem';
import { fileForm, shownPosition, toUtf8, withoutNul } from '../text/file-form';

const CODE: DatasetCode = 'DATA031';

/**
 * What the bytes of a dataset YAML do to the trainer (spec dataset-and-training.md 1.1, 0a): it reads UTF-8, leaves
 * bytes out that are none, skips a byte order mark and takes every kind of line end.
 */
export function datasetFileProblems(bytes: Uint8Array): readonly FileProblem[] {
  const form = fileForm(bytes);
  const at = (offset: number): Range => {
    const start = shownPosition(bytes, offset);
    return { start, end: start };
  };
  if (form.encoding !== 'utf-8') {
    const name = form.encoding.toUpperCase();
    return [
      {
        code: CODE,
        severity: 'warning',
        message: `The file is ${name}, not UTF-8. The trainer leaves out every byte that it cannot read: letters beyond ASCII are lost from paths and names. Save it as UTF-8.`,
        range: at(0),
        fix: { title: 'Save as UTF-8', apply: toUtf8 },
      },
    ];
  }
  const problems: FileProblem[] = [];
  if (form.bom > 0) {
    const message =
      'The file begins with a byte order mark. The trainer skips it; other programs take it for a part of the first key. Remove it.';
    const fix = { title: 'Remove the byte order mark', apply: toUtf8 };
    problems.push({ code: CODE, severity: 'information', message, range: at(0), fix });
  }
  if (form.nul !== null) {
    const message =
      'The file holds NUL characters. The trainer takes them out; an editor may refuse to open the file. Remove them.';
    const fix = { title: 'Remove the NUL characters', apply: withoutNul };
    problems.push({ code: CODE, severity: 'warning', message, range: at(form.nul.offset), fix });
  }
  if (form.invalid !== null) {
    const { count, offset } = form.invalid;
    const what = count === 1 ? 'A letter here is' : `${count} letters from here on are`;
    // Which encoding was meant only a person knows: GBK and Latin-1 look alike to a program.
    const message = `${what} not stored as UTF-8. The trainer leaves such letters out of paths and names. Open the file in its own encoding and save it as UTF-8.`;
    problems.push({ code: CODE, severity: 'warning', message, range: at(offset), fix: null });
  }
  return problems;
}
