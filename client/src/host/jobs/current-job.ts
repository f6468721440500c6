import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { FoundJob, JobRecord } from '../../domain/jobs/job-record';
import { readJobRecord } from '../../domain/jobs/read-record';
import { isAlive } from '../store/lock';
import { RecipePaths } from '../store/paths';

/**
 * The run of a recipe that goes on or was last, of whatever process, by its record; null before the first one and where
 * the folder is not there. Cheap enough to be asked twice a second.
 */
export async function currentJob(recipeFile: string): Promise<FoundJob | null> {
  const paths = new RecipePaths(path.resolve(recipeFile));
  const names = await readdir(paths.jobs).catch((): string[] => []);
  // Names start with the time of the start, so that their order is that of the runs.
  for (const name of names
    .filter((one) => one.endsWith('.json'))
    .sort()
    .reverse()) {
    const record = await readRecord(path.join(paths.jobs, name));
    if (record !== null) return { ...record, lost: record.state === 'running' && !(await runsHere(record, paths)) };
  }
  return null;
}

/** A record as it lies in its folder; null where it cannot be used. */
export async function readRecord(file: string): Promise<JobRecord | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  const record = text === null ? null : readJobRecord(text);
  if (record === null || `${record.id}.json` !== path.basename(file)) return null;
  // The log lies beside the record, also after the workspace was moved.
  return { ...record, log: path.join(path.dirname(file), `${record.id}.log`) };
}

/** False where the process is gone, and where the record was copied or moved away from the run. */
async function runsHere(record: JobRecord, paths: RecipePaths): Promise<boolean> {
  if (!isAlive({ pid: record.pid, started: record.processStarted })) return false;
  if (record.recipe === paths.recipe) return true;
  const [there, here] = await Promise.all(
    [new RecipePaths(record.recipe).jobs, paths.jobs].map((folder) => realpath(folder).catch(() => null)),
  );
  return there !== null && there === here;
}
