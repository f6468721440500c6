import { appendFileSync, existsSync } from 'node:fs';
import { mkdir, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import { writeFailure } from '../../../../server/src/node/write-failure';
import { childEnvironment } from '../process/environment';
import { silentProgress, type Progress } from '../process/progress';
import { runProcess, type RunResult } from '../process/run';
import { writeFileAtomic } from '../store/files';
import { takeLock } from '../store/lock';
import { describeVersions } from './brought';
import { discoverInterpreter, isUsable, type FoundInterpreter } from './discover';
import { foreignFolder, kindNamed, type EnvironmentOptions } from './environments';
import { askFacts } from './facts';
import type { Interpreter } from './interpreter';
import type { EnvironmentKind, EnvironmentName } from './kinds/kind';
import { fromStamp, managedEnvironment } from './managed';
import { cacheFolder, interpreterOf } from './place';
import { definitionOf, MARKER, readStamp, removeOwned, STAMP, type EnvironmentStamp } from './stamp';
import { treeSize } from './tree-size';
import { cancelledError, ensureUv, findUv, networkError } from './uv';
import { environmentVariables, type PythonEnvironment } from './variables';

export interface CreateOptions extends EnvironmentOptions {
  readonly progress?: Progress | undefined;
  /** Told to the person at once: sizes before a large download, what is waited for. */
  readonly say?: ((line: string) => void) | undefined;
  /** Interpreter that the person chose in the settings. */
  readonly pythonSetting?: string | undefined;
  /** Makes it anew even where it is up to date. */
  readonly force?: boolean | undefined;
}

/** What making an environment would take; found out before any long work. */
export interface CreationPlan {
  readonly kind: EnvironmentKind;
  readonly cache: string;
  readonly folder: string;
  readonly interpreter: Interpreter;
}

/**
 * Finds out whether an environment can be made here, before long work starts: platform, a suitable Python, room on
 * the disk, and that the folder is ours.
 *
 * @throws AppError `ENV_CONVERT_UNSUPPORTED`, `ENV_PYTHON_MISSING`, `ENV_PYTHON_UNUSABLE` (missing-tool),
 *   `ENV_DISK_SPACE`, `ENV_FOREIGN_FOLDER`.
 */
export async function planCreation(name: EnvironmentName, options: CreateOptions = {}): Promise<CreationPlan> {
  const env = options.env ?? process.env;
  const kind = kindNamed(name);
  const unsupported = kind.unsupported(process.platform, process.arch);
  if (unsupported !== null) throw unsupported;
  const cache = cacheFolder(env);
  const folder = path.join(cache, kind.name);
  if (readStamp(folder).state === 'foreign') throw foreignFolder(folder);
  const { chosen, seen } = await discoverInterpreter({
    env,
    setting: options.pythonSetting,
    wanted: kind.versions,
    uv: findUv({ cache, env }) ?? undefined,
    signal: options.signal,
  });
  if (options.signal?.aborted === true) throw cancelledError();
  refuseBadChoice(seen);
  if (chosen === null) throw pythonMissing(kind, seen);
  await requireSpace(cache, kind.cost.cpuIndex);
  return { kind, cache, folder, interpreter: chosen };
}

/**
 * The managed environment of this kind, made where it is missing, half-made or of an older definition. It is made
 * with `uv`, repaired, and proven by running it; the stamp is written last, and a cancelled or failed attempt is removed.
 *
 * @throws AppError those of `planCreation`; `ENV_NETWORK`, `ENV_INSTALL_FAILED`, `ENV_PROOF_FAILED`, `CANCELLED`.
 */
export async function createEnvironment(
  name: EnvironmentName,
  options: CreateOptions = {},
): Promise<PythonEnvironment> {
  const env = options.env ?? process.env;
  const kind = kindNamed(name);
  const cache = cacheFolder(env);
  const folder = path.join(cache, kind.name);
  const upToDate = async (): Promise<PythonEnvironment | null> => {
    const found = readStamp(folder);
    const current = found.state === 'ready' && found.stamp.definition === definitionOf(kind);
    if (!current || options.force === true) return null;
    return await managedEnvironment(folder, found.stamp, { cache, env, signal: options.signal });
  };
  const ready = await upToDate();
  if (ready !== null) return ready;

  const plan = await planCreation(name, options);
  await mkdir(cache, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(cache, error);
  });
  const release = await lockWithPatience(path.join(cache, `${kind.name}.lock`), options);
  try {
    // Another process may have made it while this one waited.
    const meanwhile = await upToDate();
    if (meanwhile !== null) return meanwhile;
    try {
      return await make(plan, options);
    } catch (thrown) {
      await removeOwned(folder);
      throw options.signal?.aborted === true ? cancelledError() : thrown;
    }
  } finally {
    await release();
  }
}

