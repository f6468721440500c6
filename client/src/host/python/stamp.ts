import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentKind, EnvironmentName } from './kinds/kind';
import { interpreterOf } from './place';

/** Written first into a folder that we make: only folders that carry it are ever changed or removed. */
export const MARKER = 'maixcam-owner.txt';

/** Written last: an environment without it is half-made. */
export const STAMP = 'maixcam-environment.json';

/** What is known of a finished environment without starting anything in it. */
export interface EnvironmentStamp {
  readonly kind: EnvironmentName;
  readonly python: string;
  readonly pythonVersion: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly created: string;
  readonly bytes: number;
  /** Where PyTorch came from: `cpu` or `auto` (its own index), or `package-index`. */
  readonly torchFrom: string;
  /** Fingerprint of the definition that it was made from. */
  readonly definition: string;
}

/** State of a managed environment's folder. */
export type StampState =
  | { readonly state: 'ready'; readonly stamp: EnvironmentStamp }
  | { readonly state: 'missing' }
  | { readonly state: 'broken'; readonly reason: string }
  | { readonly state: 'foreign' };

/** Reads what lies in a managed environment's folder; starts nothing. */
export function readStamp(folder: string): StampState {
  if (!existsSync(folder)) return { state: 'missing' };
  if (!existsSync(path.join(folder, MARKER))) return { state: 'foreign' };
  try {
    const stamp = JSON.parse(readFileSync(path.join(folder, STAMP), 'utf8')) as EnvironmentStamp;
    if (!existsSync(interpreterOf(folder))) {
      return { state: 'broken', reason: `its interpreter (Python ${stamp.pythonVersion}) was removed` };
    }
    return { state: 'ready', stamp };
  } catch {
    return { state: 'broken', reason: 'it was not finished' };
  }
}

/** Removes a folder that we made; any other stays. */
export async function removeOwned(folder: string): Promise<void> {
  if (existsSync(path.join(folder, MARKER))) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Fingerprint of what an environment of this kind consists of. */
export function definitionOf(kind: EnvironmentKind): string {
  const definition = [kind.name, kind.versions, kind.versions.map((version) => kind.requirements(version))];
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16);
}

/** Changes whenever Python or a package of an environment does; part of the stamps of steps that run in it. */
export function versionKeyOf(pythonVersion: string, packages: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([pythonVersion, sorted]))
    .digest('hex')
    .slice(0, 16);
}
