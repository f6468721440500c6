import type { Problem } from '../../problems/problem';
import { mirrorByNames } from '../mirror';
import {
  addLineFix,
  keypointShape,
  problemAt,
  quoted,
  replaceFix,
  scalarItems,
  type DatasetContext,
  type DatasetRule,
} from './rule';

/** DATA035: the other keys of keypoints show that a pose model is meant; without `kpt_shape` its training stops. */
export const shapeMissing: DatasetRule = {
  code: 'DATA035',
  check(context) {
    if (context.entry('kpt_shape') !== undefined && context.value('kpt_shape') !== undefined) return [];
    const clue = ['flip_idx', 'kpt_names', 'kpt_oks_sigmas'].find((key) => context.value(key) !== undefined);
    const place = clue === undefined ? undefined : context.entry(clue)?.key;
    if (clue === undefined || place === undefined) return [];
    const count = scalarItems(context.value('flip_idx'))?.length ?? 0;
    const fix =
      count === 0 ? null : addLineFix(context, `Add kpt_shape: [${count}, 3]`, `kpt_shape: [${count}, 3]`, false);
    const message = `${quoted(clue)} is for keypoints, but \`kpt_shape\` is missing: the training of a pose model stops. Add \`kpt_shape: [number of keypoints, 3]\` (2 where the labels have no visibility).`;
    return [problemAt(context, 'DATA035', 'error', place, message, [fix])];
  },
};

/** DATA036: `[n, 2]` or `[n, 3]`. */
export const shapeForm: DatasetRule = {
  code: 'DATA036',
  check(context) {
    const value = context.value('kpt_shape');
    if (value === undefined || keypointShape(context) !== null) return [];
    const message =
      '`kpt_shape` must be two whole numbers: how many keypoints, and 2 (x y) or 3 (x y visibility) numbers for each. The training of a pose model stops.';
    const inner = /^\W*(\d+)\s*[,x ]\s*([23])\W*$/.exec(context.text.slice(value.start, value.end));
    const better = inner === null || Number(inner[1]) < 1 ? null : `[${Number(inner[1])}, ${inner[2] ?? ''}]`;
    const fix =
      better === null || context.text.slice(value.start, value.end).includes('-')
        ? null
        : replaceFix(context, `Write ${better}`, value, better);
    return [problemAt(context, 'DATA036', 'error', value, message, [fix])];
  },
};

/** DATA037: wrong length stops the training when it begins, an index that is too large in its first batches. */
export const flipForm: DatasetRule = {
  code: 'DATA037',
  check(context) {
    const value = context.value('flip_idx');
    if (value === undefined) return [];
    const problem = (message: string): Problem[] => [
      problemAt(context, 'DATA037', 'error', value, message, [mirrorFix(context)]),
    ];
    const items = scalarItems(value);
    if (items === null || items.some(({ type }) => type !== 'int')) {
      return problem(
        '`flip_idx` must be one list of whole numbers, `[0, 2, 1]`: for each keypoint the index of the one that takes its place in a mirrored picture. The training stops.',
      );
    }
    const shape = keypointShape(context);
    if (shape === null || items.length === 0) return [];
    if (items.length !== shape.count) {
      return problem(
        `\`flip_idx\` has ${items.length === 1 ? '1 index' : `${items.length} indices`}, but \`kpt_shape\` says ${shape.count} keypoints: the training stops. Give each keypoint one index.`,
      );
    }
    const outside = items.find(({ value: index }) => Number(index) >= shape.count || Number(index) < -shape.count);
    if (outside === undefined) return [];
    return problem(
      `${outside.text} is no keypoint: with ${shape.count} of them the indices go from 0 to ${shape.count - 1}. The training breaks in its first batches.`,
    );
  },
};

/** DATA038: a mirror brings each point back when it is applied twice; nothing checks it. */
export const flipMirror: DatasetRule = {
  code: 'DATA038',
  check(context) {
    const flip = flipIndices(context);
    const value = context.value('flip_idx');
    if (flip === null || value === undefined) return [];
    const wrong = flip.findIndex((to, from) => flip[to] !== from);
    if (wrong === -1) return [];
    const to = flip[wrong] ?? 0;
    const message = `\`flip_idx\` is no mirror: keypoint ${wrong} goes to ${to}, but ${to} goes to ${flip[to] ?? 0}. Mirrored pictures get wrong keypoints, and nothing says so. Points must change places in pairs, or stay.`;
    return [problemAt(context, 'DATA038', 'warning', value, message, [mirrorFix(context)])];
  },
};

