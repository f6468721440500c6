import type { MudCode } from '../../problems/codes';
import type { Fix, Problem, Severity } from '../../problems/problem';
import type { MudContext } from '../context';
import type { Span } from '../tree';

/**
 * When a mistake shows on the board: the loader refuses the file, the NPU runtime refuses the model, the decoder class
 * refuses it, the first picture throws, the results are wrong without a word, or nothing happens.
 */
export type MudStage = 'loader' | 'runtime' | 'class' | 'inference' | 'silent' | 'harmless';

/** One rule, one file (spec decisions.md 5). */
export interface MudRule {
  readonly code: MudCode;
  /** The earliest stage at which its findings show. */
  readonly stage: MudStage;
  /** Numbers of the mistakes in the reference (spec mud.md 4). */
  readonly mistakes: readonly number[];
  check(context: MudContext): Problem[];
}

/** A problem at a span of the text. */
export function problem(
  context: MudContext,
  code: MudCode,
  severity: Severity,
  at: Pick<Span, 'start' | 'end'>,
  message: string,
  fixes: readonly Fix[] = [],
): Problem {
  const range = context.lines.range(at.start, at.end);
  return { code, severity, message, range, ...(fixes.length === 0 ? {} : { fixes }) };
}
