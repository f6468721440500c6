import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { childEnvironment } from '../process/environment';
import { foldersOnPath, isExecutable } from '../process/executables';
import { runProcess, type RunResult } from '../process/run';
import { isUsable, type FoundInterpreter } from './discover';
import { interpreterOf, programFolder } from './place';
import { MARKER, removeOwned } from './stamp';

/** The release that was tried (toolchain.md 1). */
const UV_VERSION = '0.13.9';

export interface UvOptions {
  readonly cache: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  readonly logFile?: string | undefined;
}

/** `uv` on PATH, or the one that was put into the cache folder before; null where there is none yet. */
export function findUv(options: Pick<UvOptions, 'cache' | 'env'>): string | null {
  const name = process.platform === 'win32' ? 'uv.exe' : 'uv';
  const own = ownFolder(options.cache);
  return (
    [...foldersOnPath(options.env), programFolder(own), path.join(own, 'bin')]
      .map((folder) => path.join(folder, name))
      .find(isExecutable) ?? null
  );
}

/**
 * Makes sure that `uv` is there: the found one, or one installed by pip into `<cache>/maixcam-uv` with any Python 3.
 *
 * @throws AppError `ENV_NO_PYTHON`, `ENV_UV_FAILED` (missing-tool), `ENV_NETWORK`.
 */
export async function ensureUv(
  options: UvOptions,
  interpreters: () => Promise<readonly FoundInterpreter[]>,
): Promise<string> {
  const found = findUv(options);
  if (found !== null) return found;
  const usable = (await interpreters()).filter(isUsable).filter((one) => one.minor[0] === 3 && one.minor[1] >= 8);
  if (usable.length === 0) {
    throw new AppError({
      code: 'ENV_NO_PYTHON',
      message: 'No Python 3 was found, and no uv, so no environment can be made.',
      hint: 'Install Python 3.10 and 3.11 or uv (https://docs.astral.sh/uv), or name an interpreter in MAIXCAM_PYTHON.',
      kind: 'missing-tool',
    });
  }
  await mkdir(options.cache, { recursive: true });
  let last: RunResult | null = null;
  for (const interpreter of usable) {
    const draft = path.join(options.cache, `uv.${process.pid}.tmp`);
    await rm(draft, { recursive: true, force: true });
    try {
      last = await installUv(options, interpreter.path, draft);
      if (last.exitCode === 0) {
        await removeOwned(ownFolder(options.cache));
        // uv is one native program: unlike the rest of a virtual environment it may be moved.
        await writeFile(path.join(draft, MARKER), 'Made by MaixCAM Workbench; may be removed.\n');
        await rename(draft, ownFolder(options.cache));
        const made = findUv(options);
        if (made !== null) return made;
      }
      if (last.cancelled) break;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  if (last?.cancelled === true) throw cancelledError();
  throw networkError(last?.tail ?? '') ?? uvFailed(last?.tail ?? '');
}

function ownFolder(cache: string): string {
  return path.join(cache, 'maixcam-uv');
}

/** A venv of its own; where Debian's python3-venv is missing, pip's `--target`. */
async function installUv(options: UvOptions, python: string, draft: string): Promise<RunResult> {
  const run = (command: string, args: readonly string[]): Promise<RunResult> =>
    runProcess({
      command,
      args,
      cwd: options.cache,
      env: childEnvironment(options.env),
      signal: options.signal,
      logFile: options.logFile,
    });
  const wanted = `uv==${UV_VERSION}`;
  const venv = await run(python, ['-m', 'venv', draft]);
  if (venv.exitCode === 0) return run(interpreterOf(draft), ['-m', 'pip', 'install', '--quiet', wanted]);
  if (venv.cancelled) return venv;
  await rm(draft, { recursive: true, force: true });
  return run(python, ['-m', 'pip', 'install', '--quiet', '--target', draft, wanted]);
}

/** The error of a cancelled job. */
export function cancelledError(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'Making the environment was cancelled. Nothing half-made was left behind.',
    hint: 'Start it again when you like; what was downloaded is kept in the cache of uv.',
    kind: 'cancelled',
  });
}

/** Whether a package installer's output says that the network is the trouble; then the error that says so. */
export function networkError(output: string): AppError | null {
  const network =
    /dns error|failed to lookup address|name resolution|could not resolve|failed to fetch|connection (refused|reset|timed out)|network is unreachable|tcp connect error|error sending request|client error \(Connect\)|NewConnectionError|ConnectTimeoutError|Max retries exceeded|ProxyError|operation timed out|invalid peer certificate|CERTIFICATE_VERIFY_FAILED/i;
  if (!network.test(output)) return null;
  const where = /https?:\/\/[^\s`'"/]+/.exec(output)?.[0];
  return new AppError({
    code: 'ENV_NETWORK',
    message: `The package index${where === undefined ? '' : ` at ${where}`} could not be reached.`,
    hint: 'Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY) and, behind a mirror, UV_DEFAULT_INDEX and PIP_INDEX_URL; then try again.',
    kind: 'missing-tool',
  });
}

function uvFailed(output: string): AppError {
  return new AppError({
    code: 'ENV_UV_FAILED',
    message: `The installer uv could not be installed: ${output.trimEnd().split('\n').at(-1) ?? 'no output'}`,
    hint: 'Install uv yourself (https://docs.astral.sh/uv, or "pip install uv") so that it is on PATH, and try again.',
    kind: 'missing-tool',
  });
}
