import { schemaAt } from '../../schema/schema-node';
import { TASK_SUFFIX, type RecipeTask } from '../model';
import { recipeSchema } from '../schema';

/** Names that `train.model` takes for a task, the smallest of each family first: `yolov8n-pose`, `yolo11n-pose` … */
export function modelNames(task: RecipeTask): readonly string[] {
  const names = schemaAt(recipeSchema, ['train', 'model'])?.['x-names'];
  if (names === undefined) return [];
  const families = names.families.filter((family) => task === 'detect' || !names.detectOnly.includes(family));
  return names.sizes.flatMap((size) => families.map((family) => `${family}${size}${TASK_SUFFIX[task]}`));
}
