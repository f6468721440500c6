import { stepsUntil, type StepName } from '../pipeline/steps';
import type { JobRecord } from './job-record';

/** Share of a run's time, roughly, as the sample takes it without a GPU: training, then conversion, then little else. */
const SHARES: Readonly<Record<StepName, number>> = {
  check: 1,
  train: 60,
  export: 2,
  outputs: 1,
  cut: 1,
  convert: 25,
  mud: 1,
  compare: 7,
  push: 2,
};

/**
 * How far a run is, 0 to 1, with each step as long as it usually is. Steps that are skipped count for nothing, so what
 * is left to run fills the whole bar.
 *
 * @param until the run's last step; all steps where it is not known
 */
export function runFraction(
  { steps, current, progress }: Pick<JobRecord, 'steps' | 'current' | 'progress'>,
  until: StepName | undefined,
): number {
  const told = new Set(steps.map(({ name }) => name));
  const shareOf = (names: readonly StepName[]): number => names.reduce((sum, name) => sum + SHARES[name], 0);
  const done = shareOf(steps.filter(({ state }) => state === 'done').map(({ name }) => name));
  const at = current === null ? 0 : SHARES[current] * (progress?.fraction ?? 0);
  const open = shareOf(stepsUntil(until).filter((name) => !told.has(name)));
  return done + open === 0 ? 1 : Math.min(1, (done + at) / (done + open));
}
