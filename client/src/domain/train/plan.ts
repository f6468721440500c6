import type { Recipe, TrainSettings } from '../../../../server/src/core/recipe/model';

/** What `client/python/train.py` reads. All paths absolute. */
export interface TrainConfig {
  readonly model: string;
  readonly width: number | null;
  readonly task: Recipe['task'];
  readonly data: string;
  readonly epochs: number;
  readonly batch: number;
  readonly imgsz: number;
  readonly device: string | null;
  readonly seed: number;
  readonly args: Readonly<Record<string, unknown>>;
  readonly project: string;
  readonly name: string;
}

/** Folder of the run inside the step's working folder. */
export const RUN_FOLDER = 'run';

/** The training program's configuration. `model` is a path where the recipe names a file, else a model's name. */
export function trainConfig(
  recipe: Recipe,
  train: TrainSettings,
  paths: { readonly model: string; readonly data: string; readonly project: string },
): TrainConfig {
  return {
    model: paths.model,
    width: train.width,
    task: recipe.task,
    data: paths.data,
    epochs: train.epochs,
    batch: train.batch,
    imgsz: train.imageSize,
    device: train.device === 'auto' ? null : train.device,
    seed: train.seed,
    args: train.args,
    project: paths.project,
    name: RUN_FOLDER,
  };
}

/** `epoch 3 of 12, mAP50 0.71, about 40 s left`. */
export function epochMessage(epoch: number, epochs: number, metrics: TrainMetrics, etaSeconds: number | null): string {
  const parts = [`epoch ${epoch} of ${epochs}`];
  const headline = headlineMetric(metrics);
  if (headline !== null) parts.push(`${headline.name} ${headline.value.toFixed(3)}`);
  if (etaSeconds !== null && etaSeconds >= 1) parts.push(`about ${roughTime(etaSeconds)} left`);
  return parts.join(', ');
}

export type TrainMetrics = Readonly<Record<string, number>>;

/** The number that people compare: mAP50 of the task's last output (keypoints, masks before boxes), or top-1. */
export function headlineMetric(metrics: TrainMetrics): { readonly name: string; readonly value: number } | null {
  for (const [key, name] of HEADLINES) {
    const value = metrics[key];
    if (value !== undefined && Number.isFinite(value)) return { name, value };
  }
  return null;
}

/** Keys of Ultralytics' `results.csv`, most telling first (dataset-and-training.md 4.5). */
const HEADLINES: readonly (readonly [key: string, name: string])[] = [
  ['metrics/mAP50(P)', 'keypoint mAP50'],
  ['metrics/mAP50(M)', 'mask mAP50'],
  ['metrics/mAP50(B)', 'mAP50'],
  ['metrics/accuracy_top1', 'top-1'],
];

function roughTime(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
