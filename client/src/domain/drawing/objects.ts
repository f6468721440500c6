import { classColour } from './palette';
import { coordinate, escapeXml, fitText, textWidth } from './text';

/** One object on a picture; lengths in pixels of the picture. */
export interface DrawnObject {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly classIndex: number;
  readonly label: string;
  /** 0 to 1; absent for labelled objects. */
  readonly score?: number;
  /** Keypoints in their order; null where one is not visible. */
  readonly points?: readonly ({ readonly x: number; readonly y: number } | null)[];
  /** A labelled object that was not found: drawn dashed. */
  readonly missed?: boolean;
}

export interface ObjectStyle {
  /** Pixels of the drawing per pixel of the picture. */
  readonly scale: number;
  /** Size of the drawn picture: names stay inside. */
  readonly width: number;
  readonly height: number;
}

const NAME_SIZE = 11;
const NAME_HEIGHT = 15;

/** Pairs of the 17 COCO keypoints that a body's skeleton joins. */
const BODY: readonly (readonly [number, number])[] = [
  [15, 13], [13, 11], [16, 14], [14, 12], [11, 12], [5, 11], [6, 12], [5, 6], [5, 7],
  [6, 8], [7, 9], [8, 10], [1, 2], [0, 1], [0, 2], [1, 3], [2, 4], [3, 5], [4, 6],
]; // prettier-ignore

/** Which keypoints a line joins: the body of COCO for 17, a ring for up to six, else a chain. */
export function skeleton(count: number): readonly (readonly [number, number])[] {
  if (count === 17) return BODY;
  const chain = Array.from({ length: Math.max(0, count - 1) }, (_, index) => [index, index + 1] as const);
  return count >= 3 && count <= 6 ? [...chain, [count - 1, 0]] : chain;
}

/**
 * SVG of objects on one picture: boxes and keypoints first, the names above all of them. A white rim keeps lines
 * legible on any picture; a name moves where it would cover another.
 */
export function drawObjects(objects: readonly DrawnObject[], style: ObjectStyle): string {
  const names: Place[] = [];
  const shapes = objects.map((object) => drawShape(object, style.scale));
  return shapes.join('') + objects.map((object) => drawName(object, style, names)).join('');
}

function drawShape(object: DrawnObject, scale: number): string {
  const { fill } = classColour(object.classIndex);
  const [x, y, w, h] = [object.x, object.y, object.w, object.h].map((value) => coordinate(value * scale));
  const box = `x="${x ?? ''}" y="${y ?? ''}" width="${w ?? ''}" height="${h ?? ''}" fill="none" rx="1.5"`;
  const dash = object.missed === true ? ' stroke-dasharray="5 4"' : '';
  return [
    `<rect ${box} stroke="#ffffff" stroke-opacity="0.85" stroke-width="4"/>`,
    `<rect ${box} stroke="${fill}" stroke-width="2"${dash}/>`,
    drawPoints(object, fill, scale),
  ].join('');
}

function drawPoints(object: DrawnObject, fill: string, scale: number): string {
  const points = (object.points ?? []).map((point) =>
    point === null ? null : { x: coordinate(point.x * scale), y: coordinate(point.y * scale) },
  );
  const lines = skeleton(points.length).map(([from, to]) => {
    const [a, b] = [points[from], points[to]];
    if (!a || !b) return '';
    const ends = `x1="${a.x}" y1="${a.y}" x2="${b.x}" y2="${b.y}"`;
    return `<line ${ends} stroke="#ffffff" stroke-width="3.5" stroke-opacity="0.85"/><line ${ends} stroke="${fill}" stroke-width="1.5"/>`;
  });
  // The first point is filled with the class colour: it shows whether the order is right.
  const dots = points.map((point, index) =>
    point === null
      ? ''
      : `<circle cx="${point.x}" cy="${point.y}" r="3.5" fill="${index === 0 ? fill : '#ffffff'}" stroke="${index === 0 ? '#ffffff' : fill}" stroke-width="1.5"/>`,
  );
  return lines.join('') + dots.join('');
}

function drawName(object: DrawnObject, style: ObjectStyle, taken: Place[]): string {
  const { fill, text } = classColour(object.classIndex);
  const score = object.score === undefined ? '' : ` ${object.score.toFixed(2)}`;
  const missed = object.missed === true ? ' missed' : '';
  const name = fitText(`${object.label}${missed}${score}`, NAME_SIZE, style.width - 8);
  const place = placeName(object, textWidth(name, NAME_SIZE) + 6, style, taken);
  taken.push(place);
  const { left, top, width } = place;
  return [
    `<rect x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(width)}" height="${NAME_HEIGHT}" rx="2" fill="${fill}"/>`,
    `<text x="${coordinate(left + 3)}" y="${coordinate(top + 11.5)}" font-size="${NAME_SIZE}" fill="${text}">${escapeXml(name)}</text>`,
  ].join('');
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** Above the box, else below it, else inside it at the top: the first place that is free and inside the picture. */
function placeName(object: DrawnObject, width: number, style: ObjectStyle, taken: readonly Place[]): Place {
  const { scale } = style;
  const left = Math.max(0, Math.min(object.x * scale - 1, style.width - width));
  const tops = [
    object.y * scale - NAME_HEIGHT - 1,
    (object.y + object.h) * scale + 1,
    object.y * scale + 1,
    (object.y + object.h) * scale - NAME_HEIGHT - 1,
  ];
  const fits = tops.filter((top) => top >= 0 && top + NAME_HEIGHT <= style.height);
  const free = fits.find((top) => !taken.some((other) => overlap({ left, top, width }, other)));
  const top = free ?? fits[0] ?? Math.max(0, Math.min(object.y * scale, style.height - NAME_HEIGHT));
  return { left, top, width };
}

function overlap(a: Place, b: Place): boolean {
  return Math.abs(a.top - b.top) < NAME_HEIGHT && a.left < b.left + b.width + 1 && b.left < a.left + a.width + 1;
}
