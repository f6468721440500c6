import type * as vscode from 'vscode';
import { STEP_NAMES, type StepName } from '../../domain/pipeline/steps';

/** An entry of `tasks.json`, as package.json describes it (`taskDefinitions`). */
export interface RunTaskDefinition extends vscode.TaskDefinition {
  readonly type: 'maixcam';
  /** Path of the recipe, relative to the workspace folder. */
  readonly recipe: string;
  readonly until?: StepName;
  readonly force?: boolean;
}

/** An entry as a person wrote it; null where it says not enough to run, or names a step that does not exist. */
export function readDefinition(definition: vscode.TaskDefinition): RunTaskDefinition | null {
  const { recipe, until, force } = definition as Readonly<Record<string, unknown>>;
  if (definition.type !== 'maixcam' || typeof recipe !== 'string' || recipe === '') return null;
  const step = STEP_NAMES.find((name) => name === until);
  if (until !== undefined && step === undefined) return null;
  if (force !== undefined && typeof force !== 'boolean') return null;
  return {
    type: 'maixcam',
    recipe,
    ...(step === undefined ? {} : { until: step }),
    ...(force === undefined ? {} : { force }),
  };
}
