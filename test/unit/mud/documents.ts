import path from 'node:path';
import type { LanguageDocument, LanguageFiles } from '../../../server/src/core/language/service';
import type { TextEdit } from '../../../server/src/core/problems/problem';
import { LineIndex } from '../../../server/src/core/text/line-index';

/** Names and contents of the files beside the MUD. */
export type Beside = Readonly<Record<string, string>>;

const FOLDER = '/models';

/** A folder in memory that holds the files, in the manner of a Linux disk. */
export function memoryFiles(beside: Beside): LanguageFiles {
  const files = new Map(Object.entries(beside).map(([name, content]) => [path.posix.join(FOLDER, name), content]));
  const folders = new Set([...files.keys()].map((name) => path.posix.dirname(name)).concat(FOLDER, '/'));
  return {
    kind: (name) => (files.has(name) ? 'file' : folders.has(name.replace(/(?<=.)\/$/, '')) ? 'folder' : 'absent'),
    list: (folder) =>
      [...files.keys()]
        .filter((name) => path.posix.dirname(name) === folder.replace(/(?<=.)\/$/, ''))
        .map((name) => path.posix.basename(name)),
    read: (name, limit) => {
      const content = files.get(name);
      return content === undefined ? null : new Uint8Array(Buffer.from(content, 'utf8').subarray(0, limit));
    },
    resolve: (document, written) => path.posix.resolve(path.posix.dirname(document), written),
  };
}

/** A MUD with these files beside it; with null nothing can be looked up. */
export function mudDocument(text: string, beside: Beside | null = {}, name = 'model.mud'): LanguageDocument {
  return { path: path.posix.join(FOLDER, name), text, files: beside === null ? null : memoryFiles(beside) };
}

/** The text after the edits; they may stand in any order and must not overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = new LineIndex(text);
  const sorted = edits
    .map(({ range, newText }) => ({ start: lines.offsetAt(range.start), end: lines.offsetAt(range.end), newText }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  return sorted.reduce((result, { start, end, newText }, index) => {
    const after = sorted[index - 1];
    if (after !== undefined && end > after.start) throw new Error('edits overlap');
    return result.slice(0, start) + newText + result.slice(end);
  }, text);
}
