import type { FileCode } from './codes';
import type { Problem, Severity } from './problem';

/** Past so many, a list helps nobody and slows the editor down. */
const MOST_SHOWN = 500;

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

export interface ShownProblems<T> {
  /** In the order of the text; the more severe ones where not all are shown. */
  readonly shown: readonly T[];
  /** Says how many are not shown, at the first of them; null where all are. */
  readonly rest: Problem | null;
}

/** The problems of one file that people are shown: 500 at most, and how many more there are. */
export function shownProblems<T extends Pick<Problem, 'severity' | 'range'>>(problems: readonly T[]): ShownProblems<T> {
  if (problems.length <= MOST_SHOWN) return { shown: problems, rest: null };
  const ranked = [...problems.keys()].sort((a, b) => rank(problems[a]) - rank(problems[b]) || a - b);
  const kept = new Set(ranked.slice(0, MOST_SHOWN));
  const left = problems.filter((_, index) => !kept.has(index));
  const errors = left.filter(({ severity }) => severity === 'error').length;
  const [first] = left;
  const most = problems[ranked[MOST_SHOWN] ?? 0];
  if (first === undefined || most === undefined) return { shown: problems, rest: null };
  const among = errors === 0 || errors === left.length ? '' : `, ${errors} of them errors,`;
  const what = errors === left.length ? 'error' : 'problem';
  const rest: Problem = {
    code: 'FILE004' satisfies FileCode,
    severity: most.severity,
    message: `${left.length} more ${what}${left.length === 1 ? '' : 's'}${among} of this file ${left.length === 1 ? 'is' : 'are'} not shown. Mend the ones above, and the next ones appear.`,
    range: first.range,
  };
  return { shown: problems.filter((_, index) => kept.has(index)), rest };
}

function rank(problem: Pick<Problem, 'severity'> | undefined): number {
  return problem === undefined ? Infinity : RANK[problem.severity];
}
