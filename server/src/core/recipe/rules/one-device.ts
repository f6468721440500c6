import { problemAt, replaceFix, type RecipeRule } from './rule';

/**
 * RECIPE023: a list of GPUs. Ultralytics trains on several in processes of its own, which take none of the callbacks
 * that report the progress along.
 */
export const oneDevice: RecipeRule = {
  code: 'RECIPE023',
  check(context) {
    const place = context.written(['train', 'device']);
    const device = place?.node.value;
    if (place === undefined || typeof device !== 'string' || !device.includes(',')) return [];
    const [first = ''] = device.split(',');
    const message = `A training uses one device, and \`${device}\` names several. Write one number.`;
    return [problemAt(context, 'RECIPE023', place, message, { fixes: [replaceFix(context, place, first)] })];
  },
};
