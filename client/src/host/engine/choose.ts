import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { cacheFolder } from '../python/place';
import type { EngineKind } from './messages';
import { EngineProcess } from './process';

/** Which build of onnxruntime to use, and why: shown to the person where it is not the fast one. */
export interface EngineChoice {
  readonly kind: EngineKind;
  readonly reason: string;
}

export interface ChooseOptions {
  readonly childPath: string;
  readonly execPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

interface ProbeRecord {
  readonly usable: boolean;
  readonly reason: string;
}

const PROBE_TIMEOUT_MS = 60_000;

/**
 * WebAssembly runs everywhere; the native build is used after a probe child has loaded it and run a tiny model
 * (spec decisions.md 4). The outcome is kept in the cache folder for this version, Node and machine.
 * `MAIXCAM_ENGINE=native|wasm` in `env` decides without a probe.
 *
 * @throws AppError `ENGINE_UNKNOWN` for another value of the variable, `CANCELLED`.
 */
export async function chooseEngine(options: ChooseOptions): Promise<EngineChoice> {
  const forced = options.env.MAIXCAM_ENGINE ?? '';
  if (forced === 'native' || forced === 'wasm') return { kind: forced, reason: 'MAIXCAM_ENGINE says so' };
  if (forced !== '') {
    throw new AppError({
      code: 'ENGINE_UNKNOWN',
      message: `MAIXCAM_ENGINE is "${forced}"; it can be native or wasm.`,
      hint: 'Set it to one of the two, or remove it to let the program choose.',
      kind: 'usage',
    });
  }
  const key = probeKey(options);
  if (key === null) return { kind: 'wasm', reason: 'the native build is not installed' };
  const known = readRecords(options.env)[key] ?? (await probe(options));
  if (readRecords(options.env)[key] === undefined) remember(options.env, key, known);
  return { kind: known.usable ? 'native' : 'wasm', reason: known.reason };
}

/** Keeps in mind that the native build crashed here, so that it is not used again. */
export function markNativeUnusable(options: ChooseOptions, reason: string): void {
  const key = probeKey(options);
  if (key !== null) remember(options.env, key, { usable: false, reason: `the native build crashed (${reason})` });
}

async function probe(options: ChooseOptions): Promise<ProbeRecord> {
  try {
    const child = new EngineProcess({ ...options, kind: 'native' });
    try {
      const right = await child.request({ kind: 'probe' }, PROBE_TIMEOUT_MS);
      return right === true
        ? { usable: true, reason: 'the native build works here' }
        : { usable: false, reason: 'the native build computes wrong results here' };
    } finally {
      await child.close();
    }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== 'CANCELLED') return { usable: false, reason: thrown.message };
    throw thrown;
  }
}

/** Null where the native package is not installed beside the child program. */
function probeKey(options: ChooseOptions): string | null {
  try {
    const manifest = createRequire(options.childPath).resolve('onnxruntime-node/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return `onnxruntime-node ${version}, ${options.execPath} ${process.version}, ${process.platform}-${process.arch}`;
  } catch {
    return null;
  }
}

function recordsFile(env: ChooseOptions['env']): string {
  return path.join(cacheFolder(env), 'engine.json');
}

/** A missing or damaged file is an empty one: the probe is repeated. */
function readRecords(env: ChooseOptions['env']): Record<string, ProbeRecord | undefined> {
  try {
    const content: unknown = JSON.parse(readFileSync(recordsFile(env), 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content)) return {};
    const entries = Object.entries(content).filter(([, value]) => isProbeRecord(value));
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

function isProbeRecord(value: unknown): value is ProbeRecord {
  const record = value as Partial<ProbeRecord> | null;
  return typeof record?.usable === 'boolean' && typeof record.reason === 'string';
}

/** A cache that cannot be written costs a probe each time, nothing else. */
function remember(env: ChooseOptions['env'], key: string, record: ProbeRecord): void {
  const file = recordsFile(env);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify({ ...readRecords(env), [key]: record }, null, 2)}\n`);
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}
