import { isMap, isScalar, parseAllDocuments, visit, type Document } from 'yaml';

/** More levels than anybody writes; the YAML library still reads them without trouble. */
const MAX_LEVELS = 200;

/**
 * The documents of a YAML text. `tooDeep`: the offset where it nests deeper than 200 levels; nothing is read then. The
 * library reads by recursion, and some thousand brackets in a row would end the process that asks it.
 */
export function parseYaml(
  text: string,
): { readonly documents: readonly Document.Parsed[]; readonly tooDeep: null } | { readonly tooDeep: number } {
  const tooDeep = tooDeepAt(text);
  if (tooDeep !== null) return { tooDeep };
  // `logLevel`: a key that is a group would print a warning on the terminal. `uniqueKeys`: the library compares each key
  // with all keys before it, which takes seconds for the classes of a large dataset; see `repeatedKeys`.
  const options = { keepSourceTokens: false, stringKeys: false, uniqueKeys: false, logLevel: 'error' } as const;
  const documents = parseAllDocuments(text, options);
  return { documents: Array.isArray(documents) ? (documents as Document.Parsed[]) : [], tooDeep: null };
}

/** Offsets of the keys that stood in the same group before, in the order of the text. */
export function repeatedKeys(document: Document): readonly number[] {
  const found: number[] = [];
  visit(document, {
    Map(_key, map) {
      if (!isMap(map)) return;
      const known = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value) && key.range) found.push(key.range[0]);
        known.add(key.value);
      }
    },
  });
  return found.sort((a, b) => a - b);
}

/**
 * Where a text nests deeper than 200 levels; null where it does not. For readers that call the library themselves.
 * Counts indented lines, dashes, open brackets and keys in a row; those in texts count too, which does no
 * harm.
 */
export function tooDeepAt(text: string): number | null {
  const indents: number[] = [];
  let brackets = 0;
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const lead = /^[ \t]*((?:[-?:][ \t]+)*)/.exec(line);
    const indent = (lead?.[0].length ?? 0) - (lead?.[1]?.length ?? 0);
    while ((indents.at(-1) ?? -1) >= indent) indents.pop();
    indents.push(indent);
    let inner = (lead?.[1] ?? '').replace(/[ \t]/g, '').length;
    if (indents.length + inner + brackets > MAX_LEVELS) return index;
    for (let at = lead?.[0].length ?? 0; at < line.length; at += 1) {
      const sign = line[at];
      if (sign === ':' && brackets === 0) inner += 1;
      else if (sign === '[' || sign === '{') brackets += 1;
      else if (sign === ']' || sign === '}') brackets = Math.max(0, brackets - 1);
      if (indents.length + inner + brackets > MAX_LEVELS) return index + at;
    }
  }
  return null;
}
