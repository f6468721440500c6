import { absolutePath } from './absolute-path';
import { anchorCount } from './anchor-count';
import { anchorUnit } from './anchor-unit';
import { behindHeader } from './behind-header';
import { channelCount } from './channel-count';
import { channelOrder } from './channel-order';
import { choice } from './choice';
import { classBoard } from './class-board';
import { closingBracket } from './closing-bracket';
import { commandValue } from './command-value';
import { cutValue } from './cut-value';
import { decimalComma } from './decimal-comma';
import { emptyExtra } from './empty-extra';
import { faceScan } from './face-scan';
import { fileName } from './file-name';
import { fraction } from './fraction';
import { idleKey } from './idle-key';
import { idleMean } from './idle-mean';
import { integer } from './integer';
import { keyTwice } from './key-twice';
import { keyValue } from './key-value';
import { labelNames } from './label-names';
import { labelOrFile } from './label-or-file';
import { labelSeparator } from './label-separator';
import { labelsContent } from './labels-content';
import { labelsFile } from './labels-file';
import { maixhub } from './maixhub';
import { meanRange } from './mean-range';
import { missingFile } from './missing-file';
import { missingKey } from './missing-key';
import { missingModel } from './missing-model';
import { missingModelType } from './missing-model-type';
import { missingType } from './missing-type';
import { misspeltKey } from './misspelt-key';
import { modelEnding } from './model-ending';
import { modelFormat } from './model-format';
import { modelType } from './model-type';
import { nameLength } from './name-length';
import { noLabels } from './no-labels';
import { numberList } from './number-list';
import { numberRest } from './number-rest';
import { numberSeparator } from './number-separator';
import { ocrKeys } from './ocr-keys';
import { oddCharacters } from './odd-characters';
import { olderKey } from './older-key';
import { oneNpuFile } from './one-npu-file';
import { oneNpuMode } from './one-npu-mode';
import { otherReaders } from './other-readers';
import { quotedValue } from './quoted-value';
import { scaleSize } from './scale-size';
import { scaleStd } from './scale-std';
import { sectionName } from './section-name';
import { sectionTwice } from './section-twice';
import { semicolonComment } from './semicolon-comment';
import { semicolonKey } from './semicolon-key';
import { staleCache } from './stale-cache';
import { switchRule } from './switch';
import { unknownSection } from './unknown-section';
import { wrongSection } from './wrong-section';
import { zeroScale } from './zero-scale';
import type { MudRule } from './rule';

/** Every rule that needs only the text and the files beside it, in the order of their codes. */
export const mudRules: readonly MudRule[] = [
  keyValue,
  closingBracket,
  sectionName,
  sectionTwice,
  behindHeader,
  keyTwice,
  semicolonKey,
  semicolonComment,
  cutValue,
  quotedValue,
  oddCharacters,
  wrongSection,
  unknownSection,
  missingType,
  modelFormat,
  missingModel,
  oneNpuMode,
  oneNpuFile,
  missingFile,
  absolutePath,
  modelEnding,
  emptyExtra,
  fileName,
  missingModelType,
  modelType,
  missingKey,
  misspeltKey,
  idleKey,
  scaleStd,
  choice,
  switchRule,
  numberList,
  fraction,
  numberSeparator,
  decimalComma,
  numberRest,
  channelCount,
  zeroScale,
  scaleSize,
  meanRange,
  channelOrder,
  idleMean,
  noLabels,
  labelSeparator,
  labelNames,
  labelsFile,
  labelOrFile,
  labelsContent,
  anchorCount,
  anchorUnit,
  olderKey,
  staleCache,
  faceScan,
  ocrKeys,
  integer,
  commandValue,
  otherReaders,
  maixhub,
  nameLength,
  classBoard,
];
