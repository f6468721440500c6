import { drawObjects, type DrawnObject } from './objects';
import { classColour, PAPER } from './palette';
import { coordinate, escapeXml, fitText, textWidth } from './text';

/** One cell: a picture with what a model (or a person) sees on it. */
export interface SheetPicture {
  /** Address of the picture: a `data:` URI of a PNG or JPEG. */
  readonly href: string;
  /** Size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly objects: readonly DrawnObject[];
  /** Labelled objects that were not found: drawn dashed. */
  readonly missed?: readonly DrawnObject[];
}

export interface SheetRow {
  /** Name of the picture, shown above the row. */
  readonly name: string;
  /** What a person should look at: `2 of 3 found`. */
  readonly note?: string;
  /** One for each column; null leaves the cell empty. */
  readonly pictures: readonly (SheetPicture | null)[];
}

export interface ContactSheet {
  readonly title: string;
  /** Under the title: model, board, date of nothing that changes by itself. */
  readonly subtitle?: string;
  readonly columns: readonly { readonly heading: string; readonly note?: string }[];
  readonly rows: readonly SheetRow[];
  /** Class names by class index, for the legend. */
  readonly classes: readonly string[];
  /** Lines at the foot, the verdict first. */
  readonly summary: readonly string[];
}

const MARGIN = 24;
const GUTTER = 12;
const HEAD = 104;
const ROW_NAME = 22;
const ROW_GAP = 12;
const FOOT_LINE = 20;
const LEAST_CELL = 200;
const MOST_CELL = 400;

/**
 * The comparison as one drawing: a row for each picture, side by side what was labelled and what each model finds.
 * Gives SVG text with the size in pixels; pictures of up to 400 pixels are shown 1:1.
 */
export function contactSheet(sheet: ContactSheet): {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
} {
  const widest = Math.max(0, ...sheet.rows.flatMap((row) => row.pictures.map((picture) => picture?.width ?? 0)));
  const cell = Math.min(MOST_CELL, Math.max(LEAST_CELL, widest));
  const width = 2 * MARGIN + sheet.columns.length * (cell + GUTTER) - GUTTER;
  const inner = width - 2 * MARGIN;

  let top = HEAD;
  const rows = sheet.rows.map((row) => {
    const drawn = drawRow(row, top, cell, inner);
    top += drawn.height + ROW_GAP;
    return drawn.svg;
  });
  const foot = drawFoot(sheet, top, inner);
  const height = Math.ceil(top + foot.height + MARGIN);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="${PAPER.ground}"/>`,
    drawHead(sheet, cell, inner),
    ...rows,
    foot.svg,
    '</svg>',
  ].join('\n');
  return { svg, width, height };
}

function drawHead(sheet: ContactSheet, cell: number, inner: number): string {
  const parts = [label(sheet.title, MARGIN, 40, 20, PAPER.ink, inner)];
  if (sheet.subtitle !== undefined) parts.push(label(sheet.subtitle, MARGIN, 62, 12, PAPER.soft, inner));
  sheet.columns.forEach(({ heading, note }, index) => {
    const left = MARGIN + index * (cell + GUTTER);
    parts.push(
      `<rect x="${left}" y="76" width="${cell}" height="24" rx="3" fill="${PAPER.panel}"/>`,
      label(heading, left + 8, 93, 13, PAPER.ink, cell - 16),
    );
    const room = cell - 28 - textWidth(heading, 13);
    if (note !== undefined && room > 40) {
      const text = fitText(note, 11, room);
      parts.push(label(text, left + cell - 8, 92.5, 11, PAPER.soft, room, 'end'));
    }
  });
  return parts.join('\n');
}

function drawRow(row: SheetRow, top: number, cell: number, inner: number): { svg: string; height: number } {
  let tallest = 0;
  const cells = row.pictures.map((picture, index) => {
    if (picture === null) return '';
    const scale = Math.min(cell / Math.max(1, picture.width), 1);
    const height = picture.height * scale;
    tallest = Math.max(tallest, height);
    return drawCell(picture, MARGIN + index * (cell + GUTTER), top + ROW_NAME, scale);
  });
  const noteWidth = row.note === undefined ? 0 : textWidth(row.note, 11);
  const texts = [label(row.name, MARGIN, top + 15, 11, PAPER.soft, inner - noteWidth - 16)];
  if (row.note !== undefined) texts.push(label(row.note, MARGIN + inner, top + 15, 11, PAPER.ink, inner, 'end'));
  return { svg: [...texts, ...cells].join('\n'), height: ROW_NAME + tallest };
}

function drawCell(picture: SheetPicture, left: number, top: number, scale: number): string {
  const width = picture.width * scale;
  const height = picture.height * scale;
  const size = `width="${coordinate(width)}" height="${coordinate(height)}"`;
  const missed = (picture.missed ?? []).map((object) => ({ ...object, missed: true }));
  // An inner svg clips what reaches over the edge of the picture.
  return [
    `<svg x="${coordinate(left)}" y="${coordinate(top)}" ${size} overflow="hidden">`,
    `<image ${size} preserveAspectRatio="none" xlink:href="${escapeXml(picture.href)}"/>`,
    drawObjects([...missed, ...picture.objects], { scale, width, height }),
    '</svg>',
    `<rect x="${coordinate(left)}" y="${coordinate(top)}" ${size} fill="none" stroke="${PAPER.line}"/>`,
  ].join('');
}

/** Legend and verdict. */
function drawFoot(sheet: ContactSheet, top: number, inner: number): { svg: string; height: number } {
  const parts = [`<line x1="${MARGIN}" y1="${top}" x2="${MARGIN + inner}" y2="${top}" stroke="${PAPER.line}"/>`];
  let [x, y] = [MARGIN, top + 12];
  const entry = (name: string, dashed: boolean, colour: string): void => {
    const text = fitText(name, 12, inner - 40);
    const needed = 20 + textWidth(text, 12) + 18;
    if (x > MARGIN && x + needed > MARGIN + inner) [x, y] = [MARGIN, y + FOOT_LINE];
    const dash = dashed ? ' stroke-dasharray="4 3"' : '';
    const paint = dashed ? 'fill="none"' : `fill="${colour}"`;
    parts.push(
      `<rect x="${x + 1}" y="${y + 1}" width="12" height="12" rx="2" ${paint} stroke="${colour}" stroke-width="2"${dash}/>`,
      label(text, x + 20, y + 11.5, 12, PAPER.ink, inner),
    );
    x += needed;
  };
  sheet.classes.slice(0, LEGEND_CLASSES).forEach((name, index) => entry(name, false, classColour(index).fill));
  const more = sheet.classes.length - LEGEND_CLASSES;
  if (more > 0) entry(`and ${more} more classes`, false, PAPER.soft);
  entry('labelled, not found', true, PAPER.soft);
  y += FOOT_LINE + 8;
  sheet.summary.forEach((line, index) => {
    parts.push(label(line, MARGIN, y + 14, index === 0 ? 14 : 12, index === 0 ? PAPER.ink : PAPER.soft, inner));
    y += FOOT_LINE + (index === 0 ? 2 : 0);
  });
  return { svg: parts.join('\n'), height: y - top };
}

const LEGEND_CLASSES = 12;

function label(
  text: string,
  x: number,
  y: number,
  size: number,
  colour: string,
  room: number,
  anchor: 'start' | 'end' = 'start',
): string {
  const end = anchor === 'end' ? ' text-anchor="end"' : '';
  return `<text x="${coordinate(x)}" y="${coordinate(y)}" font-size="${size}" fill="${colour}"${end}>${escapeXml(fitText(text, size, room))}</text>`;
}
