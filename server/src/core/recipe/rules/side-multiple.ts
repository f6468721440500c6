import { problemAt, replaceFix, type RecipeRule } from './rule';

/** Sides of the network's input must be multiples of its largest stride (spec conversion.md 1.2). */
const MULTIPLE = 32;

/** RECIPE012: `export.size` and `train.image-size` that no YOLO head can work at. */
export const sideMultiple: RecipeRule = {
  code: 'RECIPE012',
  check(context) {
    const problems = [];
    const size = context.written(['export', 'size']);
    if (size?.node.type === 'string' && context.value(['task']) !== 'classify') {
      const sides = size.node.value.split('x').map(Number);
      if (sides.some((side) => side % MULTIPLE !== 0)) {
        const better = sides.map(nextMultiple).join('x');
        const message = `\`export.size\` ${size.node.value} does not fit: the head works on steps of ${MULTIPLE} pixels, so both sides must be multiples of ${MULTIPLE}. The next size is ${better}.`;
        problems.push(problemAt(context, 'RECIPE012', size, message, { fixes: [replaceFix(context, size, better)] }));
      }
    }
    const side = context.written(['train', 'image-size']);
    if (side?.node.type === 'number' && side.node.value % MULTIPLE !== 0) {
      const better = String(nextMultiple(side.node.value));
      const message = `The trainer rounds \`train.image-size\` ${side.node.value} up to ${better}, the next multiple of ${MULTIPLE}. Write ${better}.`;
      const fixes = [replaceFix(context, side, better)];
      problems.push(problemAt(context, 'RECIPE012', side, message, { severity: 'warning', fixes }));
    }
    return problems;
  },
};

function nextMultiple(side: number): number {
  return Math.ceil(side / MULTIPLE) * MULTIPLE;
}
