import type { FoundJob } from '../../domain/jobs/job-record';
import type { RecipeOverview, StepRow } from '../../domain/pipeline/overview';

/**
 * The overview with the newest progress of a run that goes on. Null where more has changed than the progress of the
 * step at work (it is another step, or the run has ended), so that the overview must be read anew.
 */
export function withProgress(overview: RecipeOverview, job: FoundJob | null): RecipeOverview | null {
  if (job?.state !== 'running' || job.lost || job.id !== overview.job?.id) return null;
  const row = runningRow(overview);
  if (row?.name !== job.current && (row !== undefined || job.current !== null)) return null;
  const { progress } = job;
  if (row === undefined || progress === null) return overview;
  const text = progress.message === '' ? row.text : progress.message;
  return { ...overview, rows: overview.rows.map((one) => (one === row ? { ...row, progress, text } : one)) };
}

/** The step at work. */
export function runningRow(overview: RecipeOverview): StepRow | undefined {
  return overview.rows.find((row) => row.state === 'running');
}
