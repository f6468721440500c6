import type { RecipeBoard } from '../../../../server/src/core/recipe/model';
import type { SampleTask } from './dataset';

/** What a training of the sample needs, measured on two CPU cores (spec toolchain.md 2). */
const TRAINING = {
  detect: { model: 'yolov8n', epochs: 12, minutes: 2, more: '' },
  pose: {
    model: 'yolov8n-pose',
    epochs: 16,
    minutes: 3,
    more: '    pose: 18             # weight of the keypoints in the loss\n',
  },
} as const;

/** Base name of the sample's recipe: also the model's name on the board. */
export function sampleName(task: SampleTask): string {
  return task === 'detect' ? 'shapes' : `shapes-${task}`;
}

/** The sample's recipe, with the comments that a first reader needs. */
export function sampleRecipe(task: SampleTask, board: RecipeBoard): string {
  const { model, epochs, minutes, more } = TRAINING[task];
  return `# Recipe of the sample model: everything that is decided about it stands here.
# Run all steps with: maixcam run ${sampleName(task)}.maixcam.yaml
board: ${board}
task: ${task}
dataset: data.yaml

train:
  model: ${model}
  width: 0.0625          # a quarter of the usual width: learns on a CPU in about ${minutes} minutes
  epochs: ${epochs}
  batch: 16
  image-size: 320        # pixels
  seed: 0
  device: cpu            # auto takes a GPU where there is one
  args:                  # further Ultralytics arguments
    optimizer: AdamW
    lr0: 0.005
    nbs: 16              # learn from every batch: with so few pictures, every step counts
    warmup_epochs: 1
    mosaic: 0.5
${more}    close_mosaic: ${Math.round(epochs / 3)}
    patience: 0
    amp: false
    workers: 0

export:
  size: 320x224          # width x height of the model's input, multiples of 32

outputs: auto            # where the model is cut: found from the graph

convert:
  precision: int8
  calibration:
    pictures: 30         # taken from the training pictures

compare:                 # converted model against the original, on validation pictures
  pictures: 40
  confidence: 0.35
  iou: 0.5
  minimum: 0.9           # fails where less of the labelled objects is found

deploy:
  folder: /root/models/${sampleName(task)}
`;
}
