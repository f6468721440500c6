import type { JobError, JobProgress } from '../jobs/job-record';
import type { StepName } from './steps';

/** State of a step as the pipeline view shows it. */
export type StepRowState =
  /** Made, and up to date. */
  | 'done'
  /** Made, but something it depends on has changed since. */
  | 'outdated'
  /** Not made yet, and nothing stands in the way. */
  | 'ready'
  /** Not made yet; waits for an earlier step. */
  | 'waiting'
  | 'running'
  | 'failed'
  | 'cancelled'
  /** Nothing to do for this recipe, and `detail` says why. */
  | 'idle';

/** One step of a recipe, ready to be shown. */
export interface StepRow {
  readonly name: StepName;
  /** `Train` */
  readonly title: string;
  readonly state: StepRowState;
  /** One line: the result, the progress, the cause, or what it waits for. */
  readonly text: string;
  /** Why it is out of date and what it would run, cause and next step of a failure: for the hover. Plain text. */
  readonly detail: string;
  /** Of the last run; null before one. */
  readonly seconds: number | null;
  readonly progress: JobProgress | null;
  readonly error: JobError | null;
  /** Absolute paths of published files, the one that a click opens first. */
  readonly outputs: readonly string[];
  /** At most one row of a recipe: what a person would do next. */
  readonly next: boolean;
}

/** A recipe and its steps, ready to be shown. */
export interface RecipeOverview {
  /** Absolute path. */
  readonly recipe: string;
  /** `MaixCAM · yolov8n detect · 3 classes`; why it cannot be read where `error` is set. */
  readonly description: string;
  /** Set where the recipe itself cannot be used; there are no rows then. */
  readonly error: JobError | null;
  readonly rows: readonly StepRow[];
  /** The run that goes on or was last; null before the first. */
  readonly job: JobSummary | null;
}

export interface JobSummary {
  readonly id: string;
  /** `lost`: its process ended without a word (killed, or the computer went down). */
  readonly state: 'running' | 'done' | 'failed' | 'cancelled' | 'lost';
  readonly pid: number;
  readonly log: string;
  readonly startedAt: string;
}
