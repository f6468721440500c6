import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { writeFileAtomic } from '../store/files';
import { askFacts } from './facts';
import type { EnvironmentFacts, EnvironmentKind } from './kinds/kind';
import { versionKeyOf } from './stamp';
import type { PythonEnvironment } from './variables';

/** Names of the variables with which a person brings an environment of their own. */
export const BROUGHT_VARIABLE = { train: 'MAIXCAM_TRAIN_PYTHON', convert: 'MAIXCAM_CONVERT_PYTHON' } as const;

interface Remembered {
  readonly key: string;
  readonly facts: EnvironmentFacts;
}

/**
 * An environment that a person brought: looked at, tried out, never changed. The answer is kept in the cache folder
 * until the interpreter or its folder of packages changes.
 *
 * @throws AppError `ENV_BROUGHT_MISSING`, `ENV_BROUGHT_VERSION`, `ENV_BROUGHT_BROKEN`, `ENV_NOT_PYTHON` (missing-tool).
 */
export async function broughtEnvironment(
  kind: EnvironmentKind,
  python: string,
  options: {
    readonly cache: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal?: AbortSignal | undefined;
  },
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
  const facts = await recall(kind, python, options);
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

async function recall(
  kind: EnvironmentKind,
  python: string,
  options: Parameters<typeof broughtEnvironment>[2],
): Promise<EnvironmentFacts> {
  const name = createHash('sha256').update(`${kind.name} ${python}`).digest('hex').slice(0, 16);
  const file = path.join(options.cache, 'brought', `${name}.json`);
  const key = stateOf(python);
  try {
    const remembered = JSON.parse(readFileSync(file, 'utf8')) as Remembered;
    if (remembered.key === key) return remembered.facts;
  } catch {
    // Not seen before.
  }
  const facts = await askFacts(python, kind.trials, options);
  // What failed is tried again next time: the cure may leave no trace here, such as an installed system library.
  if (Object.keys(facts.failures).length === 0) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, JSON.stringify({ key, facts } satisfies Remembered));
  }
  return facts;
}

/** Times of change of the interpreter and of its package folders. */
function stateOf(python: string): string {
  const folder = path.dirname(path.dirname(python));
  const version = [9, 10, 11, 12, 13].map((minor) => path.join(folder, 'lib', `python3.${minor}`, 'site-packages'));
  return [python, ...version, path.join(folder, 'Lib', 'site-packages')]
    .map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? '-')
    .join(' ');
}
