import { TASK_SUFFIX } from '../model';
import type { RecipeTask } from '../model';
import { problemAt, replaceFix, type RecipeRule } from './rule';

/** RECIPE015: a model name such as `yolov8n-pose` tells its task; it must be the recipe's. */
export const modelTask: RecipeRule = {
  code: 'RECIPE015',
  check(context) {
    const place = context.written(['train', 'model']);
    const task = context.value(['task']) as RecipeTask | undefined;
    if (place?.node.type !== 'string' || task === undefined) return [];
    const name = /^(yolo[a-z]*\d+[a-z]?\d?)(-(?:pose|seg|obb|cls))?(\.pt|\.yaml)?$/i.exec(place.node.value);
    if (name === null || (name[2] ?? '') === TASK_SUFFIX[task]) return [];
    const better = `${name[1] ?? ''}${TASK_SUFFIX[task]}${name[3] ?? ''}`;
    const message = `\`${place.node.value}\` is not a model for the task \`${task}\`: the training would stop or learn something else. Write ${better}, or change \`task\`.`;
    return [problemAt(context, 'RECIPE015', place, message, { fixes: [replaceFix(context, place, better)] })];
  },
};
