import { statSync } from 'node:fs';
import path from 'node:path';
import { interpreterOf } from './place';
import { packagesChanged, recallFacts, type RecallOptions } from './remembered-facts';
import { STAMP, versionKeyOf, type EnvironmentStamp } from './stamp';
import type { PythonEnvironment } from './variables';

/**
 * A finished managed environment as it is now. Nothing is started in it as long as its packages are those of its
 * stamp; where a person has installed or removed some since, it is asked, and the answer is remembered.
 *
 * @throws AppError `ENV_NOT_PYTHON` (missing-tool)
 */
export async function managedEnvironment(
  folder: string,
  stamp: EnvironmentStamp,
  options: RecallOptions,
): Promise<PythonEnvironment> {
  // The stamp is written last.
  const written = statSync(path.join(folder, STAMP), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (packagesChanged(folder, stamp.pythonVersion) <= written) return fromStamp(folder, stamp);
  const { python, packages } = await recallFacts(interpreterOf(folder), [], options);
  return fromStamp(folder, { ...stamp, pythonVersion: python, packages });
}

/** A managed environment as its stamp tells. */
export function fromStamp(folder: string, stamp: EnvironmentStamp): PythonEnvironment {
  return {
    kind: stamp.kind,
    python: interpreterOf(folder),
    pythonVersion: stamp.pythonVersion,
    folder,
    managed: true,
    packages: stamp.packages,
    versionKey: versionKeyOf(stamp.pythonVersion, stamp.packages),
  };
}
