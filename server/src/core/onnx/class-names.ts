/**
 * Class names from the metadata entry `names` of an Ultralytics export: the Python text of a dict or list of strings,
 * e.g. `{0: 'circle', 1: "it's"}` (spec dataset-and-training.md 5.2). In class order; null where it is something else
 * or a class is missing.
 */
export function classNames(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const body = /^\s*[{[]([\s\S]*)[}\]]\s*$/.exec(text)?.[1];
  if (body === undefined) return null;
  const names: string[] = [];
  const entry = /\s*(?:(\d+)\s*:\s*)?(?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)")\s*(?:,|$)/y;
  let next = 0;
  while (entry.lastIndex < body.length) {
    const match = entry.exec(body);
    if (match === null) return null;
    const index = match[1] === undefined ? next : Number(match[1]);
    names[index] = unescapePython(match[2] ?? match[3] ?? '');
    next = index + 1;
    if (entry.lastIndex >= body.trimEnd().length) break;
  }
  return names.length > 0 && Object.keys(names).length === names.length ? names : null;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };

function unescapePython(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/gi,
    (whole, x?: string, u?: string, long?: string, single?: string) => {
      const code = x ?? u ?? long;
      if (code !== undefined) {
        const point = parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return ESCAPES[single ?? ''] ?? whole;
    },
  );
}
