import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { EnvironmentKind } from './kinds/kind';
import { recallFacts, type RecallOptions } from './remembered-facts';
import { versionKeyOf } from './stamp';
import type { PythonEnvironment } from './variables';

/** Names of the variables with which a person brings an environment of their own. */
export const BROUGHT_VARIABLE = { train: 'MAIXCAM_TRAIN_PYTHON', convert: 'MAIXCAM_CONVERT_PYTHON' } as const;

/**
 * An environment that a person brought: looked at, tried out, never changed. The answer is kept in the cache folder
 * until the interpreter or its folder of packages changes.
 *
 * @throws AppError `ENV_BROUGHT_MISSING`, `ENV_BROUGHT_VERSION`, `ENV_BROUGHT_BROKEN`, `ENV_NOT_PYTHON` (missing-tool).
 */
export async function broughtEnvironment(
  kind: EnvironmentKind,
  python: string,
  options: RecallOptions,
): Promise<PythonEnvironment> {
  const variable = BROUGHT_VARIABLE[kind.name];
  if (!existsSync(python)) {
    throw new AppError({
      code: 'ENV_BROUGHT_MISSING',
      message: `${variable} names ${python}, which does not exist.`,
      hint: `Correct or remove ${variable}; without it the environment of "maixcam env create ${kind.name}" is used.`,
      kind: 'missing-tool',
    });
  }
  const unsupported = kind.unsupported(process.platform, process.arch);
  if (unsupported !== null) throw unsupported;
  const facts = await recallFacts(python, kind.trials, options);
  const [major, minor] = facts.python.split('.').map(Number);
  if (!kind.versions.some((version) => version[0] === major && version[1] === minor)) {
    throw new AppError({
      code: 'ENV_BROUGHT_VERSION',
      message: `${variable} names a Python ${facts.python}; ${kind.title} needs ${describeVersions(kind)}.`,
      hint: kind.pythonHint,
      kind: 'missing-tool',
    });
  }
  const complaint = kind.complaint(facts);
  if (complaint !== null) {
    throw new AppError({ code: 'ENV_BROUGHT_BROKEN', ...complaint, kind: 'missing-tool' });
  }
  return {
    kind: kind.name,
    python,
    pythonVersion: facts.python,
    folder: path.dirname(path.dirname(python)),
    managed: false,
    packages: facts.packages,
    versionKey: versionKeyOf(facts.python, facts.packages),
  };
}

/** `3.10`, or `3.9 to 3.13`. */
export function describeVersions(kind: EnvironmentKind): string {
  const sorted = [...kind.versions].sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((version) => version.join('.'));
  return sorted.length === 1 ? `Python ${sorted[0] ?? ''}` : `Python ${sorted[0] ?? ''} to ${sorted.at(-1) ?? ''}`;
}
