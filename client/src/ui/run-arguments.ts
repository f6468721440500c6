import type { RunRequest } from './services';

/**
 * The terminal program's arguments for a run (spec cli.md), of this window or of a task.
 *
 * @param recipe its path, which may begin with a dash
 */
export function runArguments(recipe: string, { until, force }: RunRequest): readonly string[] {
  const options = [...(until === undefined ? [] : ['--until', until]), ...(force === true ? ['--force'] : [])];
  return ['run', ...options, '--', recipe];
}
