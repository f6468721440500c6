import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { readMud, type MudItems } from '../../../../server/src/core/mud/read';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { readFailure } from '../../../../server/src/node/file-source';
import { defaultFolder, planPush, type PushPlan } from '../../domain/deploy/plan';

/** A model on this machine, ready to be pushed. */
export interface LocalModel {
  /** Folder of the MUD. */
  readonly folder: string;
  readonly plan: PushPlan;
}

/**
 * Reads a MUD and finds everything that has to go to the board with it.
 *
 * @param folder absolute folder on the board; default `/root/models/<name of the MUD>`.
 * @throws AppError `MUD_NOT_FOUND`, `MUD_INVALID`, and those of `planPush`
 */
export function openLocalModel(mudFile: string, folder?: string): LocalModel {
  const base = path.dirname(mudFile);
  const name = path.basename(mudFile);
  const onDisk = (local: string): string => path.join(base, ...local.split('/'));
  const plan = planPush({
    mud: name,
    folder: folder ?? defaultFolder(name),
    isFile: (local) => statSync(onDisk(local), { throwIfNoEntry: false })?.isFile() === true,
    filesBelow: (local) => filesBelow(onDisk(local)).map((file) => `${local}/${file}`),
    read: (local) => readItems(onDisk(local)),
  });
  return { folder: base, plan };
}

function filesBelow(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

function readItems(file: string): MudItems {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new AppError({
      code: 'MUD_NOT_FOUND',
      message: readFailure(file, error).message,
      hint: 'Give the path of a .mud file, or of a recipe whose step "mud" has run.',
      kind: 'usage',
      cause: error,
    });
  }
  const reading = readMud(file, { kind: 'file', bytes });
  if (reading.loads) return reading.items;
  throw new AppError({
    code: 'MUD_INVALID',
    message: `The board would not load ${path.basename(file)}: ${reading.error?.message ?? 'unknown reason'}.`,
    hint: 'Run `maixcam mud` on the file to see how the board reads it, and correct it first.',
  });
}
