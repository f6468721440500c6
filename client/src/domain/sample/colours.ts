import type { Random } from '../random';

/** Least difference of lightness (0 to 100) between an object and what lies behind it. */
const LEAST_CONTRAST = 24;

interface Hsl {
  readonly hue: number;
  readonly saturation: number;
  readonly lightness: number;
}

export interface Background {
  readonly svg: string;
  /** Lightness of the darkest and the lightest part, 0 to 100. */
  readonly levels: { readonly least: number; readonly most: number };
}

/** A plain or graded ground with thin lines and specks that belong to no object. */
export function background(random: Random, width: number, height: number): Background {
  const first: Hsl = {
    hue: random.between(0, 360),
    saturation: random.between(0, 45),
    lightness: random.next() < 0.65 ? random.between(70, 95) : random.between(8, 28),
  };
  const graded = random.next() < 0.5;
  const second: Hsl = graded
    ? { ...first, hue: first.hue + random.between(-50, 50), lightness: first.lightness + random.between(-8, 8) }
    : first;
  const angle = random.between(0, 360);
  const gradient = `<defs><linearGradient id="ground" gradientTransform="rotate(${angle.toFixed(0)} .5 .5)"><stop offset="0" stop-color="${css(first)}"/><stop offset="1" stop-color="${css(second)}"/></linearGradient></defs>`;
  const ground = `<rect width="${width}" height="${height}" fill="${graded ? 'url(#ground)' : css(first)}"/>`;
  return {
    svg: `${graded ? gradient : ''}${ground}${clutter(random, first, width, height)}`,
    levels: {
      least: Math.min(first.lightness, second.lightness),
      most: Math.max(first.lightness, second.lightness),
    },
  };
}

/** Lines and specks, near the lightness of the ground, so that edges alone do not make an object. */
function clutter(random: Random, ground: Hsl, width: number, height: number): string {
  const parts: string[] = [];
  const shade = (): string =>
    css({ ...ground, hue: random.between(0, 360), lightness: ground.lightness + random.between(-16, 16) });
  for (let count = random.whole(0, 7); count > 0; count--) {
    const ends = [
      random.between(0, width),
      random.between(0, height),
      random.between(0, width),
      random.between(0, height),
    ];
    const [x1, y1, x2, y2] = ends.map((value) => value.toFixed(1));
    parts.push(
      `<line x1="${x1 ?? ''}" y1="${y1 ?? ''}" x2="${x2 ?? ''}" y2="${y2 ?? ''}" stroke="${shade()}" stroke-width="${random.between(1, 2.5).toFixed(1)}"/>`,
    );
  }
  for (let count = random.whole(0, 24); count > 0; count--) {
    const [x, y] = [random.between(0, width).toFixed(1), random.between(0, height).toFixed(1)];
    parts.push(`<circle cx="${x}" cy="${y}" r="${random.between(0.6, 2).toFixed(1)}" fill="${shade()}"/>`);
  }
  return parts.join('');
}

/** A strong colour of any hue that stands out from the ground. */
export function contrastingColour(random: Random, levels: Background['levels']): string {
  const hue = random.between(0, 360);
  const saturation = random.between(60, 95);
  const roomBelow = Math.max(0, levels.least - LEAST_CONTRAST - 22);
  const roomAbove = Math.max(0, 78 - levels.most - LEAST_CONTRAST);
  const position = random.next() * (roomBelow + roomAbove);
  const lightness = position < roomBelow ? 22 + position : levels.most + LEAST_CONTRAST + (position - roomBelow);
  return css({ hue, saturation, lightness });
}

function css({ hue, saturation, lightness }: Hsl): string {
  const turned = ((hue % 360) + 360) % 360;
  const level = Math.max(2, Math.min(98, lightness));
  return `hsl(${turned.toFixed(0)}, ${saturation.toFixed(0)}%, ${level.toFixed(0)}%)`;
}
