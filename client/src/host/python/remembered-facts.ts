import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { writeFileAtomic } from '../store/files';
import { askFacts } from './facts';
import type { EnvironmentFacts } from './kinds/kind';

interface Remembered {
  readonly key: string;
  readonly facts: EnvironmentFacts;
}

/** Set to `1` where nothing may be started, in a workspace that is not trusted: a look then uses only what is known. */
export const START_NOTHING = 'MAIXCAM_START_NOTHING';

export interface RecallOptions {
  /** Folder of the environments' belongings; the answers are kept there. */
  readonly cache: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What is installed in an environment and which trials fail there. The answer is kept until the interpreter or its
 * folder of packages changes.
 *
 * @throws AppError `ENV_NOT_PYTHON`, `ENV_NOT_ASKED` (missing-tool)
 */
export async function recallFacts(
  python: string,
  trials: readonly string[],
  options: RecallOptions,
): Promise<EnvironmentFacts> {
  const question = createHash('sha256').update(JSON.stringify([python, trials]));
  const file = path.join(options.cache, 'known', `${question.digest('hex').slice(0, 16)}.json`);
  const key = stateOf(python);
  try {
    const remembered = JSON.parse(readFileSync(file, 'utf8')) as Remembered;
    if (remembered.key === key) return remembered.facts;
  } catch {
    // Not seen before.
  }
  if (options.env[START_NOTHING] === '1') {
    throw new AppError({
      code: 'ENV_NOT_ASKED',
      message: `What is installed in the environment of ${python} is not known, because nothing may be started here.`,
      hint: 'Trust this workspace to have it looked at.',
      kind: 'missing-tool',
    });
  }
  const facts = await askFacts(python, trials, options);
  // What failed is tried again next time: the cure may leave no trace here, such as an installed system library.
  if (Object.keys(facts.failures).length === 0) {
    const remember = async (): Promise<void> => {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFileAtomic(file, JSON.stringify({ key, facts } satisfies Remembered));
    };
    // Where it cannot be kept, it is asked for again.
    await remember().catch(() => undefined);
  }
  return facts;
}

/** When a package was last added to, changed in or removed from an environment, in ms since 1970; 0 where not known. */
export function packagesChanged(folder: string, pythonVersion: string): number {
  const minor = pythonVersion.split('.').slice(0, 2).join('.');
  const places = [path.join(folder, 'lib', `python${minor}`, 'site-packages'), windowsPackages(folder)];
  return Math.max(...places.map((place) => changed(place) ?? 0));
}

/** Times of change of the interpreter and of its package folders. */
function stateOf(python: string): string {
  const folder = path.dirname(path.dirname(python));
  const version = [9, 10, 11, 12, 13].map((minor) => path.join(folder, 'lib', `python3.${minor}`, 'site-packages'));
  return [python, ...version, windowsPackages(folder)].map((file) => changed(file) ?? '-').join(' ');
}

function windowsPackages(folder: string): string {
  return path.join(folder, 'Lib', 'site-packages');
}

function changed(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