/** DATA039: the names tell which points change places. */
export const flipSides: DatasetRule = {
  code: 'DATA039',
  check(context) {
    const flip = flipIndices(context);
    const value = context.value('flip_idx');
    const expected = mirrorByNames(context);
    if (flip === null || value === undefined || expected === null) return [];
    if (flip.some((to, from) => flip[to] !== from)) return [];
    const wrong = expected.indices.findIndex((to, from) => to !== flip[from] && to !== from);
    if (wrong === -1) return [];
    const [name = '', other = ''] = [expected.names[wrong], expected.names[expected.indices[wrong] ?? 0]];
    const message = `In a mirrored picture ${quoted(name)} takes the place of ${quoted(other)}, but \`flip_idx\` does not swap them: the model learns to confuse left and right.`;
    return [problemAt(context, 'DATA039', 'warning', value, message, [mirrorFix(context)])];
  },
};

/** DATA040: the trainer turns mirroring off and warns. */
export const flipMissing: DatasetRule = {
  code: 'DATA040',
  check(context) {
    const shape = context.value('kpt_shape');
    const entry = context.entry('kpt_shape');
    const value = context.value('flip_idx');
    if (shape === undefined || entry === undefined) return [];
    if (value !== undefined && !(value.kind === 'list' && value.items.length === 0)) return [];
    // A misspelt key has a fix of its own.
    const misspelt = context.top.entries.some(({ key }) => /^flip_?ind/i.test(key.text));
    const message =
      'Without `flip_idx` no picture is mirrored in training, which costs accuracy. Add it: for each keypoint the index of the one that takes its place.';
    const expected = mirrorByNames(context);
    const line = expected === null ? null : `flip_idx: ${listOf(expected.indices)}`;
    const fix =
      line === null || misspelt
        ? null
        : value === undefined
          ? addLineFix(context, `Add ${line}`, line, true)
          : mirrorFix(context);
    return [problemAt(context, 'DATA040', 'information', value ?? entry.key, message, [fix])];
  },
};

/** DATA041: names of keypoints are stored in the model, right or wrong. */
export const keypointNames: DatasetRule = {
  code: 'DATA041',
  check(context) {
    const names = context.value('kpt_names');
    if (names === undefined) return [];
    const shape = keypointShape(context);
    if (names.kind !== 'map') {
      const message =
        '`kpt_names` gives for each class number the list of its keypoints: `{0: [nose, left_eye, right_eye]}`.';
      return [problemAt(context, 'DATA041', 'warning', names, message)];
    }
    return names.entries.flatMap(({ key, value }) => {
      const known = context.classes === null || context.classes.some(({ index }) => index === key.value);
      if (!known) {
        const message = `There is no class ${quoted(key.text)}; keypoints are named for each class number.`;
        return [problemAt(context, 'DATA041', 'warning', key, message)];
      }
      if (shape === null || value.kind !== 'list' || value.items.length === shape.count) return [];
      const count = value.items.length === 1 ? '1 name' : `${value.items.length} names`;
      const message = `Class ${key.text} has ${count}, but \`kpt_shape\` says ${shape.count} keypoints.`;
      return [problemAt(context, 'DATA041', 'warning', value, message)];
    });
  },
};

/** DATA042: read when the result is measured; newer releases train with them too. */
export const sigmas: DatasetRule = {
  code: 'DATA042',
  check(context) {
    const value = context.value('kpt_oks_sigmas');
    if (value === undefined) return [];
    const items = scalarItems(value);
    const shape = keypointShape(context);
    const numbers = items?.every((item) => typeof item.value === 'number' && item.value > 0) === true;
    if (numbers && (shape === null || items.length === shape.count)) return [];
    const message = numbers
      ? `\`kpt_oks_sigmas\` has ${items.length} numbers, but \`kpt_shape\` says ${shape?.count ?? 0} keypoints: measuring the result stops.`
      : '`kpt_oks_sigmas` must be a list of positive numbers, one for each keypoint: measuring the result stops.';
    return [problemAt(context, 'DATA042', 'error', value, message)];
  },
};

/** `flip_idx` where it passes the trainer's own check, negative indices counted from the end as Python does. */
function flipIndices(context: DatasetContext): readonly number[] | null {
  const shape = keypointShape(context);
  const items = scalarItems(context.value('flip_idx'));
  if (shape === null || items?.length !== shape.count || items.some(({ type }) => type !== 'int')) return null;
  const indices = items.map(({ value }) => (Number(value) < 0 ? Number(value) + shape.count : Number(value)));
  return indices.every((index) => index >= 0 && index < shape.count) ? indices : null;
}

function mirrorFix(context: DatasetContext): ReturnType<typeof replaceFix> | null {
  const value = context.value('flip_idx');
  const expected = mirrorByNames(context);
  if (value === undefined || expected === null) return null;
  const list = listOf(expected.indices);
  return replaceFix(context, `Write ${list}, by the names of the keypoints`, value, list);
}

function listOf(indices: readonly number[]): string {
  return `[${indices.join(', ')}]`;
}
