import type { Fix, Problem } from '../../problems/problem';
import { nearestPath } from '../nearest-path';
import type { SplitPath } from '../places';
import { pathForm } from '../path-form';
import {
  problemAt,
  quoted,
  removeEntryFix,
  replaceFix,
  splitSeverity,
  yamlText,
  type DatasetContext,
  type DatasetRule,
} from './rule';

/** DATA008: the path of a split leads nowhere; the trainer stops for `val` at once and for `train` a little later. */
export const missingPath: DatasetRule = {
  code: 'DATA008',
  check(context) {
    const root = context.value('path');
    // Where `path` itself is written wrongly, that is what has to be mended.
    if (root?.kind === 'scalar' && !context.places?.exists(context.places.root.folder)) {
      if (pathForm(root.text, context.places?.windows === true) !== null) return [];
    }
    return context.splitPaths.flatMap((path) => {
      if (path.kind !== 'absent' || pathForm(path.written, context.places?.windows === true) !== null) return [];
      // An item that only exists without its `../` has a code of its own.
      if (path.listed && path.written.startsWith('../') && withoutParent(context, path)) return [];
      return [missing(context, path)];
    });
  },
};

function missing(context: DatasetContext, path: SplitPath): Problem {
  const { places } = context;
  const { split, written, value } = path;
  const root = places?.root;
  const elsewhere =
    places !== null && root !== undefined && root.from !== 'yaml' ? places.join(places.yamlFolder, written) : null;
  const beside = elsewhere !== null && places?.exists(elsewhere) === true;
  const near = places === null ? null : nearestPath(places, places.root.folder, written);
  const what =
    split === 'test' || split === 'minival'
      ? 'Training goes on, but nothing can be measured on it.'
      : context.value('download') === undefined || split !== 'val'
        ? 'The training stops.'
        : 'The trainer runs `download` first, then stops.';
  const looked =
    root !== undefined && root.tried.length > 1
      ? ` (\`path\` was looked for in ${root.tried.map(quoted).join(' and ')})`
      : '';
  const advice = beside
    ? ' It lies beside this file, where `path` does not lead: remove `path`.'
    : near === null
      ? ' Correct the path.'
      : ` Did you mean ${quoted(near)}?`;
  const unsure = root?.certain === false;
  const message = `Nothing lies at ${quotedPath(path.path)}${looked}. ${unsure ? 'The training stops, unless `path` lies in the datasets folder of Ultralytics.' : what}${advice}`;
  const entry = context.entry('path');
  const others = new Set(context.splitPaths.filter((each) => each.split !== split).map((each) => each.path));
  const sure = near !== null && places !== null && !others.has(places.join(places.root.folder, near));
  const fixes: (Fix | null)[] = [
    beside && entry !== undefined ? removeEntryFix(context, entry, 'Remove `path`') : null,
    near === null ? null : replaceFix(context, `Write ${near}`, value, yamlText(near), sure && !beside),
  ];
  return problemAt(context, 'DATA008', unsure ? 'warning' : splitSeverity(split), value, message, fixes);
}

function withoutParent(context: DatasetContext, { written }: SplitPath): boolean {
  const { places } = context;
  return places?.exists(places.join(places.root.folder, written.slice(3))) === true;
}

function quotedPath(path: string): string {
  return `\`${path.length > 160 ? `…${path.slice(-160)}` : path}\``;
}

/** DATA014: the trainer repairs `../` only in a text, not in a list. */
export const listParent: DatasetRule = {
  code: 'DATA014',
  check(context) {
    const root = context.value('path');
    // Where `path` itself is written wrongly, that is what has to be mended.
    if (root?.kind === 'scalar' && !context.places?.exists(context.places.root.folder)) {
      if (pathForm(root.text, context.places?.windows === true) !== null) return [];
    }
    return context.splitPaths.flatMap((path) => {
      if (path.kind !== 'absent' || !path.listed || !path.written.startsWith('../')) return [];
      if (!withoutParent(context, path)) return [];
      const better = path.written.slice(3);
      const message = `The trainer takes a leading \`../\` away only outside of lists, so it does not find ${quoted(path.written)}. Write ${quoted(better)}.`;
      const fix = replaceFix(context, `Write ${better}`, path.value, yamlText(better));
      return [problemAt(context, 'DATA014', splitSeverity(path.split), path.value, message, [fix])];
    });
  },
};

/** DATA015: works, but reads as if it led out of the dataset. */
export const repairedParent: DatasetRule = {
  code: 'DATA015',
  check(context) {
    return context.splitPaths.flatMap((path) => {
      if (!path.repaired) return [];
      const better = path.written.slice(3);
      const message = `Nothing lies at ${quoted(path.written)}; the trainer takes the leading \`../\` away and reads ${quoted(better)}.`;
      const fix = replaceFix(context, `Write ${better}`, path.value, yamlText(better));
      return [problemAt(context, 'DATA015', 'information', path.value, message, [fix])];
    });
  },
};
