import { drawScene, SAMPLE_CLASSES, SAMPLE_KEYPOINTS, SAMPLE_SIZE, type SampleObject } from './scene';

/** Tasks that the sample can be drawn for. */
export type SampleTask = 'detect' | 'pose';

/** How many pictures each split has (spec toolchain.md 2). */
export const SAMPLE_PICTURES = { train: 240, val: 40 } as const;

/** Seed of the shipped sample: the figures in the documentation were measured with it. */
const SAMPLE_SEED = 20261123;

/** One picture of the sample with its label file; paths relative to the dataset, with `/`. */
export interface SamplePicture {
  readonly imagePath: string;
  readonly labelPath: string;
  readonly svg: string;
  readonly label: string;
}

/** Every picture of the sample, one at a time. The same task and seed give the same dataset. */
export function* samplePictures(task: SampleTask, seed: number = SAMPLE_SEED): Generator<SamplePicture> {
  let number = 0;
  for (const split of ['train', 'val'] as const) {
    for (let index = 1; index <= SAMPLE_PICTURES[split]; index++) {
      // Neighbouring seeds start far apart in the generator, so consecutive ones do not resemble each other.
      const { svg, objects } = drawScene(seed + 7919 * number++);
      const stem = `${split}/${String(index).padStart(3, '0')}`;
      yield {
        imagePath: `images/${stem}.png`,
        labelPath: `labels/${stem}.txt`,
        svg,
        label: labelText(objects, task),
      };
    }
  }
}

/** Rows of a label file (spec dataset-and-training.md 2.4): fractions of the picture's width and height. */
function labelText(objects: readonly SampleObject[], task: SampleTask): string {
  const x = (pixels: number): string => (pixels / SAMPLE_SIZE.width).toFixed(6);
  const y = (pixels: number): string => (pixels / SAMPLE_SIZE.height).toFixed(6);
  return objects
    .map(({ classIndex, box, keypoints }) => {
      const columns = [
        String(classIndex),
        x(box.x + box.width / 2),
        y(box.y + box.height / 2),
        x(box.width),
        y(box.height),
      ];
      if (task === 'pose') columns.push(...keypoints.flatMap((point) => [x(point.x), y(point.y), '2']));
      return `${columns.join(' ')}\n`;
    })
    .join('');
}

/** The dataset YAML. It has no `path`, so it works wherever the folder is moved. */
export function sampleDataYaml(task: SampleTask): string {
  const names = SAMPLE_CLASSES.map((name, index) => `  ${index}: ${name}\n`).join('');
  const keypoints =
    task === 'pose'
      ? `# Four keypoints with visibility: ${SAMPLE_KEYPOINTS.join(', ')}. A mirrored picture swaps right and left.
kpt_shape: [4, 3]
flip_idx: [0, 3, 2, 1]
# How far off a keypoint may be, as a part of the object: small, because these points are sharp.
kpt_oks_sigmas: [0.1, 0.1, 0.1, 0.1]
`
      : '';
  return `# Drawn circles, squares and triangles. Paths are relative to this file.\ntrain: images/train\nval: images/val\nnames:\n${names}${keypoints}`;
}
