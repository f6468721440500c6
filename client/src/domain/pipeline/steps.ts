/** The steps of the main job, in order (spec cli.md). */
export const STEP_NAMES = ['check', 'train', 'export', 'outputs', 'cut', 'convert', 'mud', 'compare', 'push'] as const;

export type StepName = (typeof STEP_NAMES)[number];

export type StepState = 'done' | 'skipped' | 'failed' | 'cancelled';

/** A program call as it is made: no shell in between. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
}

/** A file or folder that a step reads and did not make itself. */
export interface StepInput {
  readonly path: string;
  /**
   * `content`: a small file, hashed. `tree`: a folder of pictures or labels, told by names, sizes and times of change,
   * because hashing gigabytes would take longer than "nothing to do" may.
   */
  readonly by: 'content' | 'tree';
}

/**
 * What a step reads, runs and makes, before anything runs. Pure data: the engine turns it into a stamp and
 * `run --dry-run` prints it.
 */
export interface StepPlan {
  readonly step: StepName;
  /** Steps whose published results this one reads. */
  readonly needs: readonly StepName[];
  readonly inputs: readonly StepInput[];
  /** The part of the recipe that the step reads. */
  readonly recipe: unknown;
  /** Version of the tool that does the work; a new version makes the step out of date. */
  readonly tool: string;
  /** Programs that the step calls, in order. */
  readonly commands: readonly CommandLine[];
  /** Files that the step must have made, relative to its folder. */
  readonly outputs: readonly string[];
}

/** One line of the result of `run` (spec cli.md). */
export interface StepResult {
  readonly name: StepName;
  readonly state: StepState;
  readonly seconds: number;
  /** Absolute paths of the published files. */
  readonly outputs: readonly string[];
  readonly summary: StepSummary;
}

/** What a step found out, as plain data; `text` is the one line for a table. */
export interface StepSummary {
  readonly text: string;
  readonly [key: string]: unknown;
}

/** The steps that lead to `until`, in order; all when it is undefined. */
export function stepsUntil(until: StepName | undefined): readonly StepName[] {
  return until === undefined ? STEP_NAMES : STEP_NAMES.slice(0, STEP_NAMES.indexOf(until) + 1);
}
