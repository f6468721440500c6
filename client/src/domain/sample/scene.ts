import { seededRandom, type Random } from '../random';
import { background, contrastingColour } from './colours';

/** Classes of the drawn dataset, in the order of their numbers. */
export const SAMPLE_CLASSES = ['circle', 'square', 'triangle'] as const;

/** Size of the drawn pictures in pixels: that of the exported model, so that nothing is scaled. */
export const SAMPLE_SIZE = { width: 320, height: 224 } as const;

/** Keypoints of every class, clockwise from the top, so that one `flip_idx` serves all. */
export const SAMPLE_KEYPOINTS = ['top', 'right', 'bottom', 'left'] as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One drawn object; lengths in pixels. */
export interface SampleObject {
  readonly classIndex: number;
  /** Left top corner and size of the tight box. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** In the order of `SAMPLE_KEYPOINTS`. */
  readonly keypoints: readonly [Point, Point, Point, Point];
}

export interface Scene {
  readonly svg: string;
  readonly objects: readonly SampleObject[];
}

/** Smallest and largest side of an object: the smallest still covers several cells of the finest output map. */
const SIDE = { least: 34, most: 96 } as const;
/** Least distance between two objects, and to the edge of the picture. */
const GAP = 5;
const PLACING_ATTEMPTS = 60;

/** Draws one picture with one to four objects that do not overlap. The same seed gives the same picture. */
export function drawScene(seed: number): Scene {
  const random = seededRandom(seed);
  const { width, height } = SAMPLE_SIZE;
  const ground = background(random, width, height);
  const objects: SampleObject[] = [];
  const shapes: string[] = [];
  const wanted = random.whole(1, 4);
  for (let attempt = 0; attempt < PLACING_ATTEMPTS && objects.length < wanted; attempt++) {
    const object = placeObject(random);
    if (objects.some((other) => tooClose(other, object))) continue;
    objects.push(object);
    shapes.push(drawObject(object, contrastingColour(random, ground.levels), random));
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${ground.svg}${shapes.join('')}</svg>`;
  return { svg, objects };
}

function placeObject(random: Random): SampleObject {
  const classIndex = random.whole(0, SAMPLE_CLASSES.length - 1);
  const boxWidth = Math.round(random.between(SIDE.least, SIDE.most));
  const aspect = classIndex === 2 ? random.between(0.85, 1.1) : 1;
  const boxHeight = Math.round(boxWidth * aspect);
  const x = random.whole(GAP, SAMPLE_SIZE.width - boxWidth - GAP);
  const y = random.whole(GAP, SAMPLE_SIZE.height - boxHeight - GAP);
  const middle = { x: x + boxWidth / 2, y: y + boxHeight / 2 };
  const bottom = y + boxHeight;
  // The side corners of an upright triangle lie at its foot; the others have their extremes at half height.
  const sideY = classIndex === 2 ? bottom : middle.y;
  return {
    classIndex,
    box: { x, y, width: boxWidth, height: boxHeight },
    keypoints: [
      { x: middle.x, y },
      { x: x + boxWidth, y: sideY },
      { x: middle.x, y: bottom },
      { x, y: sideY },
    ],
  };
}

function tooClose(a: SampleObject, b: SampleObject): boolean {
  return (
    a.box.x < b.box.x + b.box.width + GAP &&
    b.box.x < a.box.x + a.box.width + GAP &&
    a.box.y < b.box.y + b.box.height + GAP &&
    b.box.y < a.box.y + a.box.height + GAP
  );
}

function drawObject(object: SampleObject, colour: string, random: Random): string {
  const { x, y, width, height } = object.box;
  const opacity = random.between(0.88, 1).toFixed(2);
  const paint = `fill="${colour}" fill-opacity="${opacity}"`;
  switch (object.classIndex) {
    case 0:
      return `<circle cx="${x + width / 2}" cy="${y + width / 2}" r="${width / 2}" ${paint}/>`;
    case 1:
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${paint}/>`;
    default: {
      const corners = `${x + width / 2},${y} ${x + width},${y + height} ${x},${y + height}`;
      return `<polygon points="${corners}" ${paint}/>`;
    }
  }
}