async function make(plan: CreationPlan, options: CreateOptions): Promise<PythonEnvironment> {
  const { kind, cache, folder, interpreter } = plan;
  const env = options.env ?? process.env;
  const { signal } = options;
  const logFile = logOf(cache, kind);
  const report = (fraction: number, stage: string): void =>
    (options.progress ?? silentProgress).report({ step: `env ${kind.name}`, fraction, message: stage, stage });
  const note = (line: string): void => appendFileSync(logFile, `${line}\n`);
  await mkdir(path.dirname(logFile), { recursive: true });
  await writeFile(logFile, '');

  report(0, 'finding uv');
  const uv = await ensureUv({ cache, env, signal, logFile }, async () => {
    const all = await discoverInterpreter({ env, wanted: [[3, 0]], signal });
    return [{ ...interpreter, source: 'PATH' as const }, ...all.seen];
  });
  await removeOwned(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, MARKER), 'Made by MaixCAM Workbench; "maixcam env remove" removes it.\n');

  const runUv = (args: readonly string[], stage: string, from: number, to: number): Promise<RunResult> => {
    note(`$ uv ${args.join(' ')}`);
    report(from, stage);
    let fraction = from;
    return runProcess({
      command: uv,
      args,
      cwd: cache,
      env: childEnvironment(env, { UV_PYTHON_DOWNLOADS: 'never', UV_NO_PROGRESS: '1', VIRTUAL_ENV: undefined }),
      signal,
      logFile,
      tailBytes: 64 << 10,
      onLine: (line) => {
        const told = /^\s*(Resolved|Downloading|Downloaded|Prepared|Installed|Building) .*/.exec(line.text)?.[0];
        if (told === undefined) return;
        fraction += (to - fraction) * 0.1;
        report(fraction, told.trim());
      },
    });
  };

  const made = await runUv(
    ['venv', '--allow-existing', '--python', interpreter.path, folder],
    'making the folder',
    0.02,
    0.04,
  );
  requireSuccess(made, kind, logFile);
  const torchFrom = await installPackages(plan, options, runUv);

  report(0.85, 'proving that it works');
  const python = interpreterOf(folder);
  const variables = environmentVariables({ folder, python }, env);
  await kind.finish?.({
    folder,
    python,
    run: (what) => {
      note(`$ ${path.basename(what.command)} ${what.args.join(' ')}`);
      return runProcess({ cwd: folder, env: variables, signal, logFile, ...what });
    },
  });
  const facts = await askFacts(python, kind.trials, { env, signal, logFile });
  if (!facts.python.startsWith(`${interpreter.minor.join('.')}.`)) {
    throw unusablePython(interpreter.path, `its environment runs Python ${facts.python}, not ${interpreter.version}`);
  }
  const complaint = kind.complaint(facts);
  if (complaint !== null)
    throw new AppError({
      code: 'ENV_PROOF_FAILED',
      ...complaint,
      hint: `The log is ${logFile}. Try again with "maixcam env create ${kind.name}".`,
    });

  const stamp: EnvironmentStamp = {
    kind: kind.name,
    python: interpreter.path,
    pythonVersion: facts.python,
    packages: facts.packages,
    created: new Date().toISOString(),
    bytes: await treeSize(folder),
    torchFrom,
    definition: definitionOf(kind),
  };
  await writeFileAtomic(path.join(folder, STAMP), `${JSON.stringify(stamp, null, 2)}\n`);
  report(1, 'ready');
  return fromStamp(folder, stamp);
}

/** PyTorch from its own index where that answers (small), else from the package index; sizes are told first. */
async function installPackages(
  plan: CreationPlan,
  options: CreateOptions,
  runUv: (args: readonly string[], stage: string, from: number, to: number) => Promise<RunResult>,
): Promise<string> {
  const { kind, cache, folder, interpreter } = plan;
  const say = options.say ?? ((): void => undefined);
  const python = interpreterOf(folder);
  const install = ['pip', 'install', '--python', python, ...kind.requirements(interpreter.minor)];
  const backend = kind.name === 'train' && hasNvidia() ? 'auto' : 'cpu';
  const firstCost = backend === 'cpu' ? kind.cost.cpuIndex : kind.cost.packageIndex;
  await requireSpace(cache, firstCost);
  say(`Environment for ${kind.title}: about ${formatBytes(firstCost)} on disk, ${kind.cost.minutes}.`);
  const first = await runUv([...install, `--torch-backend=${backend}`], 'asking the PyTorch index', 0.05, 0.8);
  if (first.exitCode === 0) return backend;
  if (options.signal?.aborted === true) throw cancelledError();
  if (!/download(-r2)?\.pytorch\.org/.test(first.tail)) requireSuccess(first, kind, logOf(cache, kind));

  await requireSpace(cache, kind.cost.packageIndex);
  say(
    `The PyTorch index cannot be reached; the package index serves a larger build: about ${formatBytes(kind.cost.packageIndex)} on disk, ${kind.cost.minutes}.`,
  );
  const second = await runUv(install, 'installing from the package index', 0.1, 0.8);
  requireSuccess(second, kind, logOf(cache, kind));
  return 'package-index';
}

