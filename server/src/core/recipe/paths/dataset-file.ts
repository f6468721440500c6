import { problemAt } from '../rules/rule';
import type { Wanted } from './near-path';
import { lookedFor, pathFix, pathProblem, writtenPath, type PathRule } from './rule';

const isYaml: Wanted = (name, kind) => kind === 'file' && /\.ya?ml$/i.test(name) && !/\.maixcam\.ya?ml$/i.test(name);
const isFolder: Wanted = (_name, kind) => kind === 'folder';

/** RECIPE024: the dataset is not there; the step *Check* would stop. */
export const datasetFile: PathRule = {
  code: 'RECIPE024',
  check(context) {
    const path = writtenPath(context, ['dataset']);
    if (path?.kind !== 'absent') return [];
    const classify = context.value(['task']) === 'classify';
    const what = classify ? 'dataset folder' : 'dataset YAML';
    const message = `The ${what} \`${path.written}\` does not exist${lookedFor(path)}. Write its path relative to this file.`;
    return [pathProblem(context, 'RECIPE024', path, message, classify ? isFolder : isYaml)];
  },
};

/** RECIPE028 for the dataset: a YAML file for every task but classify, which reads a folder. */
export const datasetKind: PathRule = {
  code: 'RECIPE028',
  check(context) {
    const path = writtenPath(context, ['dataset']);
    const task = context.value(['task']);
    if (path === null || path.kind === 'absent' || typeof task !== 'string') return [];
    if (task === 'classify') {
      if (path.kind === 'folder') return [];
      const message = `\`${path.written}\` is a file. For the task \`classify\`, \`dataset\` is the folder that holds \`train\` and \`val\` with a folder of pictures for each class.`;
      return [pathProblem(context, 'RECIPE028', path, message, isFolder)];
    }
    if (path.kind === 'folder') {
      const message = `\`${path.written}\` is a folder. For the task \`${task}\`, \`dataset\` is the dataset YAML (often \`data.yaml\` in that folder).`;
      const inside = context.files.list(path.absolute).filter((name) => isYaml(name, 'file'));
      const base = path.written.replace(/[\\/]+$/, '');
      const fixes = [...inside]
        .sort()
        .map((name) => pathFix(context, path.place, `${base}/${name}`, inside.length === 1));
      return [problemAt(context, 'RECIPE028', path.place, message, { fixes })];
    }
    if (/\.ya?ml$/i.test(path.written)) return [];
    const message = `\`${path.written}\` is no YAML file: the trainer takes only files that end in .yaml or .yml.`;
    return [pathProblem(context, 'RECIPE028', path, message, isYaml)];
  },
};
