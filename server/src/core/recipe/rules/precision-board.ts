import { problemAt, replaceFix, type RecipeRule } from './rule';

/** RECIPE017: BF16 exists on the chip of MaixCAM and MaixCAM-Pro only (spec conversion.md 5.3, 5.4). */
export const precisionBoard: RecipeRule = {
  code: 'RECIPE017',
  check(context) {
    const place = context.written(['convert', 'precision']);
    if (place?.node.value !== 'bf16' || context.value(['board']) !== 'maixcam2') return [];
    const message =
      'MaixCAM2 cannot run BF16 models. Write int8; the converter keeps sensitive layers at 16 bits itself.';
    return [problemAt(context, 'RECIPE017', place, message, { fixes: [replaceFix(context, place, 'int8')] })];
  },
};
