/** Kinds of boards (spec cli.md). */
export type RecipeBoard = 'maixcam' | 'maixcam-pro' | 'maixcam2';

/** What the model does (spec cli.md). */
export type RecipeTask = 'detect' | 'pose' | 'segment' | 'obb' | 'classify';

/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** A value that Ultralytics takes as a training argument. */
export type TrainArgument = string | number | boolean | null | readonly TrainArgument[];

export interface TrainSettings {
  /** Name (`yolov8n`, `yolo11n-pose`), or path of a `.pt` or model `.yaml`, relative to the recipe. */
  readonly model: string;
  /** Overrides the model's width multiple, for tiny models; null keeps it. */
  readonly width: number | null;
  readonly epochs: number;
  /** Pictures per step. */
  readonly batch: number;
  /** Side of the square that pictures are trained at, in pixels. */
  readonly imageSize: number;
  readonly seed: number;
  /** `auto`, `cpu`, `mps`, or the numbers of GPUs: `0`, `0,1`. */
  readonly device: string;
  /** Further Ultralytics arguments, passed on unchanged. */
  readonly args: Readonly<Record<string, TrainArgument>>;
}

export interface ExportSettings {
  /** Input size of the exported model; sides are multiples of 32. */
  readonly size: PixelSize;
  readonly opset: number;
}

export type Precision = 'int8' | 'bf16';
export type CalibrationMethod = 'auto' | 'kl' | 'mse' | 'max' | 'percentile';

export interface ConvertSettings {
  readonly precision: Precision;
  readonly calibration: {
    /** How many pictures are taken; fewer where the folder has fewer. */
    readonly pictures: number;
    /** Folder of pictures relative to the recipe; null: the training pictures of the dataset. */
    readonly folder: string | null;
    readonly seed: number;
  };
  /** Least cosine and Euclidean similarity of the quantised model. */
  readonly tolerance: readonly [cosine: number, euclid: number];
  readonly method: CalibrationMethod;
}

export interface CompareSettings {
  readonly pictures: number;
  /** Least score of a detection, 0 to 1. */
  readonly confidence: number;
  /** Least overlap of a match, 0 to 1. */
  readonly iou: number;
  /** Largest distance of a matched keypoint, as a fraction of the longer side of the true box. */
  readonly keypointDistance: number;
  /** Least part of the true objects that both models must find, 0 to 1. */
  readonly minimum: number;
}

export interface DeploySettings {
  /** Address without port; null: none chosen yet. */
  readonly host: string | null;
  /** TCP port of SSH. */
  readonly port: number;
  readonly user: string;
  /** Absolute folder on the board. */
  readonly folder: string;
}

/** All that a person decides about one model (spec decisions.md 2), with every default filled in. */
export interface Recipe {
  /** File name without `.maixcam.yaml`. */
  readonly name: string;
  readonly board: RecipeBoard;
  readonly task: RecipeTask;
  /** Path of the dataset YAML (classify: folder) relative to the recipe. Never null where `train` is set. */
  readonly dataset: string | null;
  /** Path of a finished ONNX relative to the recipe. Exactly one of `onnx` and `train` is not null. */
  readonly onnx: string | null;
  readonly train: TrainSettings | null;
  readonly export: ExportSettings;
  /** Names of the tensors where the model is cut, or `auto`: found from the graph. */
  readonly outputs: 'auto' | readonly string[];
  readonly convert: ConvertSettings;
  /** Class names, or `auto`: from the dataset or the model's metadata. */
  readonly labels: 'auto' | readonly string[];
  readonly compare: CompareSettings;
  readonly deploy: DeploySettings;
}

/** True where `train.model` is a file and not the name of a model. */
export function isModelFile(model: string): boolean {
  return /\.(pt|ya?ml)$/i.test(model);
}

/** Ending of a recipe's file name. */
export const RECIPE_SUFFIX = '.maixcam.yaml';

/** Name of the model that a recipe file makes: its base name without the ending. */
export function recipeName(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) ?? '';
  return base.toLowerCase().endsWith(RECIPE_SUFFIX)
    ? base.slice(0, -RECIPE_SUFFIX.length)
    : base.replace(/\.ya?ml$/i, '');
}

/** A name that is safe in paths on the board and in tools that split at blanks: other characters become `_`. */
export function safeModelName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '_').replace(/^[._-]+/, '');
  return safe === '' ? 'model' : safe;
}

/** What Ultralytics appends to a model's name for a task. */
export const TASK_SUFFIX: Readonly<Record<RecipeTask, string>> = {
  detect: '',
  pose: '-pose',
  segment: '-seg',
  obb: '-obb',
  classify: '-cls',
};
