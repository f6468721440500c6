import { boardFolder } from './board-folder';
import { calibrationSource } from './calibration-source';
import { hostPort } from './host-port';
import { knownArguments } from './known-arguments';
import { modelTask } from './model-task';
import { oneDevice } from './one-device';
import { ownArguments } from './own-arguments';
import { precisionBoard } from './precision-board';
import { repeatedNames } from './repeated-names';
import type { RecipeRule } from './rule';
import { sideMultiple } from './side-multiple';
import { bothSources, missingSource } from './source';
import { widthWeights } from './width-weights';

/** Every semantic rule of recipes, in the order of their codes. */
export const recipeRules: readonly RecipeRule[] = [
  sideMultiple,
  missingSource,
  bothSources,
  modelTask,
  calibrationSource,
  precisionBoard,
  ownArguments,
  widthWeights,
  repeatedNames,
  boardFolder,
  hostPort,
  oneDevice,
  knownArguments,
];
