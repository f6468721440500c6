import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { childEnvironment, type Environment } from '../process/environment';
import { runProcess } from '../process/run';

/** Major and minor version of Python, e.g. `[3, 10]`. */
export type MinorVersion = readonly [number, number];

/** What an interpreter is, by its own consistent answers. */
export interface Interpreter {
  readonly path: string;
  /** E.g. `3.10.13`. */
  readonly version: string;
  readonly minor: MinorVersion;
  /** 64 on every machine that PyTorch runs on. */
  readonly bits: number;
}

/** An interpreter that cannot be used, and why, for a person. */
export interface UnusableInterpreter {
  readonly path: string;
  readonly reason: string;
}

/**
 * Five independent facts about the version: the version tuple, the version number, `platform`, `sysconfig`, and the
 * number that the compiler writes into its byte code. The nonce proves that a Python really ran the text.
 */
const QUESTION = `
import json, platform, struct, sys, sysconfig
import importlib.util as u
print(json.dumps({
    "nonce": sys.argv[1].upper(),
    "info": list(sys.version_info[:3]),
    "hex": sys.hexversion >> 16,
    "platform": platform.python_version(),
    "sysconfig": sysconfig.get_python_version(),
    "magic": int.from_bytes(u.MAGIC_NUMBER[:2], "little"),
    "implementation": platform.python_implementation(),
    "bits": struct.calcsize("P") * 8,
}))
`;

/** Byte-code numbers of the final releases (CPython, `Include/internal/pycore_magic_number.h`): first and last + 1. */
const MAGIC_OF_MINOR: Readonly<Record<number, readonly [number, number]>> = {
  9: [3420, 3430],
  10: [3430, 3450],
  11: [3450, 3500],
  12: [3500, 3550],
  13: [3550, 3600],
  14: [3600, 3650],
};

interface Answer {
  readonly nonce: string;
  readonly info: readonly [number, number, number];
  readonly hex: number;
  readonly platform: string;
  readonly sysconfig: string;
  readonly magic: number;
  readonly implementation: string;
  readonly bits: number;
}

const PATIENCE_MS = 15_000;

/**
 * Runs an interpreter to learn its true version. File name, `--version` and the answers from inside must agree: an
 * interpreter that contradicts itself would build an environment that fails much later (issue 3, "bad input").
 */
export async function probeInterpreter(
  file: string,
  options: { readonly env?: Environment; readonly signal?: AbortSignal | undefined } = {},
): Promise<Interpreter | UnusableInterpreter> {
  const env = options.env ?? childEnvironment(process.env);
  const run = (args: readonly string[]): ReturnType<typeof runProcess> =>
    runProcess({ command: file, args, cwd: os.tmpdir(), env, signal: options.signal, timeoutMs: PATIENCE_MS });
  const nonce = randomUUID();
  const unusable = (reason: string): UnusableInterpreter => ({ path: file, reason });
  try {
    const asked = await run(['-I', '-S', '-c', QUESTION, nonce]);
    if (asked.timedOut) return unusable(`did not answer within ${PATIENCE_MS / 1000} s`);
    if (asked.exitCode !== 0) return unusable(`cannot be run: ${lastLine(asked.tail)}`);
    const answer = readAnswer(asked.tail);
    if (answer?.nonce !== nonce.toUpperCase()) return unusable('does not behave like a Python interpreter');
    const told = await run(['--version']);
    const contradiction = contradictionOf(file, answer, told.tail);
    if (contradiction !== null) return unusable(contradiction);
    if (answer.implementation !== 'CPython') return unusable(`is ${answer.implementation}, not CPython`);
    const [major, minor] = answer.info;
    return { path: file, version: answer.info.join('.'), minor: [major, minor], bits: answer.bits };
  } catch (thrown) {
    return unusable(`cannot be run: ${(thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '')}`);
  }
}

function readAnswer(text: string): Answer | null {
  try {
    return JSON.parse(lastLine(text)) as Answer;
  } catch {
    return null;
  }
}

/** How the interpreter contradicts itself, for a person; null where all answers agree. */
function contradictionOf(file: string, answer: Answer, told: string): string | null {
  const [major, minor, micro] = answer.info;
  const version = `${major}.${minor}.${micro}`;
  const says = (what: string, other: string): string =>
    `contradicts itself: ${what} ${other}, but it runs as ${version}`;
  const fromHex = `${answer.hex >> 8}.${answer.hex & 0xff}`;
  if (fromHex !== `${major}.${minor}`) return says('its version number says', fromHex);
  if (!answer.platform.startsWith(version)) return says('its platform module says', answer.platform);
  if (answer.sysconfig !== `${major}.${minor}`) return says('its sysconfig module says', answer.sysconfig);
  const magic = major === 3 ? MAGIC_OF_MINOR[minor] : undefined;
  if (magic !== undefined && (answer.magic < magic[0] || answer.magic >= magic[1])) {
    return says('its byte code is that of another release,', `number ${answer.magic}`);
  }
  const toldVersion = /Python (\d+\.\d+\.\d+)/.exec(told)?.[1];
  if (toldVersion !== undefined && toldVersion !== version) return says('--version says', toldVersion);
  const named = /^python(\d)(?:\.(\d+))?(?:\.exe)?$/i.exec(path.basename(file));
  if (named === null) return null;
  const nameAgrees = Number(named[1]) === major && (named[2] === undefined || Number(named[2]) === minor);
  return nameAgrees ? null : says('it is called', path.basename(file));
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
