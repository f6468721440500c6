import type { EnvironmentName } from '../python/kinds/kind';
import { findEnvironment, requireEnvironment } from '../python/environments';
import type { PythonEnvironment } from '../python/variables';
import type { StepContext } from '../pipeline/step';

/** Version key for a plan: of the environment that is there; `none` until there is one. */
export async function environmentVersion(name: EnvironmentName, context: StepContext): Promise<string> {
  return (await findEnvironment(name, { env: context.env, signal: context.signal }))?.versionKey ?? 'none';
}

/** The environment that a step runs in. @throws AppError `ENV_MISSING` and its like (missing-tool). */
export function toolEnvironment(name: EnvironmentName, context: StepContext): Promise<PythonEnvironment> {
  return requireEnvironment(name, { env: context.env, signal: context.signal });
}
