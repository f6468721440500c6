import path from 'node:path';
import type { TrueObject } from '../../../../server/src/core/dataset/labels';
import { contactSheet, type SheetPicture } from '../../domain/drawing/contact-sheet';
import type { DrawnObject } from '../../domain/drawing/objects';
import type { ComparedPicture, Judged } from '../../domain/evaluate/comparison';
import type { FoundObject } from '../../domain/evaluate/match';
import { encodePng, pngDataUri } from '../image/encode';
import type { RgbPicture } from '../image/picture';
import { loadRasterizer } from '../image/rasterize';

/** More rows than this nobody looks at; the pictures with most to see come first. */
const MOST_ROWS = 12;

export interface SheetContent {
  readonly title: string;
  readonly subtitle: string;
  readonly labels: readonly string[];
  readonly precision: string;
  readonly summary: readonly string[];
}

/** The contact sheet as a PNG file: labels, ONNX and converted model side by side. */
export async function drawContactSheet(
  compared: readonly ComparedPicture[],
  pictures: ReadonlyMap<string, RgbPicture>,
  content: SheetContent,
): Promise<Uint8Array> {
  const rows = [...compared]
    .sort((a, b) => worth(b) - worth(a))
    .slice(0, MOST_ROWS)
    .map((one) => {
      const picture = pictures.get(one.image);
      const href = picture === undefined ? '' : pngDataUri(encodePng(picture));
      const truth = one.truth.map((object) => drawTruth(object, content.labels));
      const judged = (result: Judged): SheetPicture => ({
        href,
        width: one.width,
        height: one.height,
        objects: result.objects.map((object) => drawFound(object, content.labels)),
        missed: result.missed.flatMap((index) => truth[index] ?? []),
      });
      return {
        name: path.basename(one.image),
        note: `${one.onnx.matches.length} and ${one.converted.matches.length} of ${one.truth.length} found`,
        pictures: [
          { href, width: one.width, height: one.height, objects: truth },
          judged(one.onnx),
          judged(one.converted),
        ],
      };
    });
  const { svg } = contactSheet({
    title: content.title,
    subtitle: content.subtitle,
    columns: [
      { heading: 'Labels' },
      { heading: 'ONNX' },
      { heading: `${content.precision.toUpperCase()} on the chip simulator` },
    ],
    rows,
    classes: content.labels,
    summary: content.summary,
  });
  return (await loadRasterizer()).png(svg);
}

/** Disagreements first, then pictures with many objects. */
function worth(one: ComparedPicture): number {
  const wrong =
    one.onnx.missed.length + one.converted.missed.length + one.onnx.extra.length + one.converted.extra.length;
  return wrong * 100 + one.truth.length;
}

function drawTruth(object: TrueObject, labels: readonly string[]): DrawnObject {
  const { x, y, w, h, classId } = object;
  return {
    ...{ x, y, w, h, classIndex: classId, label: labels[classId] ?? String(classId) },
    ...(object.keypoints.length === 0
      ? {}
      : { points: object.keypoints.map((point) => (point.visible ? { x: point.x, y: point.y } : null)) }),
  };
}

function drawFound(object: FoundObject, labels: readonly string[]): DrawnObject {
  const { x, y, w, h, classId, score, points } = object;
  return {
    ...{ x, y, w, h, classIndex: classId, label: labels[classId] ?? String(classId), score },
    ...(points.length === 0 ? {} : { points: pairs(points) }),
  };
}

function pairs(points: readonly number[]): NonNullable<DrawnObject['points']> {
  return Array.from({ length: points.length / 2 }, (_, index) => {
    const x = points[2 * index] ?? -1;
    const y = points[2 * index + 1] ?? -1;
    return x < 0 || y < 0 ? null : { x, y };
  });
}
