/** A keypoint in pixels; `visible` is false for a point that is not labelled. */
export interface TrueKeypoint {
  readonly x: number;
  readonly y: number;
  readonly visible: boolean;
}

/** One labelled object in the pixels of its picture (floating point, origin top left). */
export interface TrueObject {
  readonly classId: number;
  /** Left, top, width, height of the upright box around it. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly keypoints: readonly TrueKeypoint[];
}

export interface LabelForm {
  readonly task: 'detect' | 'pose' | 'segment' | 'obb';
  /** Number of keypoints and values per keypoint (2 or 3); pose only. */
  readonly keypoints: readonly [count: number, values: number] | null;
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Rows with more tokens than this are polygons, whatever the task, except pose (dataset-and-training.md 2.4). */
const LONGEST_BOX_ROW = 6;

/**
 * The objects of a YOLO label file (dataset-and-training.md 2.4). Rows that are not numbers are left out: the trainer
 * drops such a picture altogether, so callers read only files that it keeps.
 */
export function readLabels(text: string, form: LabelForm): readonly TrueObject[] {
  const rows = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim().split(/\s+/).filter(Boolean).map(Number))
    .filter((row) => row.length >= 5 && row.every(Number.isFinite));
  const polygons = form.task !== 'pose' && rows.some((row) => row.length > LONGEST_BOX_ROW);
  return rows.map((row) => (polygons ? polygonObject(row, form) : boxObject(row, form)));
}

function boxObject(row: readonly number[], form: LabelForm): TrueObject {
  const [classId = 0, cx = 0, cy = 0, w = 0, h = 0] = row;
  const keypoints: TrueKeypoint[] = [];
  if (form.keypoints !== null) {
    const [count, values] = form.keypoints;
    for (let index = 0; index < count; index += 1) {
      const at = 5 + index * values;
      const x = row[at] ?? 0;
      const y = row[at + 1] ?? 0;
      const visible = values === 3 ? (row[at + 2] ?? 0) > 0 : x > 0 || y > 0;
      keypoints.push({ x: x * form.width, y: y * form.height, visible });
    }
  }
  return {
    classId,
    x: (cx - w / 2) * form.width,
    y: (cy - h / 2) * form.height,
    w: w * form.width,
    h: h * form.height,
    keypoints,
  };
}

function polygonObject(row: readonly number[], form: LabelForm): TrueObject {
  const xs = row.slice(1).filter((_, index) => index % 2 === 0);
  const ys = row.slice(1).filter((_, index) => index % 2 === 1);
  const left = Math.min(...xs) * form.width;
  const top = Math.min(...ys) * form.height;
  return {
    classId: row[0] ?? 0,
    x: left,
    y: top,
    w: Math.max(...xs) * form.width - left,
    h: Math.max(...ys) * form.height - top,
    keypoints: [],
  };
}
