import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { StepName } from '../../domain/pipeline/steps';
import type { EnvironmentName } from '../python/kinds/kind';
import { findEnvironment, requireEnvironment } from '../python/environments';
import { ownPrograms } from '../python/place';
import type { PythonEnvironment } from '../python/variables';
import { readStamp } from '../store/stamp';
import type { StepContext } from '../pipeline/step';

/**
 * What a plan's tool is: the environment that is there (`none` until there is one), and those of our programs that run
 * in it.
 */
export async function environmentVersion(
  name: EnvironmentName,
  context: StepContext,
  programs: readonly string[],
): Promise<string> {
  const environment = await findEnvironment(name, { env: context.env, signal: context.signal });
  const files = programs.map((program) => readFileSync(path.join(ownPrograms(), program)));
  const own = createHash('sha256').update(Buffer.concat(files)).digest('hex').slice(0, 16);
  return `${environment?.versionKey ?? 'none'} ${own}`;
}

/** The environment that a step runs in. @throws AppError `ENV_MISSING` and its like (missing-tool). */
export function toolEnvironment(
  name: EnvironmentName,
  context: Pick<StepContext, 'env' | 'signal'>,
): Promise<PythonEnvironment> {
  return requireEnvironment(name, { env: context.env, signal: context.signal });
}

/**
 * Looks before a run whether the environment of a step is there: a training of hours must not end at a converter that
 * is missing. A step that is made already needs none.
 *
 * @throws AppError `ENV_MISSING` and its like (missing-tool).
 */
export async function requireEnvironmentFor(
  step: StepName,
  name: EnvironmentName,
  context: Pick<StepContext, 'paths' | 'env' | 'signal'>,
): Promise<void> {
  if ((await readStamp(context.paths.stamp(step))) === null) await toolEnvironment(name, context);
}
