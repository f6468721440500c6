import { problemAt, type RecipeRule } from './rule';

/** RECIPE016: INT8 needs pictures to find the value ranges; without a dataset they must come from a folder. */
export const calibrationSource: RecipeRule = {
  code: 'RECIPE016',
  check(context) {
    const onnx = context.written(['onnx']);
    if (onnx === undefined || context.present('dataset')) return [];
    if (context.value(['convert', 'precision']) !== 'int8') return [];
    if (context.value(['convert', 'calibration', 'folder']) !== null) return [];
    const message =
      'There are no pictures to calibrate INT8 with. Write `convert.calibration.folder` (a folder of typical pictures) or `dataset`.';
    return [problemAt(context, 'RECIPE016', onnx, message, { atKey: true })];
  },
};
