import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StepInput, StepName, StepPlan, StepSummary } from '../../domain/pipeline/steps';
import { fingerprintOfTree, sha256OfFile, sha256OfJson } from './files';

const STAMP_FORMAT = 1;

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
  /** Hash of `parts`: what later steps depend on. */
  readonly key: string;
  /** Named so that "out of date" can say why: `input …`, `recipe`, `tool`, `step …`. */
  readonly parts: Readonly<Record<string, string>>;
  readonly outputs: readonly StampedOutput[];
  readonly summary: StepSummary;
  /** The work was done but its result is not good enough, e.g. too few objects matched. */
  readonly problem: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly seconds: number;
}

/** The parts of a plan's stamp as things are now. `keyOf` gives the stamp key of an earlier step. */
export async function stampParts(
  plan: StepPlan,
  keyOf: (step: StepName) => string | undefined,
): Promise<Record<string, string>> {
  const parts: Record<string, string> = { recipe: sha256OfJson(plan.recipe), tool: plan.tool };
  for (const step of plan.needs) parts[`step ${step}`] = keyOf(step) ?? 'missing';
  for (const input of plan.inputs) parts[`input ${input.path}`] = await fingerprint(input);
  return parts;
}

async function fingerprint(input: StepInput): Promise<string> {
  try {
    return input.by === 'content' ? await sha256OfFile(input.path) : await fingerprintOfTree(input.path);
  } catch {
    return 'missing';
  }
}

/** Makes the stamp of a step whose outputs lie in `folder`. */
export async function makeStamp(
  plan: StepPlan,
  parts: Readonly<Record<string, string>>,
  folder: string,
  result: Pick<Stamp, 'summary' | 'problem' | 'seconds'>,
): Promise<Stamp> {
  const outputs: StampedOutput[] = [];
  for (const output of plan.outputs) {
    const file = path.join(folder, output);
    const found = await stat(file);
    outputs.push({ path: output, bytes: found.size, modified: found.mtimeMs, sha256: await sha256OfFile(file) });
  }
  return { format: STAMP_FORMAT, step: plan.step, key: sha256OfJson(parts), parts, outputs, ...result };
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

/** Why a published result is out of date, for a person; null when it is up to date. */
export async function staleReason(
  stamp: Stamp | null,
  parts: Readonly<Record<string, string>>,
  folder: string,
): Promise<string | null> {
  if (stamp === null) return 'not made yet';
  for (const [part, value] of Object.entries(parts)) {
    if (stamp.parts[part] !== value) return reasonOf(part);
  }
  if (Object.keys(stamp.parts).some((part) => !(part in parts))) return 'its inputs changed';
  for (const output of stamp.outputs) {
    const file = path.join(folder, output.path);
    const found = await stat(file).catch(() => null);
    if (found === null) return `${output.path} is gone`;
    if (found.size !== output.bytes) return `${output.path} was changed by hand`;
    if (found.mtimeMs !== output.modified && (await sha256OfFile(file)) !== output.sha256) {
      return `${output.path} was changed by hand`;
    }
  }
  return null;
}

function reasonOf(part: string): string {
  if (part === 'recipe') return 'the recipe changed';
  if (part === 'tool') return 'another version of the tool is installed';
  if (part.startsWith('step ')) return `${part.slice(5)} was made again`;
  return `${path.basename(part.slice('input '.length))} changed`;
}
