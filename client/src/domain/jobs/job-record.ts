import type { StepName, StepResult } from '../pipeline/steps';

/** The record of one run, readable by any process while the run goes on and afterwards. */
export interface JobRecord {
  readonly format: 1;
  readonly id: string;
  /** Absolute path of the recipe. */
  readonly recipe: string;
  readonly pid: number;
  /** When that process started, in the kernel's ticks; tells a reused process id. Null where not known. */
  readonly processStarted: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Absolute path of the log. */
  readonly log: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly endedAt: string | null;
  /** The step at work. */
  readonly current: StepName | null;
  /** Last report of the step at work; null between steps. Written a few times a second at most. */
  readonly progress: JobProgress | null;
  readonly steps: readonly StepResult[];
  readonly error: JobError | null;
}

/** A record as it was found; `lost`: it says running, but its process is gone (killed, or the computer went down). */
export type FoundJob = JobRecord & { readonly lost: boolean };

export interface JobProgress {
  readonly step: string;
  /** 0 to 1; null while unknown. */
  readonly fraction: number | null;
  readonly message: string;
}

export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
