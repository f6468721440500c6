import { keypointShape, scalarItems, type DatasetContext } from './rules/rule';

export interface Mirror {
  readonly names: readonly string[];
  /** For each keypoint the one that takes its place in a mirrored picture. */
  readonly indices: readonly number[];
}

/**
 * What `flip_idx` must be by the names of the keypoints (spec dataset-and-training.md 1.5): left and right of a pair
 * change places. Null where no class names all its keypoints, no name has a side, or a side has no partner.
 */
export function mirrorByNames(context: DatasetContext): Mirror | null {
  const shape = keypointShape(context);
  const all = context.value('kpt_names');
  if (shape === null || all?.kind !== 'map') return null;
  const lists = all.entries.map(({ value }) => scalarItems(value)?.map(({ text }) => text) ?? []);
  const mirrors = lists.map((names) => (names.length === shape.count ? mirrorOf(names) : null));
  const [first] = mirrors;
  const agree = mirrors.every((mirror) => mirror?.indices.join() === first?.indices.join());
  return first !== undefined && agree ? first : null;
}

function mirrorOf(names: readonly string[]): Mirror | null {
  const plain = names.map((name) => name.trim().toLowerCase());
  if (new Set(plain).size !== plain.length) return null;
  const indices = plain.map((name, index) => {
    const other = otherSide(name);
    return other === null ? index : plain.indexOf(other);
  });
  const sided = indices.some((to, from) => to !== from);
  return sided && !indices.includes(-1) ? { names, indices } : null;
}

/** `left_eye` ↔ `right_eye`, `eye.l` ↔ `eye.r`; null for a point without a side. */
function otherSide(name: string): string | null {
  const swapped = name.replace(/(^|[^a-z])(left|right|l|r)(?=$|[^a-z])/, (_, before: string, side: string) => {
    const other = { left: 'right', right: 'left', l: 'r', r: 'l' }[side] ?? side;
    return `${before}${other}`;
  });
  return swapped === name ? null : swapped;
}
