import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'fast-png';

/** Writes a picture of one bright square on dark ground, and its label. `at`: left upper corner in pixels. */
function drawSquare(image: string, label: string | null, size: number, at: number, side: number): void {
  const data = new Uint8Array(size * size * 3).fill(30);
  for (let y = at; y < at + side; y++) {
    data.fill(220, (y * size + at) * 3, (y * size + at + side) * 3);
  }
  mkdirSync(path.dirname(image), { recursive: true });
  writeFileSync(image, encode({ width: size, height: size, data, channels: 3 }));
  if (label === null) return;
  const centre = (at + side / 2) / size;
  mkdirSync(path.dirname(label), { recursive: true });
  writeFileSync(label, `0 ${centre} ${centre} ${side / size} ${side / size}\n`);
}

/** A tiny detect dataset of squares (64×64 pixels); gives the path of its YAML. */
export function drawSquares(folder: string, counts: { readonly train: number; readonly val: number }): string {
  for (const [split, count] of Object.entries(counts)) {
    for (let index = 0; index < count; index++) {
      const name = `${split}-${index}`;
      const image = path.join(folder, 'images', split, `${name}.png`);
      const label = path.join(folder, 'labels', split, `${name}.txt`);
      drawSquare(image, label, 64, 4 + ((index * 5) % 24), 16 + ((index * 3) % 16));
    }
  }
  const yaml = path.join(folder, 'data.yaml');
  writeFileSync(yaml, 'train: images/train\nval: images/val\nnames:\n  0: square\n');
  return yaml;
}
