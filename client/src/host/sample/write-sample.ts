import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError, messageOf } from '../../../../server/src/core/problems/app-error';
import { RECIPE_SUFFIX, type RecipeBoard } from '../../../../server/src/core/recipe/model';
import { writeFailure } from '../../../../server/src/node/write-failure';
import { SAMPLE_PICTURES, sampleDataYaml, samplePictures, type SampleTask } from '../../domain/sample/dataset';
import { sampleName, sampleRecipe } from '../../domain/sample/recipe';
import { loadRasterizer } from '../image/rasterize';
import type { Progress } from '../process/progress';

export interface SampleRequest {
  /** Folder to make; it may exist where it is empty. */
  readonly folder: string;
  readonly task: SampleTask;
  readonly board: RecipeBoard;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What was written; paths absolute. */
export interface SampleWorkspace {
  readonly folder: string;
  readonly recipe: string;
  readonly dataset: string;
  readonly pictures: { readonly train: number; readonly val: number };
}

/** Entries of a folder that are in nobody's way. */
const HARMLESS = new Set(['.git', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Draws the sample dataset and writes it with its recipe. Everything is made in a temporary folder inside the parent
 * and moved at the end, the recipe last: a cancelled run leaves nothing. Throws an AppError where the folder holds
 * other files or cannot be written.
 */
export async function writeSampleWorkspace(request: SampleRequest): Promise<SampleWorkspace> {
  const folder = path.resolve(request.folder);
  await refuseUsedFolder(folder);
  try {
    return await makeWorkspace(folder, request);
  } catch (thrown) {
    throw writeFailure(folder, thrown);
  }
}

async function makeWorkspace(folder: string, request: SampleRequest): Promise<SampleWorkspace> {
  const { task, board, signal, progress } = request;
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = await mkdtemp(path.join(path.dirname(folder), `.${path.basename(folder)}-`));
  try {
    await writePictures(draft, task, signal, progress);
    const recipeName = `${sampleName(task)}${RECIPE_SUFFIX}`;
    await writeFile(path.join(draft, 'data.yaml'), sampleDataYaml(task));
    await writeFile(
      path.join(draft, '.gitignore'),
      '# Results of the steps; the recipe makes them again.\n.maixcam/\n',
    );
    await writeFile(path.join(draft, recipeName), sampleRecipe(task, board));
    await mkdir(folder, { recursive: true });
    for (const entry of ['images', 'labels', 'data.yaml', '.gitignore', recipeName]) {
      await rename(path.join(draft, entry), path.join(folder, entry));
    }
    return {
      folder,
      recipe: path.join(folder, recipeName),
      dataset: path.join(folder, 'data.yaml'),
      pictures: SAMPLE_PICTURES,
    };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function writePictures(draft: string, task: SampleTask, signal: AbortSignal, progress: Progress): Promise<void> {
  for (const kind of ['images', 'labels']) {
    for (const split of ['train', 'val']) await mkdir(path.join(draft, kind, split), { recursive: true });
  }
  const rasterizer = await loadRasterizer();
  const total = SAMPLE_PICTURES.train + SAMPLE_PICTURES.val;
  let done = 0;
  for (const picture of samplePictures(task)) {
    if (signal.aborted) {
      throw new AppError({
        code: 'CANCELLED',
        message: 'The sample workspace was not made: cancelled.',
        hint: 'Run the command again to make it.',
        kind: 'cancelled',
      });
    }
    await writeFile(path.join(draft, picture.imagePath), rasterizer.png(picture.svg));
    await writeFile(path.join(draft, picture.labelPath), picture.label);
    done += 1;
    progress.report({ step: 'new', fraction: done / total, message: `picture ${done} of ${total}`, stage: 'drawing' });
    // Drawing keeps the thread busy: let Ctrl-C in between two pictures.
    await setImmediate();
  }
}

async function refuseUsedFolder(folder: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return;
    throw new AppError({
      code: 'SAMPLE_FOLDER',
      message:
        code === 'ENOTDIR' ? `${folder} is a file, not a folder.` : `${folder} cannot be read: ${messageOf(cause)}.`,
      hint: 'Name a folder that does not exist yet, or an empty one.',
      cause,
    });
  }
  const other = entries.filter((entry) => !HARMLESS.has(entry));
  if (other.length === 0) return;
  throw new AppError({
    code: 'SAMPLE_FOLDER',
    message: `${folder} is not empty (it holds ${other.slice(0, 3).join(', ')}${other.length > 3 ? '…' : ''}); the sample would mix with what is there.`,
    hint: 'Name a folder that does not exist yet, or an empty one.',
  });
}
