import type { LanguageDocument } from '../language/service';
import { fromText, toText, type ByteString } from './bytes';
import { resolveLabels, type FileProbe } from './labels';

/** Longest labels file that is looked at. */
const MAX_LABELS_FILE = 4_000_000;

export interface LabelList {
  readonly labels: readonly string[];
  readonly source: 'inline' | 'file';
}

/** What the board makes of a labels value; null where it throws (a name too long for its file system). */
export function labelList(document: LanguageDocument, value: string): LabelList | null {
  const result = resolveLabels(fromText(value), 'model.mud', besideProbe(document));
  return result.ok ? { labels: result.labels.map(toText), source: result.source } : null;
}

/** The files in the document's folder, in the terms of the board's label reader: its folder is `.`. */
function besideProbe({ files, path }: LanguageDocument): FileProbe {
  if (files === null) return { isFile: () => false, isFolder: (name) => name === './', read: () => new Uint8Array(0) };
  const place = (name: ByteString): string => files.resolve(path, toText(name));
  return {
    isFile: (name) => files.kind(place(name)) === 'file',
    isFolder: (name) => files.kind(place(name)) === 'folder',
    read: (name) => files.read(place(name), MAX_LABELS_FILE) ?? new Uint8Array(0),
  };
}
