import { yamlOutline } from '../../schema/yaml-outline';
import type { RecipeTask } from '../model';
import { TASK_SUFFIX } from '../model';

/** The task that a recipe names, also while the rest of its text cannot be read; `detect` where it names none. */
export function writtenTask(text: string): RecipeTask {
  const entry = yamlOutline(text).entries.find(
    ({ kind, path }) => kind === 'key' && path.length === 1 && path[0] === 'task',
  );
  const value = entry === undefined ? '' : text.slice(entry.valueStart, entry.valueEnd).replace(/^(["'])(.*)\1$/, '$2');
  return Object.hasOwn(TASK_SUFFIX, value) ? (value as RecipeTask) : 'detect';
}
