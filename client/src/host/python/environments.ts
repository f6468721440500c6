import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import { BROUGHT_VARIABLE, broughtEnvironment } from './brought';
import { environmentKinds } from './kinds';
import type { EnvironmentKind, EnvironmentName } from './kinds/kind';
import { managedEnvironment } from './managed';
import { cacheFolder } from './place';
import { definitionOf, readStamp, removeOwned, type EnvironmentStamp } from './stamp';
import type { PythonEnvironment } from './variables';

export { environmentVariables, type PythonEnvironment } from './variables';

export interface EnvironmentOptions {
  /** Variables of the process; `MAIXCAM_ENV_DIR`, `MAIXCAM_TRAIN_PYTHON`, `MAIXCAM_CONVERT_PYTHON` are read. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One line of `maixcam env list` (spec cli.md). */
export interface EnvironmentReport {
  readonly name: string;
  readonly kind: EnvironmentName;
  readonly state: 'ready' | 'missing' | 'broken';
  readonly python: string | null;
  readonly pythonVersion: string | null;
  readonly packages: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Size on disk; null where not known. */
  readonly bytes: number | null;
  readonly managed: boolean;
  /** Essential packages that are not there. */
  readonly missing: readonly string[];
  /** A managed one that was made from an older definition of its kind: it still works, and can be renewed. */
  readonly outdated: boolean;
  /** What is wrong and what to do, where something is. */
  readonly problem: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

/** Folder of a managed environment. */
function managedFolder(name: EnvironmentName, env: EnvironmentOptions['env'] = process.env): string {
  return path.join(cacheFolder(env), name);
}

/**
 * The environment in which tools of this kind run: the one that a person brought (`MAIXCAM_TRAIN_PYTHON`,
 * `MAIXCAM_CONVERT_PYTHON`), else the managed one; null where there is none yet. In a managed one nothing is started as
 * long as its packages are those that it was made with.
 *
 * @throws AppError (missing-tool) where it cannot be used.
 */
export async function findEnvironment(
  name: EnvironmentName,
  options: EnvironmentOptions = {},
): Promise<PythonEnvironment | null> {
  const env = options.env ?? process.env;
  const brought = env[BROUGHT_VARIABLE[name]];
  if (brought !== undefined && brought !== '') {
    return broughtEnvironment(environmentKinds[name], path.resolve(brought), {
      cache: cacheFolder(env),
      env,
      signal: options.signal,
    });
  }
  const folder = managedFolder(name, env);
  const found = readStamp(folder);
  if (found.state !== 'ready') return null;
  return await managedEnvironment(folder, found.stamp, { cache: cacheFolder(env), env, signal: options.signal });
}

/**
 * As `findEnvironment`, but a missing one is an error that says how to get it.
 *
 * @throws AppError `ENV_MISSING`, `ENV_CONVERT_UNSUPPORTED` and those of `findEnvironment` (all missing-tool).
 */
export async function requireEnvironment(
  name: EnvironmentName,
  options: EnvironmentOptions = {},
): Promise<PythonEnvironment> {
  const kind = environmentKinds[name];
  const found = await findEnvironment(name, options);
  if (found !== null) return found;
  throw (
    kind.unsupported(process.platform, process.arch) ??
    new AppError({
      code: 'ENV_MISSING',
      message: `The Python environment for ${kind.title} is not there yet.`,
      hint: `Run "maixcam env create ${name}" (about ${formatBytes(kind.cost.cpuIndex)} to ${formatBytes(kind.cost.packageIndex)} on disk), or name one of your own in ${BROUGHT_VARIABLE[name]}.`,
      kind: 'missing-tool',
    })
  );
}

/** Every environment, managed or brought, with its state. */
export async function listEnvironments(options: EnvironmentOptions = {}): Promise<EnvironmentReport[]> {
  const env = options.env ?? process.env;
  const reports: EnvironmentReport[] = [];
  for (const kind of Object.values(environmentKinds)) {
    reports.push(await reportManaged(kind, options));
    if ((env[BROUGHT_VARIABLE[kind.name]] ?? '') !== '') reports.push(await reportBrought(kind, options));
  }
  return reports;
}

/**
 * Removes a managed environment. One that does not carry our marker is left alone.
 *
 * @throws AppError `ENV_UNKNOWN` (usage), `ENV_FOREIGN_FOLDER`.
 */
export async function removeEnvironment(name: string, options: EnvironmentOptions = {}): Promise<EnvironmentReport> {
  const kind = kindNamed(name);
  const folder = managedFolder(kind.name, options.env ?? process.env);
  if (readStamp(folder).state === 'foreign') throw foreignFolder(folder);
  await removeOwned(folder);
  return await reportManaged(kind, options);
}

/** @throws AppError `ENV_UNKNOWN` (usage). */
export function kindNamed(name: string): EnvironmentKind {
  const kind = Object.values(environmentKinds).find((one) => one.name === name);
  if (kind !== undefined) return kind;
  const names = Object.keys(environmentKinds).join(', ');
  throw new AppError({
    code: 'ENV_UNKNOWN',
    message: `There is no environment called ${name}.`,
    hint: `Environments that can be made and removed: ${names}.`,
    kind: 'usage',
  });
}

/** The refusal to touch what we did not make. */
export function foreignFolder(folder: string): AppError {
  return new AppError({
    code: 'ENV_FOREIGN_FOLDER',
    message: `${folder} exists, but was not made by this program, so it is left alone.`,
    hint: 'Move it away, or set MAIXCAM_ENV_DIR to another folder.',
  });
}

async function reportManaged(kind: EnvironmentKind, options: EnvironmentOptions): Promise<EnvironmentReport> {
  const env = options.env ?? process.env;
  const folder = managedFolder(kind.name, env);
  const found = readStamp(folder);
  const nothing = {
    name: kind.name,
    kind: kind.name,
    python: null,
    pythonVersion: null,
    packages: {},
    folder,
    bytes: null,
    managed: true,
    missing: kind.essential,
    outdated: false,
  };
  switch (found.state) {
    case 'ready':
      try {
        const recall = { cache: cacheFolder(env), env, signal: options.signal };
        const { python, pythonVersion, packages } = await managedEnvironment(folder, found.stamp, recall);
        const about = { python, pythonVersion, packages, bytes: found.stamp.bytes };
        return {
          ...nothing,
          ...about,
          state: 'ready',
          missing: missingOf(kind, packages),
          ...ageOf(kind, found.stamp),
        };
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.kind === 'cancelled') throw thrown;
        return { ...nothing, state: 'broken', problem: problemOf(thrown) };
      }
    case 'missing': {
      const unsupported = kind.unsupported(process.platform, process.arch);
      return { ...nothing, state: 'missing', problem: unsupported === null ? null : problemOf(unsupported) };
    }
    case 'broken': {
      const message = `The environment cannot be used: ${found.reason}.`;
      const hint = `Make it again with "maixcam env create ${kind.name}".`;
      return { ...nothing, state: 'broken', problem: { code: 'ENV_BROKEN', message, hint } };
    }
    case 'foreign':
      return { ...nothing, state: 'broken', managed: false, problem: problemOf(foreignFolder(folder)) };
  }
}

/** Whether an environment was made from another definition than that of this release, and what to do then. */
function ageOf(kind: EnvironmentKind, stamp: EnvironmentStamp): Pick<EnvironmentReport, 'outdated' | 'problem'> {
  if (stamp.definition === definitionOf(kind)) return { outdated: false, problem: null };
  const message = 'The environment was made from an older definition.';
  const hint = `It can be used; "maixcam env create ${kind.name}" renews it.`;
  return { outdated: true, problem: { code: 'ENV_OUTDATED', message, hint } };
}

async function reportBrought(kind: EnvironmentKind, options: EnvironmentOptions): Promise<EnvironmentReport> {
  const env = options.env ?? process.env;
  const python = path.resolve(env[BROUGHT_VARIABLE[kind.name]] ?? '');
  const common = { name: `${kind.name}-own`, kind: kind.name, python, bytes: null, managed: false, outdated: false };
  try {
    const found = await findEnvironment(kind.name, options);
    return {
      ...common,
      state: 'ready',
      pythonVersion: found?.pythonVersion ?? null,
      packages: found?.packages ?? {},
      folder: path.dirname(path.dirname(python)),
      missing: missingOf(kind, found?.packages ?? {}),
      problem: null,
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.kind === 'cancelled') throw thrown;
    return {
      ...common,
      state: thrown.code === 'ENV_BROUGHT_MISSING' ? 'missing' : 'broken',
      pythonVersion: null,
      packages: {},
      folder: path.dirname(path.dirname(python)),
      missing: kind.essential,
      problem: problemOf(thrown),
    };
  }
}

function missingOf(kind: EnvironmentKind, packages: Readonly<Record<string, string>>): string[] {
  return kind.essential.filter((name) => packages[name] === undefined);
}

function problemOf(error: AppError): { code: string; message: string; hint: string } {
  return { code: error.code, message: error.message, hint: error.hint };
}
