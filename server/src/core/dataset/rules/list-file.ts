import { isPicturePath } from '../pictures';
import type { DatasetPlaces, SplitPath } from '../places';
import { problemAt, quoted, splitSeverity, type DatasetRule } from './rule';

/** How much of a list is looked at. */
const MOST_BYTES = 256 * 1024;
const MOST_LINES = 200;

/** DATA046: a text with one path a line; the trainer takes each line as it is, blanks included. */
export const listFile: DatasetRule = {
  code: 'DATA046',
  check(context) {
    const { places } = context;
    if (places === null) return [];
    return context.splitPaths.flatMap((path) => {
      if (path.kind !== 'file' || isPicturePath(path.path)) return [];
      const found = readList(places, path);
      if (found === null) return [];
      const severity = splitSeverity(path.split);
      const { bare, kept, missing, trimmed } = found;
      if (bare !== null) {
        const message = `Line ${bare.line} of the list is a file name without a folder, on which the trainer stops. Write \`./${bare.text.slice(0, 60)}\` for a picture beside the list.`;
        return [problemAt(context, 'DATA046', severity, path.value, message)];
      }
      if (kept === 0) {
        const message = `No line of the list ends like a picture${trimmed === null ? '' : ` (line ${trimmed} ends with a blank, which counts)`}: the trainer finds nothing and stops.`;
        // A list without a line is like a folder without a file.
        const code = found.empty ? 'DATA018' : 'DATA046';
        return [problemAt(context, code, severity, path.value, message)];
      }
      const [first] = missing;
      if (first === undefined) return [];
      const all = missing.length === kept;
      const message = `${all ? 'None' : `${missing.length}`} of the first ${kept} pictures of the list ${all ? 'exists' : 'do not exist'}: line ${first.line} leads to ${quoted(first.path)}. Lines that begin with \`./\` start at the list, others where the training starts.`;
      return [problemAt(context, 'DATA046', all ? severity : 'warning', path.value, message)];
    });
  },
};

interface ListReading {
  readonly bare: { readonly line: number; readonly text: string } | null;
  readonly empty: boolean;
  /** Lines that name a picture. */
  readonly kept: number;
  readonly missing: readonly { readonly line: number; readonly path: string }[];
  /** Line of a picture's name with blanks around it. */
  readonly trimmed: number | null;
}

function readList(places: DatasetPlaces, list: SplitPath): ListReading | null {
  const bytes = places.files.read(list.path, MOST_BYTES);
  if (bytes === null) return null;
  const text = new TextDecoder().decode(bytes);
  const lines = text.split(/\r\n|\r|\n/).slice(0, MOST_LINES);
  // The last line may be cut off.
  if (bytes.length === MOST_BYTES) lines.pop();
  const folder = places.join(list.path, '..');
  const named = lines.map((text, index) => ({ text, line: index + 1 })).filter(({ text }) => text !== '');
  const kept = named.filter(({ text }) => isPicturePath(text));
  const missing = kept.flatMap(({ text, line }) => {
    const path = text.startsWith('./') ? places.join(folder, text) : places.join(places.cwd, text);
    return places.exists(path) ? [] : [{ line, path }];
  });
  return {
    bare: kept.find(({ text }) => !/[\\/]/.test(text)) ?? null,
    empty: named.length === 0,
    kept: kept.length,
    missing,
    trimmed: named.find(({ text }) => !isPicturePath(text) && isPicturePath(text.trim()))?.line ?? null,
  };
}