function logOf(cache: string, kind: EnvironmentKind): string {
  return path.join(cache, 'logs', `env-${kind.name}.log`);
}

function requireSuccess(result: RunResult, kind: EnvironmentKind, logFile: string): void {
  if (result.exitCode === 0) return;
  if (result.cancelled) throw cancelledError();
  if (/No space left on device|os error 28/.test(result.tail)) {
    throw new AppError({
      code: 'DISK_FULL',
      message: `The disk ran full while the environment for ${kind.title} was installed. Nothing half-made was left behind.`,
      hint: 'Free some space, or set MAIXCAM_ENV_DIR to a folder on a larger disk.',
    });
  }
  const network = networkError(result.tail);
  if (network !== null) throw network;
  // pycocotools, which tpu_mlir asks for, comes as source for Python 3.10.
  if (/gcc|command 'cc' failed|Python\.h/.test(result.tail) && /Failed to build/i.test(result.tail)) {
    throw new AppError({
      code: 'ENV_COMPILER_MISSING',
      message: `A package for ${kind.title} has to be compiled, and the compiler or the headers of Python are missing.`,
      hint: 'On Debian and Ubuntu: sudo apt install build-essential python3-dev (python3.10-dev for 3.10); then try again.',
      kind: 'missing-tool',
    });
  }
  const reason = result.tail.split('\n').filter((line) => /error|×|╰─▶|cannot|failed/i.test(line));
  throw new AppError({
    code: 'ENV_INSTALL_FAILED',
    message: `The packages for ${kind.title} could not be installed: ${reason.slice(0, 2).join(' ').trim() || `uv ended with status ${result.exitCode ?? 'unknown'}`}`,
    hint: `The log is ${logFile}. Try again with "maixcam env create ${kind.name}".`,
  });
}

/** CUDA builds are only worth their size where a driver is loaded. */
function hasNvidia(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('C:\\Windows\\System32\\nvidia-smi.exe');
}

/** @throws AppError `ENV_DISK_SPACE` */
async function requireSpace(folder: string, bytes: number): Promise<void> {
  let existing = folder;
  while (!existsSync(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing);
  const disk = await statfs(existing);
  const free = disk.bavail * disk.bsize;
  if (free >= bytes) return;
  throw new AppError({
    code: 'ENV_DISK_SPACE',
    message: `The environment needs about ${formatBytes(bytes)} in ${folder}, and ${formatBytes(free)} are free.`,
    hint: 'Free some space, or set MAIXCAM_ENV_DIR to a folder on a larger disk.',
  });
}

/** An interpreter that the person named and that cannot be used is an error; one that was merely found is skipped. */
function refuseBadChoice(seen: readonly FoundInterpreter[]): void {
  for (const one of seen) {
    if (isUsable(one) || (one.source !== 'setting' && one.source !== 'MAIXCAM_PYTHON')) continue;
    throw unusablePython(one.path, one.reason);
  }
}

function unusablePython(file: string, reason: string): AppError {
  return new AppError({
    code: 'ENV_PYTHON_UNUSABLE',
    message: `The interpreter ${file} cannot be used: it ${reason.replace(/^it /, '')}.`,
    hint: 'Name another interpreter (setting, or MAIXCAM_PYTHON), or remove the choice so that one is looked for.',
    kind: 'missing-tool',
  });
}

function pythonMissing(kind: EnvironmentKind, seen: readonly FoundInterpreter[]): AppError {
  const versions = [...new Set(seen.filter(isUsable).map((one) => one.version))];
  const found = versions.length === 0 ? 'no usable Python' : `only Python ${versions.join(', ')}`;
  const lies = seen.filter((one) => !isUsable(one) && one.reason.startsWith('contradicts'));
  const skipped = lies.map((one) => (isUsable(one) ? '' : ` ${one.path} was passed over: it ${one.reason}.`)).join('');
  return new AppError({
    code: 'ENV_PYTHON_MISSING',
    message: `${kind.title} needs ${describeVersions(kind)}, and ${found} was found on this machine.${skipped}`,
    hint: kind.pythonHint,
    kind: 'missing-tool',
  });
}

/** Waits for another process that makes the same environment. */
async function lockWithPatience(file: string, options: CreateOptions): Promise<() => Promise<void>> {
  let told = false;
  for (;;) {
    try {
      const lock = await takeLock(file);
      return () => lock.release();
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'RECIPE_BUSY') throw thrown;
      if (!told) options.say?.('Another process is making this environment; waiting for it.');
      told = true;
      await delay(500, undefined, options.signal === undefined ? {} : { signal: options.signal }).catch(() => {
        throw cancelledError();
      });
    }
  }
}
