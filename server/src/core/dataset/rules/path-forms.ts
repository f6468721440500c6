import type { DatasetCode } from '../../problems/codes';
import type { Problem, Severity } from '../../problems/problem';
import { pathForm, type PathForm } from '../path-form';
import { SPLIT_KEYS } from '../places';
import type { DataValue, ScalarValue } from '../yaml-value';
import { problemAt, replaceFix, splitSeverity, yamlText, type DatasetContext, type DatasetRule } from './rule';

/** DATA011: `images/*.jpg`. */
export const globPath: DatasetRule = { code: 'DATA011', check: (context) => formProblems(context, 'DATA011', 'glob') };

/** DATA012: backslashes, drive letters, `~`. */
export const systemPath: DatasetRule = {
  code: 'DATA012',
  check: (context) => formProblems(context, 'DATA012', 'system'),
};

/** DATA013: blanks and quotes at the ends. */
export const edgedPath: DatasetRule = { code: 'DATA013', check: (context) => formProblems(context, 'DATA013', 'edge') };

/** A name that has such a character and exists is no mistake. */
function formProblems(context: DatasetContext, code: DatasetCode, kind: PathForm['kind']): Problem[] {
  const windows = context.places?.windows ?? /^[A-Za-z]:[\\/]/.test(context.path);
  const found = new Set(context.splitPaths.filter((path) => path.kind !== 'absent').map(({ value }) => value));
  const check = (value: ScalarValue, severity: Severity): Problem[] => {
    const form = pathForm(value.text, windows);
    if (form?.kind !== kind || found.has(value)) return [];
    const { better, message } = form;
    const fix = better === null ? null : replaceFix(context, `Write ${better}`, value, yamlText(better));
    return [problemAt(context, code, severity, value, `${message}.`, [fix])];
  };
  const rootFound = context.places?.exists(context.places.root.folder) === true;
  const path = context.value('path');
  return [
    ...(path !== undefined && !rootFound ? texts(path).flatMap((value) => check(value, 'error')) : []),
    ...[...SPLIT_KEYS, 'validation' as const].flatMap((key) => {
      const value = context.value(key);
      const severity = splitSeverity(key === 'validation' ? 'val' : key);
      return value === undefined ? [] : texts(value).flatMap((text) => check(text, severity));
    }),
  ];
}

function texts(value: DataValue): readonly ScalarValue[] {
  if (value.kind === 'scalar') return value.type === 'str' && value.value !== '' ? [value] : [];
  return value.kind === 'list' ? value.items.flatMap((item) => (item.kind === 'scalar' ? texts(item) : [])) : [];
}
