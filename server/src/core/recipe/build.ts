import { splitHost } from './host';
import {
  recipeName,
  safeModelName,
  TASK_SUFFIX,
  type CalibrationMethod,
  type PixelSize,
  type Precision,
  type Recipe,
  type RecipeBoard,
  type RecipeTask,
  type TrainArgument,
} from './model';

/** The valid content of a recipe file with the defaults of the schema: its shape is the schema's. */
interface Settings {
  readonly board: RecipeBoard;
  readonly task: RecipeTask;
  readonly dataset?: string;
  readonly onnx?: string;
  readonly train: {
    readonly model?: string;
    readonly width: number | null;
    readonly epochs: number;
    readonly batch: number;
    readonly 'image-size': number;
    readonly seed: number;
    readonly device: string | number;
    readonly args: Readonly<Record<string, TrainArgument>>;
  };
  readonly export: { readonly size: string; readonly opset: number };
  readonly outputs: 'auto' | readonly string[];
  readonly convert: {
    readonly precision: Precision;
    readonly calibration: { readonly pictures: number; readonly folder: string | null; readonly seed: number };
    readonly tolerance: readonly [number, number];
    readonly method: CalibrationMethod;
  };
  readonly labels: 'auto' | readonly string[];
  readonly compare: {
    readonly pictures: number;
    readonly confidence: number;
    readonly iou: number;
    readonly 'keypoint-distance': number;
    readonly minimum: number;
  };
  readonly deploy: { readonly host: string | null; readonly user: string; readonly folder?: string };
}

/** The typed model of settings that passed the schema and the rules. */
export function buildRecipe(validated: unknown, fileName: string): Recipe {
  const settings = validated as Settings;
  const name = recipeName(fileName);
  const { train, convert, compare, deploy } = settings;
  const address = deploy.host === null ? null : splitHost(deploy.host);
  return {
    name,
    board: settings.board,
    task: settings.task,
    dataset: settings.dataset ?? null,
    onnx: settings.onnx ?? null,
    train:
      settings.onnx !== undefined
        ? null
        : {
            model: train.model ?? `yolov8n${TASK_SUFFIX[settings.task]}`,
            width: train.width,
            epochs: train.epochs,
            batch: train.batch,
            imageSize: train['image-size'],
            seed: train.seed,
            device: String(train.device),
            args: train.args,
          },
    export: { size: parseSize(settings.export.size), opset: settings.export.opset },
    outputs: settings.outputs,
    convert,
    labels: settings.labels,
    compare: {
      pictures: compare.pictures,
      confidence: compare.confidence,
      iou: compare.iou,
      keypointDistance: compare['keypoint-distance'],
      minimum: compare.minimum,
    },
    deploy: {
      host: address?.host ?? null,
      port: address?.port ?? 22,
      user: deploy.user,
      folder: deploy.folder ?? `/root/models/${safeModelName(name)}`,
    },
  };
}

/** `320x224` → 320 wide, 224 high. */
function parseSize(text: string): PixelSize {
  const [width = 0, height = 0] = text.split('x').map(Number);
  return { width, height };
}
