import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StaleReason } from '../../domain/pipeline/stale';
import {
  STEP_NAMES,
  type StepInput,
  type StepName,
  type StepPlan,
  type StepSummary,
} from '../../domain/pipeline/steps';
import { sha256OfFile, sha256OfJson } from './files';
import { contentFingerprint, fingerprint } from './fingerprint';

const STAMP_FORMAT = 2;

interface StampedOutput {
  /** Relative to the step's folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
  readonly sha256: string;
}

/** Why a published result may be used again: everything that it depends on, hashed part by part. */
export interface Stamp {
  readonly format: number;
  readonly step: StepName;
  /**
   * Hash of what the step made: later steps depend on it. A step that is made again with the same result leaves them
   * up to date.
   */
  readonly key: string;
  /** Named so that "out of date" can say why: `input …`, `recipe`, `tool`, `commands`, `step …`. */
  readonly parts: Readonly<Record<string, string>>;
  /** Of folder inputs also the hash of their content, for workspaces that were copied or moved. */
  readonly contents: Readonly<Record<string, string>>;
  readonly outputs: readonly StampedOutput[];
  readonly summary: StepSummary;
  /** The work was done but its result is not good enough, e.g. too few objects matched. */
  readonly problem: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly seconds: number;
}

/** What a plan depends on as things are now; nothing absolute, so that a moved workspace stays up to date. */
export interface Dependencies {
  readonly parts: Readonly<Record<string, string>>;
  /** The inputs behind the parts of that name. */
  readonly inputs: ReadonlyMap<string, StepInput>;
}

/**
 * The dependencies of a plan. `folder` is the recipe's; `keyOf` gives the key of an earlier step; `fingerprintOf` tells
 * an input from its earlier self (one that remembers looks at a dataset once for several steps).
 */
export async function dependenciesOf(
  plan: StepPlan,
  folder: string,
  keyOf: (step: StepName) => string | undefined,
  fingerprintOf: (input: StepInput) => Promise<string> = fingerprint,
): Promise<Dependencies> {
  const parts: Record<string, string> = {
    recipe: sha256OfJson(plan.recipe),
    tool: plan.tool,
    commands: sha256OfJson(plan.commands),
  };
  for (const step of plan.needs) parts[`step ${step}`] = keyOf(step) ?? 'missing';
  const inputs = new Map<string, StepInput>();
  for (const input of plan.inputs) {
    const name = `input ${path.relative(folder, input.path)}`;
    inputs.set(name, input);
    parts[name] = await fingerprintOf(input);
  }
  return { parts, inputs };
}

/** Makes the stamp of a step whose outputs lie in `folder`. */
export async function makeStamp(
  plan: StepPlan,
  dependencies: Dependencies,
  folder: string,
  result: Pick<Stamp, 'summary' | 'problem' | 'seconds'>,
): Promise<Stamp> {
  const outputs: StampedOutput[] = [];
  for (const output of plan.outputs) {
    const file = path.join(folder, output);
    const found = await stat(file);
    outputs.push({ path: output, bytes: found.size, modified: found.mtimeMs, sha256: await sha256OfFile(file) });
  }
  const contents: Record<string, string> = {};
  for (const [name, input] of dependencies.inputs) {
    const content = await contentFingerprint(input);
    if (content !== null) contents[name] = content;
  }
  const key = sha256OfJson(outputs.map((output) => [output.path, output.sha256]));
  return { format: STAMP_FORMAT, step: plan.step, key, parts: dependencies.parts, contents, outputs, ...result };
}

/** The stamp in a step's folder; null where there is none that this version understands. */
export async function readStamp(file: string): Promise<Stamp | null> {
  try {
    const stamp = JSON.parse(await readFile(file, 'utf8')) as Stamp;
    return stamp.format === STAMP_FORMAT ? stamp : null;
  } catch {
    return null;
  }
}

/** Why a published result is out of date; null when it is up to date. */
export async function staleReason(
  stamp: Stamp | null,
  dependencies: Dependencies,
  folder: string,
): Promise<StaleReason | null> {
  if (stamp === null) return { kind: 'never-made' };
  const { parts, inputs } = dependencies;
  for (const [part, value] of Object.entries(parts)) {
    if (stamp.parts[part] === value) continue;
    const input = inputs.get(part);
    const content = stamp.contents[part];
    if (input === undefined || content === undefined) return reasonOf(part, value);
    if ((await contentFingerprint(input)) !== content) return reasonOf(part, value);
  }
  if (Object.keys(stamp.parts).some((part) => !(part in parts))) return { kind: 'inputs' };
  for (const output of stamp.outputs) {
    const file = path.join(folder, output.path);
    const found = await stat(file).catch(() => null);
    if (found === null) return { kind: 'output-gone', name: output.path };
    if (found.size !== output.bytes) return { kind: 'output-changed', name: output.path };
    if (found.mtimeMs !== output.modified && (await sha256OfFile(file)) !== output.sha256) {
      return { kind: 'output-changed', name: output.path };
    }
  }
  return null;
}

/** True where the stamp holds other times of change than things have now: renewing it makes the next look quick. */
export function isOlderThan(stamp: Stamp, dependencies: Dependencies): boolean {
  return Object.entries(dependencies.parts).some(([part, value]) => stamp.parts[part] !== value);
}

function reasonOf(part: string, value: string): StaleReason {
  if (part === 'recipe') return { kind: 'recipe' };
  if (part === 'tool') return { kind: value.split(' ').includes('none') ? 'environment-gone' : 'tool-version' };
  if (part === 'commands') return { kind: 'command-lines' };
  const step = STEP_NAMES.find((name) => part === `step ${name}`);
  if (step !== undefined) return { kind: 'step-remade', step };
  return { kind: 'input', name: path.basename(part.slice('input '.length)) };
}
