import { calibrationFolder, calibrationKind, calibrationPictures } from './calibration-folder';
import { datasetFile, datasetKind } from './dataset-file';
import { modelFile, modelKind, onnxFile } from './model-files';
import type { PathRule } from './rule';

/** Rules that look at the disk. */
export const pathRules: readonly PathRule[] = [
  datasetFile,
  datasetKind,
  onnxFile,
  modelFile,
  modelKind,
  calibrationFolder,
  calibrationKind,
  calibrationPictures,
];
