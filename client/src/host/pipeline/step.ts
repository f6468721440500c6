import type { Recipe } from '../../../../server/src/core/recipe/model';
import type { AppError } from '../../../../server/src/core/problems/app-error';
import type { StepName, StepPlan, StepSummary } from '../../domain/pipeline/steps';
import type { Progress } from '../process/progress';
import type { RecipePaths } from '../store/paths';
import type { Stamp } from '../store/stamp';

/** What every step may know and use. */
export interface StepContext {
  readonly recipe: Recipe;
  readonly paths: RecipePaths;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** The caller's environment variables: where tools and settings are looked up. */
  readonly env: NodeJS.ProcessEnv;
  /** Log file of this run; programs append their output. */
  readonly logFile: string;
  /** Stamp of an earlier step of this recipe, as published. */
  stampOf(step: StepName): Stamp | undefined;
  /** Where to push, when the caller says so; the recipe's `deploy` otherwise. */
  readonly push: PushTarget;
}

/** What the engine needs of its caller; it adds the log and the stamps. */
export type EngineContext = Omit<StepContext, 'logFile' | 'stampOf'>;

export interface PushTarget {
  readonly host?: string;
  readonly user?: string;
  readonly identity?: string;
  /** Asks a person or the environment; undefined when there is no password to be had. */
  readonly password?: (signal?: AbortSignal) => Promise<string | undefined>;
  readonly acceptNewHostKey?: boolean;
  /** Says a line to the person at once, e.g. a fingerprint on first contact. */
  readonly say?: (line: string) => void;
}

export interface StepOutcome {
  readonly summary: StepSummary;
  /** The work is done and published, but what it found out stops the pipeline. */
  readonly problem?: AppError;
  /** The step looked and found nothing to do: it counts as skipped. */
  readonly unchanged?: boolean;
}

/** One step of the main job. A file in `host/steps/` each, listed in `host/steps/index.ts`. */
export interface Step {
  readonly name: StepName;
  /**
   * What the step would read, run and make. Quick: it decides whether anything has to be done.
   *
   * @throws AppError where something that only a person can give is missing.
   */
  plan(context: StepContext): Promise<StepPlan>;
  /** Null: this step has nothing to do for this recipe, and says why. */
  idle?(context: StepContext): string | null;
  /**
   * Looks, before any step runs, whether what a person gives is there: hours of training must not end at a misspelt
   * folder. Quick.
   *
   * @throws AppError that names what is missing.
   */
  preflight?(context: Pick<StepContext, 'recipe' | 'paths' | 'env' | 'signal'>): Promise<void>;
  /** Does the work in the empty folder `work`; every path in `plan.outputs` must exist there at the end. */
  run(context: StepContext, plan: StepPlan, work: string): Promise<StepOutcome>;
  /** True: looked at on every run, because what it depends on lies outside this machine. */
  readonly always?: boolean;
}
