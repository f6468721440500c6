import { channels } from './channels';
import { countForm, countMismatch } from './class-count';
import { classNumbers } from './class-numbers';
import { classesMissing } from './classes-missing';
import { controlCharacter } from './control-character';
import { download } from './download';
import { emptySplit } from './empty-split';
import { fileName } from './file-name';
import {
  flipForm,
  flipMirror,
  flipMissing,
  flipSides,
  keypointNames,
  shapeForm,
  shapeMissing,
  sigmas,
} from './keypoints';
import { labelPlace } from './label-place';
import { listFile } from './list-file';
import { listParent, missingPath, repairedParent } from './missing-path';
import { missingSplit, validationKey, validKey } from './missing-split';
import { nameLetters, nameMapping, nameMeaning, namesForm, repeatedName, wordNetName } from './name-text';
import { noPictures } from './no-pictures';
import { edgedPath, globPath, systemPath } from './path-forms';
import { pathType } from './path-type';
import { repeatedKey } from './repeated-key';
import { relativeRoot, twoRoots } from './root-path';
import type { DatasetRule } from './rule';
import { sharedPictures } from './shared-pictures';
import { unknownKey } from './unknown-key';

/** Every semantic rule of datasets, in the order of their codes. */
export const datasetRules: readonly DatasetRule[] = [
  controlCharacter,
  fileName,
  missingSplit,
  validKey,
  validationKey,
  emptySplit,
  missingPath,
  relativeRoot,
  twoRoots,
  globPath,
  systemPath,
  edgedPath,
  listParent,
  repairedParent,
  pathType,
  sharedPictures,
  noPictures,
  labelPlace,
  classesMissing,
  countMismatch,
  countForm,
  classNumbers,
  repeatedKey,
  repeatedName,
  namesForm,
  nameMeaning,
  nameMapping,
  wordNetName,
  nameLetters,
  unknownKey,
  download,
  channels,
  shapeMissing,
  shapeForm,
  flipForm,
  flipMirror,
  flipSides,
  flipMissing,
  keypointNames,
  sigmas,
  listFile,
];
