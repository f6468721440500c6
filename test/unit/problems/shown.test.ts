import assert from 'node:assert/strict';
import type { Problem, Severity } from '../../../server/src/core/problems/problem';
import { shownProblems } from '../../../server/src/core/problems/shown';

describe('shownProblems', () => {
  it('shows five hundred and no word of more', () => {
    const problems = Array.from({ length: 500 }, (_, line) => problem('warning', line));
    assert.deepEqual(shownProblems(problems), { shown: problems, rest: null });
  });

  it('shows errors that stand behind a thousand warnings, in the order of the text', () => {
    const problems = Array.from({ length: 1002 }, (_, line) => problem(line < 1000 ? 'warning' : 'error', line));
    const { shown, rest } = shownProblems(problems);
    assert.deepEqual(shown, [...problems.slice(0, 498), ...problems.slice(1000)]);
    assert.equal(rest?.severity, 'warning');
    assert.equal(rest.range.start.line, 498);
    assert.match(rest.message, /^502 more problems of this file are not shown\./);
  });

  it('says how many errors are among those that it leaves out', () => {
    const errors = Array.from({ length: 510 }, (_, line) => problem('error', line));
    assert.match(shownProblems(errors).rest?.message ?? '', /^10 more errors of this file are not shown\./);
    const { rest } = shownProblems([...errors, problem('hint', 600)]);
    assert.match(rest?.message ?? '', /^11 more problems, 10 of them errors, of this file are not shown\./);
    assert.equal(rest?.severity, 'error');
    assert.match(shownProblems(errors.slice(0, 501)).rest?.message ?? '', /^1 more error of this file is not shown\./);
  });
});

function problem(severity: Severity, line: number): Problem {
  const at = { line, character: 0 };
  return { code: 'MUD006', severity, message: 'wrong', range: { start: at, end: at } };
}
