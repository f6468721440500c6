import { missingSplit, validationKey, validKey } from './missing-split';
import type { DatasetRule } from './rule';

/** Every semantic rule of datasets, in the order of their codes. */
export const datasetRules: readonly DatasetRule[] = [missingSplit, validKey, validationKey];
