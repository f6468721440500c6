import { AppError } from '../../../../server/src/core/problems/app-error';
import type { StaleReason } from '../../domain/pipeline/stale';
import type { StepInput, StepName, StepPlan } from '../../domain/pipeline/steps';
import { fingerprint } from '../store/fingerprint';
import { dependenciesOf, readStamp, staleReason, type Stamp } from '../store/stamp';
import type { EngineContext, Step, StepContext } from './step';

/** One step as things are now; nothing was run. */
export interface StepLook {
  readonly step: StepName;
  /** Why this recipe has nothing to do here; everything below is null then. */
  readonly idle: string | null;
  /** What the step would do; null where `error` is set. */
  readonly plan: StepPlan | null;
  /** Why it would run; null: up to date, or `error` is set. */
  readonly reason: StaleReason | null;
  /** Of the published result, up to date or not. */
  readonly stamp: Stamp | null;
  /** Something that a person has to give is missing. */
  readonly error: AppError | null;
  /** The error would stop a run before its first step. */
  readonly blocks: boolean;
}

export interface LookOptions {
  /**
   * What the push depends on is looked at like that of every other step: `null` as its reason means that the board got
   * these files, not that it still has them.
   */
  readonly pushByStamp?: boolean;
  /** Asks each step's preflight too, for what is missing. */
  readonly preflight?: boolean;
}

/** Looks at the steps in order: what is up to date, what is not and why. A step that cannot be planned stops none. */
export async function* lookAtSteps(
  steps: readonly Step[],
  engine: EngineContext,
  options: LookOptions = {},
): AsyncGenerator<StepLook> {
  const stamps = new Map<StepName, Stamp>();
  const context: StepContext = { ...engine, logFile: '', stampOf: (step) => stamps.get(step) };
  const stale = new Set<StepName>();
  const fingerprintOf = rememberedFingerprint();
  for (const step of steps) {
    const idle = step.idle?.(context) ?? null;
    if (idle !== null) {
      yield { step: step.name, idle, plan: null, reason: null, stamp: null, error: null, blocks: false };
      continue;
    }
    const stamp = await readStamp(context.paths.stamp(step.name));
    let blocks = options.preflight === true;
    try {
      if (blocks) await step.preflight?.(context);
      blocks = false;
      const plan = await step.plan(context);
      const byStamp = step.always !== true || options.pushByStamp === true;
      const reason = byStamp
        ? await reasonOf(plan, stamp, context, { stamps, stale, fingerprintOf })
        : ({ kind: 'board' } as const);
      if (reason !== null) stale.add(step.name);
      else if (stamp !== null) stamps.set(step.name, stamp);
      yield { step: step.name, idle, plan, reason, stamp, error: null, blocks };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      stale.add(step.name);
      yield { step: step.name, idle, plan: null, reason: null, stamp, error: thrown, blocks };
    }
  }
}

interface Seen {
  readonly stamps: ReadonlyMap<StepName, Stamp>;
  readonly stale: ReadonlySet<StepName>;
  readonly fingerprintOf: (input: StepInput) => Promise<string>;
}

async function reasonOf(
  plan: StepPlan,
  stamp: Stamp | null,
  { paths }: StepContext,
  { stamps, stale, fingerprintOf }: Seen,
): Promise<StaleReason | null> {
  // What was never made needs no look at what it would be made from.
  if (stamp === null) return { kind: 'never-made' };
  const waits = plan.needs.find((name) => stale.has(name));
  if (waits !== undefined) return { kind: 'step-stale', step: waits };
  const keyOf = (name: StepName): string | undefined => stamps.get(name)?.key;
  const dependencies = await dependenciesOf(plan, paths.folder, keyOf, fingerprintOf);
  return staleReason(stamp, dependencies, paths.step(plan.step));
}

/** Several steps read the same dataset; one look takes it in once. */
function rememberedFingerprint(): (input: StepInput) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (input) => {
    const name = `${input.by} ${input.path}`;
    const found = known.get(name) ?? fingerprint(input);
    known.set(name, found);
    return found;
  };
}
