import { AppError } from '../../../../server/src/core/problems/app-error';
import type { ConversionCommand, CvimodelConversion } from './plan';
import type { SimilarityReport } from './progress';

interface FailureSignature {
  readonly code: string;
  /** Matched against the last output of the command. */
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: string;
}

/** Known causes, most specific first (spec conversion.md 2.4; the numbers are its rows). */
const SIGNATURES: readonly FailureSignature[] = [
  {
    // 1
    code: 'CONVERT_OUTPUT_NAME',
    pattern: /Error, can't find \[(.*?)\] in model/,
    message: 'The converter does not find the output $1 in the model.',
    hint: 'Names move between Ultralytics releases. Set `outputs: auto` in the recipe, or choose them again.',
  },
  {
    // 2, 9
    code: 'CONVERT_OPERATOR',
    pattern: /Op not support:\s*(.*)|Not support now/i,
    message: 'The model uses an operator that TPU-MLIR cannot convert. $1',
    hint: 'Choose outputs that lie before this operator, or export with opset 17.',
  },
  {
    // 26
    code: 'CONVERT_ONNX_VERSION',
    pattern: /Unsupported model IR version|opset \d+ is under development/i,
    message: 'The ONNX file is newer than the converter can read.',
    hint: 'Export with `opset: 17` in the recipe.',
  },
  {
    // 6
    code: 'CONVERT_INPUT_SHAPE',
    pattern: /input shapes error|Please check --input_shapes/i,
    message: 'The converter refuses the input shape: it is dynamic or has another rank than [1, 3, height, width].',
    hint: 'Export with a fixed size.',
  },
  {
    // 8
    code: 'CONVERT_NO_CALIBRATION',
    pattern: /can't open calibration table file/i,
    message: 'The calibration table is missing: calibration did not finish.',
    hint: 'Look at the calibration part of the log; the pictures may be unreadable.',
  },
  {
    // 13, 14
    code: 'CONVERT_CALIBRATION_PICTURES',
    pattern: /Please specific dataset path|There is no inputs|File illegal:|Only support one input type/i,
    message: 'The converter found no usable calibration pictures.',
    hint: 'Give pictures of one kind, all JPEG or all PNG.',
  },
  {
    code: 'CONVERT_DISK_FULL',
    pattern: /No space left on device|ENOSPC/i,
    message: 'The disk is full: the converter could not write its files.',
    hint: 'Free space (a conversion needs up to ten times the size of the model) and run the step again.',
  },
  {
    code: 'CONVERT_MEMORY',
    pattern: /MemoryError|std::bad_alloc|Cannot allocate memory/,
    message: 'The converter ran out of memory.',
    hint: 'Close other programs, or set fewer calibration pictures in the recipe.',
  },
  {
    // 10
    code: 'CONVERT_ADDRESS',
    pattern: /std::out_of_range/,
    message: 'The compiler could not place the model in the memory of the chip.',
    hint: 'Use a smaller input size or choose outputs earlier in the graph.',
  },
  {
    // toolchain.md 1, the glibc trap
    code: 'CONVERT_GLIBC',
    pattern: /version `?'?GLIBC_[\d.]+'? not found/,
    message: 'The converter brings an old C library that clashes with the one of this system.',
    hint: 'Use the managed environment (`maixcam env create convert`): it repairs this.',
  },
  {
    // 16, 27
    code: 'CONVERT_ENVIRONMENT',
    pattern: /No module named '([\w.]+)'/,
    message: 'The converter’s environment lacks the Python package $1.',
    hint: 'Create it again: `maixcam env remove convert`, then `maixcam env create convert`.',
  },
];

const STAGE_NAME: Readonly<Record<ConversionCommand['stage'], string>> = {
  transform: 'Reading the ONNX model',
  calibrate: 'Calibration',
  deploy: 'Quantising and generating code',
};

/** How a converter's command ended. */
export interface ConversionEnd {
  readonly stage: ConversionCommand['stage'];
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Last output of the command. */
  readonly tail: string;
  /** The comparison that was printed last, if any. */
  readonly similarity: SimilarityReport | null;
  readonly tolerance: readonly [number, number];
  readonly precision: CvimodelConversion['precision'];
}

/** The cause of a failed command, in words (spec conversion.md 2.4, 5.2). */
export function conversionFailure(end: ConversionEnd): AppError {
  const stage = STAGE_NAME[end.stage];
  if (end.tail.includes('npz compare FAILED') && end.similarity !== null) return similarityFailure(end, end.similarity);
  for (const signature of SIGNATURES) {
    const match = signature.pattern.exec(end.tail);
    if (match === null) continue;
    const message = signature.message.replace('$1', (match[1] ?? '').trim()).trim();
    return new AppError({ code: signature.code, message: `${stage} failed: ${message}`, hint: signature.hint });
  }
  if (end.signal !== null || end.exitCode === 137) {
    return new AppError({
      code: 'CONVERT_KILLED',
      message: `${stage} was ended from outside (${end.signal ?? 'exit status 137'}); most often the system ran out of memory.`,
      hint: 'Close other programs or set fewer calibration pictures, then run the step again.',
    });
  }
  return new AppError({
    code: 'CONVERT_FAILED',
    message: `${stage} failed (exit status ${end.exitCode}): ${lastErrorLine(end.tail)}`,
    hint: 'The whole output is in the log of this run.',
  });
}

const QUANTISATION_HINT: Readonly<Record<CvimodelConversion['precision'], string>> = {
  int8:
    'Train longer or use calibration pictures that look like the camera’s; then try another calibration method, ' +
    'or `precision: bf16` (three to four times slower on the board).',
  // There is nothing to calibrate, and no finer precision to turn to.
  bf16: 'Train longer, or choose outputs earlier in the graph; then lower `convert.tolerance` if the detections are right.',
};

function similarityFailure(end: ConversionEnd, similarity: SimilarityReport): AppError {
  const values = `cosine ${similarity.cosine.toFixed(3)}, Euclidean ${similarity.euclidean.toFixed(3)}`;
  const worst = similarity.failedTensors[0];
  const where = worst === undefined ? '' : `, first at ${worst}`;
  if (end.stage === 'transform') {
    return new AppError({
      code: 'CONVERT_NOT_EQUAL',
      message: `The converted float model differs from the ONNX model (${values}${where}): the conversion is wrong.`,
      hint: 'Check mean, scale and colour order; if they are right, choose outputs earlier in the graph.',
    });
  }
  return new AppError({
    code: 'CONVERT_QUANTISATION_LOSS',
    message:
      `${end.precision.toUpperCase()} changes the outputs too much (${values}${where}; the limits are cosine ${end.tolerance[0]}, ` +
      `Euclidean ${end.tolerance[1]}). No model was written.`,
    hint: QUANTISATION_HINT[end.precision],
  });
}

/** The last line that looks like an error, else the last line with text. */
function lastErrorLine(tail: string): string {
  const lines = tail
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => /error|exception|failed|assert/i.test(line)) ?? lines.at(-1) ?? 'it printed nothing.';
}
