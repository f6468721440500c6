import { readdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { childEnvironment } from '../process/environment';
import { foldersOnPath, isExecutable } from '../process/executables';
import { runProcess } from '../process/run';
import { interpreterOf } from './place';
import { probeInterpreter, type Interpreter, type MinorVersion, type UnusableInterpreter } from './interpreter';

/** Where a candidate came from; also the order of preference (toolchain.md 1). */
export type InterpreterSource = 'setting' | 'MAIXCAM_PYTHON' | 'PATH' | 'pyenv' | 'conda' | 'py' | 'uv';

export interface Candidate {
  readonly path: string;
  readonly source: InterpreterSource;
}

export type FoundInterpreter = (Interpreter | UnusableInterpreter) & { readonly source: InterpreterSource };

export interface DiscoverOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Interpreter that the person chose in the settings. */
  readonly setting?: string | undefined;
  /** Versions that are wanted, the best first; named interpreters of these are looked for. */
  readonly wanted: readonly MinorVersion[];
  readonly home?: string | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  /** `uv`, where one is at hand: it knows interpreters that it installed itself. */
  readonly uv?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The first interpreter of the best wanted version, and everything that was looked at on the way, each with what it
 * is or why it cannot be used. Candidates are run, never believed (`probeInterpreter`).
 */
export async function discoverInterpreter(
  options: DiscoverOptions,
): Promise<{ readonly chosen: Interpreter | null; readonly seen: readonly FoundInterpreter[] }> {
  const env = childEnvironment(options.env);
  const seen: FoundInterpreter[] = [];
  const done = new Set<string>();
  const probe = async (candidate: Candidate): Promise<void> => {
    const key = `${realPath(candidate.path)} ${path.basename(candidate.path)}`;
    if (done.has(key) || options.signal?.aborted === true) return;
    done.add(key);
    seen.push({
      ...(await probeInterpreter(candidate.path, { env, signal: options.signal })),
      source: candidate.source,
    });
  };
  const best = (): Interpreter | null => {
    for (const wanted of options.wanted) {
      const found = seen.find((one) => isUsable(one) && sameMinor(one.minor, wanted));
      if (found !== undefined && isUsable(found)) return found;
    }
    return null;
  };
  const bestOfAll = (): boolean => {
    const wanted = options.wanted[0];
    const found = best();
    return found !== null && wanted !== undefined && sameMinor(found.minor, wanted);
  };

  for (const candidate of knownPlaces(options)) {
    await probe(candidate);
    if (bestOfAll()) return { chosen: best(), seen };
  }
  for (const candidate of await toldByTools(options)) await probe(candidate);
  return { chosen: best(), seen };
}

/** Narrows a found interpreter to a usable one. */
export function isUsable<T extends Interpreter | UnusableInterpreter>(found: T): found is T & Interpreter {
  return 'version' in found;
}

function sameMinor(a: MinorVersion, b: MinorVersion): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Candidates in the order of preference, without starting anything. */
export function knownPlaces(options: DiscoverOptions): Candidate[] {
  const { env } = options;
  const platform = options.platform ?? process.platform;
  const home = options.home ?? (platform === 'win32' ? env.USERPROFILE : env.HOME) ?? os.homedir();
  const found: Candidate[] = [];
  const add = (source: InterpreterSource, file: string): void => {
    if (isExecutable(file)) found.push({ path: file, source });
  };
  // What a person chose is listed even where it does not exist, so that the reason can be told.
  if (options.setting !== undefined && options.setting !== '') found.push({ path: options.setting, source: 'setting' });
  const chosen = env.MAIXCAM_PYTHON;
  if (chosen !== undefined && chosen !== '') found.push({ path: chosen, source: 'MAIXCAM_PYTHON' });

  const suffix = platform === 'win32' ? '.exe' : '';
  const names = [...options.wanted.map(([major, minor]) => `python${major}.${minor}`), 'python3', 'python'];
  const folders = foldersOnPath(env);
  for (const name of names) for (const folder of folders) add('PATH', path.join(folder, name + suffix));

  const pyenvRoots = [env.PYENV_ROOT, path.join(home, '.pyenv'), path.join(home, '.pyenv', 'pyenv-win')];
  for (const root of new Set(pyenvRoots)) {
    if (root === undefined || root === '') continue;
    const versions = path.join(root, 'versions');
    for (const version of matching(listFolder(versions), options.wanted)) {
      add(
        'pyenv',
        platform === 'win32' ? path.join(versions, version, 'python.exe') : interpreterOf(path.join(versions, version)),
      );
    }
  }
  for (const environment of condaEnvironments(env, home)) {
    add('conda', platform === 'win32' ? path.join(environment, 'python.exe') : path.join(environment, 'bin', 'python'));
  }
  return found;
}

/** Folder names such as `3.10.13` or `miniconda3-…`: wanted versions first, in their order; unwanted ones not at all. */
function matching(names: readonly string[], wanted: readonly MinorVersion[]): string[] {
  return wanted.flatMap(([major, minor]) =>
    names
      .filter((name) => new RegExp(`^${major}\\.${minor}(\\D|$)`).test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true })),
  );
}

function condaEnvironments(env: DiscoverOptions['env'], home: string): string[] {
  const roots = [
    env.CONDA_PREFIX,
    env.MAMBA_ROOT_PREFIX,
    ...['miniconda3', 'anaconda3', 'miniforge3', 'mambaforge', 'micromamba', '.conda'].map((name) =>
      path.join(home, name),
    ),
    '/opt/conda',
    '/opt/miniconda3',
  ].filter((root): root is string => root !== undefined && root !== '');
  return [...new Set(roots)].flatMap((root) => [
    root,
    ...listFolder(path.join(root, 'envs')).map((name) => path.join(root, 'envs', name)),
  ]);
}

/** The Windows launcher and uv are asked last: they have to be started for it. */
async function toldByTools(options: DiscoverOptions): Promise<Candidate[]> {
  const platform = options.platform ?? process.platform;
  const found: Candidate[] = [];
  if (platform === 'win32') {
    for (const line of await ask(options, 'py', ['-0p'])) {
      const file = /\s([A-Za-z]:\\.*\.exe)\s*$/.exec(line)?.[1];
      if (file !== undefined) found.push({ path: file, source: 'py' });
    }
  }
  if (options.uv !== undefined) {
    for (const [major, minor] of options.wanted) {
      const [line] = await ask(options, options.uv, ['python', 'find', '--no-project', `${major}.${minor}`]);
      if (line !== undefined && path.isAbsolute(line)) found.push({ path: line, source: 'uv' });
    }
  }
  return found;
}

async function ask(options: DiscoverOptions, command: string, args: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  try {
    const env = childEnvironment(options.env, { UV_PYTHON_DOWNLOADS: 'never' });
    const result = await runProcess({
      command,
      args,
      cwd: os.tmpdir(),
      env,
      signal: options.signal,
      timeoutMs: 10_000,
      onLine: (line) => {
        if (line.stream === 'stdout') lines.push(line.text.trimEnd());
      },
    });
    return result.exitCode === 0 ? lines : [];
  } catch {
    // A launcher that is not installed knows no interpreters.
    return [];
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
