import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import type { Position } from '../../problems/problem';
import { countPictures } from '../pictures';
import type { DatasetPlaces, SplitPath } from '../places';
import type { DatasetContext } from '../rules/rule';
import { datasetSchema } from '../schema';
import type { DataValue } from '../yaml-value';

/** What stands at a place: a key's meaning, a class's number, where a path really leads. */
export function datasetHover(context: DatasetContext, at: Position): Hover | null {
  const offset = context.lines.offsetAt(at);
  const inside = ({ start, end }: { start: number; end: number }): boolean => start <= offset && offset <= end;
  const tell = (place: { start: number; end: number }, text: string): Hover => ({
    contents: { kind: MarkupKind.Markdown, value: text },
    range: context.lines.range(place.start, place.end),
  });

  for (const { key, value, own } of context.top.entries) {
    if (!own) continue;
    if (inside(key)) {
      const description = meaning(key.text);
      return description === null ? null : tell(key, description);
    }
    if (!inside(value)) continue;
    const path = context.splitPaths.find((each) => inside(each.value));
    if (path !== undefined && context.places !== null) return tell(path.value, pathText(context.places, path));
    if (key.text === 'path' && context.places !== null && value.kind === 'scalar') {
      return tell(value, rootText(context.places));
    }
    return key.text === 'names' ? classHover(context, value, inside, tell) : null;
  }
  return null;
}

function classHover(
  context: DatasetContext,
  names: DataValue,
  inside: (place: DataValue) => boolean,
  tell: (place: DataValue, text: string) => Hover,
): Hover | null {
  const key = names.kind === 'map' ? names.entries.find((entry) => inside(entry.key)) : undefined;
  const found = context.classes?.find(({ value }) => inside(value) || value === key?.value);
  if (found === undefined || context.classes === null) return null;
  const total = context.classes.length === 1 ? 'the only class' : `one of ${context.classes.length} classes`;
  return tell(found.value, `Class **${found.index}**, ${total}: label rows of it begin with \`${found.index}\`.`);
}

function meaning(key: string): string | null {
  if (key === 'validation') return 'Old name of `val`.';
  return datasetSchema.properties?.[key]?.description ?? null;
}

function rootText({ root }: DatasetPlaces): string {
  const from = {
    yaml: 'the folder of this file',
    absolute: 'an absolute path',
    cwd: 'found from the folder where the training starts',
    datasets: "below Ultralytics' datasets folder",
  }[root.from];
  const tried = root.tried.length < 2 ? '' : `\n\nLooked for in this order:\n${list(root.tried)}`;
  return `Leads to ${code(root.folder)} (${from}).${tried}`;
}

function pathText(places: DatasetPlaces, path: SplitPath): string {
  const lines = [`Leads to ${code(path.path)}.`];
  if (path.repaired) lines.push('The trainer takes the leading `../` away, because nothing lies there.');
  if (path.kind === 'absent') lines.push('Nothing lies there.');
  else if (path.kind === 'file') lines.push('A text file with one path of a picture a line.');
  else {
    const { pictures, complete } = countPictures(places.files, path.path);
    const count = pictures === 1 ? '1 picture' : `${pictures.toLocaleString('en')} pictures`;
    lines.push(`${complete ? '' : 'At least '}${count} there, with the folders inside.`);
  }
  return lines.join('\n\n');
}

function list(paths: readonly string[]): string {
  return paths.map((path) => `- ${code(path)}`).join('\n');
}

/** A path is data: nothing in it may become markup. */
function code(path: string): string {
  const fence = '`'.repeat(Math.max(0, ...[...path.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return fence === '`' ? `\`${path}\`` : `${fence} ${path} ${fence}`;
}
