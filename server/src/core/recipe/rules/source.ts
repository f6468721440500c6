import { problemAt, type RecipeRule } from './rule';

/** RECIPE013: the model comes from a finished ONNX, or from a training on a dataset; one of them must be told. */
export const missingSource: RecipeRule = {
  code: 'RECIPE013',
  check(context) {
    if (context.value(['onnx']) !== undefined) return [];
    const train = context.written(['train']);
    if (train === undefined) {
      const message =
        context.written(['dataset']) === undefined
          ? 'The recipe does not say where the model comes from. Write `dataset` and `train` to train one, or `onnx` with the path of a finished model.'
          : 'The recipe names a dataset but does not say how to train. Add `train:` (it may stay empty: every key has a default), or `onnx` with the path of a finished model.';
      return [problemAt(context, 'RECIPE013', context.written(['dataset']), message, { atKey: true })];
    }
    if (context.written(['dataset']) !== undefined) return [];
    const message = 'There is nothing to train on. Add `dataset` with the path of the dataset YAML.';
    return [problemAt(context, 'RECIPE013', train, message, { atKey: true })];
  },
};

/** RECIPE014: with a finished ONNX nothing is trained, so one of the two would be ignored. */
export const bothSources: RecipeRule = {
  code: 'RECIPE014',
  check(context) {
    const train = context.written(['train']);
    if (train === undefined || context.written(['onnx']) === undefined) return [];
    const message =
      'The recipe names a finished model (`onnx`) and a training (`train`); only one of them can make the model. Remove one.';
    return [problemAt(context, 'RECIPE014', train, message, { atKey: true })];
  },
};
