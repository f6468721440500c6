import type { ConversionCommand } from './plan';

/** Where the conversion stands. */
export interface ConversionProgress {
  /** 0 to 1 over all commands. */
  readonly fraction: number;
  /** For a person: `calibrating 17/30`. */
  readonly message: string;
  readonly stage: string;
}

interface Landmark {
  readonly pattern: RegExp;
  /** Share of the whole conversion that is done when the landmark appears. */
  readonly at: number;
  readonly stage: string;
}

/** Spec conversion.md 2.2, with shares as measured on yolov8n and yolo11n (toolchain.md 4). */
const LANDMARKS: Readonly<Record<ConversionCommand['stage'], readonly Landmark[]>> = {
  transform: [
    { pattern: /TPU-MLIR v\S+/, at: 0.01, stage: 'reading the model' },
    { pattern: /Onnxsim opt finished|ConstantFolding finished/, at: 0.06, stage: 'simplifying' },
    { pattern: /Save mlir file:/, at: 0.1, stage: 'importing' },
    { pattern: /Mlir file generated:/, at: 0.13, stage: 'checking against ONNX' },
    { pattern: /npz compare PASSED/, at: 0.28, stage: 'checking against ONNX' },
  ],
  calibrate: [{ pattern: /real input_num\s*=/, at: 0.3, stage: 'calibrating' }],
  deploy: [
    { pattern: /TPU-MLIR v\S+/, at: 0.8, stage: 'quantising' },
    { pattern: /_tpu\.mlir/, at: 0.84, stage: 'quantising' },
    { pattern: /npz compare PASSED/, at: 0.9, stage: 'generating code' },
    { pattern: /Start TPU Simulator/, at: 0.95, stage: 'checking in the chip simulator' },
  ],
};

const CALIBRATION_COUNT = /activation_collect_and_calc_th for sample:.*?(\d+)\/(\d+)/;
const CALIBRATION_SPAN = { from: 0.3, to: 0.55 } as const;
/** Calibration then finds thresholds from the histograms and tunes them layer by layer. */
const THRESHOLD_COUNT = /\] threshold:.*?(\d+)\/(\d+)/;
const THRESHOLD_SPAN = { from: 0.55, to: 0.6 } as const;
const TUNE_COUNT = /tune op:.*?(\d+)\/(\d+)/;
const TUNE_SPAN = { from: 0.6, to: 0.8 } as const;

/**
 * Reads the converter's output line by line. The same percentage pattern occurs in several stages, so the fraction
 * only moves forward.
 */
export class ConversionProgressReader {
  private fraction = 0;
  private stage = 'starting';

  /** The new state where the line says something, else null. */
  read(command: ConversionCommand['stage'], line: string): ConversionProgress | null {
    const before = this.fraction;
    let message: string | null = null;
    for (const landmark of LANDMARKS[command]) {
      if (landmark.at > this.fraction && landmark.pattern.test(line)) {
        this.fraction = landmark.at;
        this.stage = landmark.stage;
      }
    }
    if (command === 'calibrate') {
      message =
        this.count(line, CALIBRATION_COUNT, CALIBRATION_SPAN, 'calibrating') ??
        this.count(line, THRESHOLD_COUNT, THRESHOLD_SPAN, 'finding thresholds') ??
        this.count(line, TUNE_COUNT, TUNE_SPAN, 'tuning thresholds');
    }
    if (this.fraction === before && message === null) return null;
    return { fraction: this.fraction, message: message ?? this.stage, stage: this.stage };
  }

  private count(line: string, pattern: RegExp, span: { from: number; to: number }, stage: string): string | null {
    const match = pattern.exec(line);
    const done = Number(match?.[1]);
    const total = Number(match?.[2]);
    if (!(total > 0)) return null;
    const fraction = span.from + (span.to - span.from) * Math.min(1, done / total);
    if (fraction <= this.fraction) return null;
    this.fraction = fraction;
    this.stage = stage;
    return `${stage} ${done}/${total}`;
  }
}

/** One comparison that the converter made: least similarities over all compared tensors. */
export interface SimilarityReport {
  readonly compared: number;
  readonly failed: number;
  readonly cosine: number;
  readonly euclidean: number;
  readonly sqnr: number;
  readonly failedTensors: readonly string[];
}

const COMPARED = /^\s*(\d+) compared/;
const FAILED = /^\s*(\d+) failed/;
const SIMILARITY = /min_similari\w*\s*=\s*\(([^)]*)\)/;
const VERDICT = /^\[(.+)\]\s+\w+\s+\[FAILED\]/;

/** Collects the similarity summaries of a log (`min_similarity = (cos, euclid, sqnr)`, toolchain.md 4). */
export class SimilarityReader {
  readonly reports: SimilarityReport[] = [];
  private compared = 0;
  private failed = 0;
  private failedTensors: string[] = [];

  read(line: string): void {
    const verdict = VERDICT.exec(line)?.[1];
    if (verdict !== undefined) this.failedTensors.push(verdict);
    this.compared = Number(COMPARED.exec(line)?.[1] ?? this.compared);
    this.failed = Number(FAILED.exec(line)?.[1] ?? this.failed);
    const numbers = SIMILARITY.exec(line)?.[1]?.split(',').map(Number);
    if (numbers === undefined) return;
    const [cosine = NaN, euclidean = NaN, sqnr = NaN] = numbers;
    this.reports.push({
      compared: this.compared,
      failed: this.failed,
      cosine,
      euclidean,
      sqnr,
      failedTensors: this.failedTensors,
    });
    this.compared = 0;
    this.failed = 0;
    this.failedTensors = [];
  }
}
