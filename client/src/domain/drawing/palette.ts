/**
 * Colours of classes that people with any form of colour vision tell apart, in Okabe and Ito's selection without
 * black; text on them is dark or white, whichever reads better.
 */
const CLASS_COLOURS = [
  { fill: '#0072b2', text: '#ffffff' },
  { fill: '#d55e00', text: '#ffffff' },
  { fill: '#007a59', text: '#ffffff' },
  { fill: '#cc79a7', text: '#1b1f24' },
  { fill: '#e69f00', text: '#1b1f24' },
  { fill: '#56b4e9', text: '#1b1f24' },
  { fill: '#f0e442', text: '#1b1f24' },
] as const;

export interface ClassColour {
  readonly fill: string;
  readonly text: string;
}

/** Colour of a class by its number; more classes than colours start over. */
export function classColour(index: number): ClassColour {
  const count = CLASS_COLOURS.length;
  return CLASS_COLOURS[((Math.trunc(index) % count) + count) % count] ?? CLASS_COLOURS[0];
}

/** Colours of the sheet itself. */
export const PAPER = { ground: '#ffffff', ink: '#1b1f24', soft: '#57606a', line: '#d0d7de', panel: '#f6f8fa' } as const;
