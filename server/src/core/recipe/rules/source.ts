import { changeFix, type RecipeChange } from '../fixes/recipe-edit';
import type { Fix } from '../../problems/problem';
import { problemAt, type RecipeContext, type RecipeRule } from './rule';

/** RECIPE013: the model comes from a finished ONNX, or from a training on a dataset; one of them must be told. */
export const missingSource: RecipeRule = {
  code: 'RECIPE013',
  check(context) {
    if (context.present('onnx')) return [];
    const train = context.written(['train']);
    if (!context.present('train')) {
      const message = !context.present('dataset')
        ? 'The recipe does not say where the model comes from. Write `dataset` and `train` to train one, or `onnx` with the path of a finished model.'
        : 'The recipe names a dataset but does not say how to train. Add `train:` (it may stay empty: every key has a default), or `onnx` with the path of a finished model.';
      const dataset: readonly RecipeChange[] = context.present('dataset') ? [] : [[['dataset'], 'data.yaml']];
      const fixes = [
        ...change(context, 'Add a training', [...dataset, [['train', 'epochs'], 100]]),
        ...change(context, 'Add onnx: best.onnx', [[['onnx'], 'best.onnx']]),
      ];
      return [problemAt(context, 'RECIPE013', context.written(['dataset']), message, { atKey: true, fixes })];
    }
    if (context.present('dataset')) return [];
    const message = 'There is nothing to train on. Add `dataset` with the path of the dataset YAML.';
    const fixes = change(context, 'Add dataset: data.yaml', [[['dataset'], 'data.yaml']]);
    return [problemAt(context, 'RECIPE013', train, message, { atKey: true, fixes })];
  },
};

/** RECIPE014: with a finished ONNX nothing is trained, so one of the two would be ignored. */
export const bothSources: RecipeRule = {
  code: 'RECIPE014',
  check(context) {
    const train = context.written(['train']);
    if (!context.present('train') || !context.present('onnx')) return [];
    const message =
      'The recipe names a finished model (`onnx`) and a training (`train`); only one of them can make the model. Remove one.';
    const fixes = [
      ...change(context, 'Remove train', [[['train'], undefined]]),
      ...change(context, 'Remove onnx', [[['onnx'], undefined]]),
    ];
    return [problemAt(context, 'RECIPE014', train, message, { atKey: true, fixes })];
  },
};

function change(context: RecipeContext, title: string, changes: readonly RecipeChange[]): readonly Fix[] {
  return changeFix(context.text, context.lines, title, changes);
}
