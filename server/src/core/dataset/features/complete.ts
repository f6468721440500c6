import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver-types';
import type { LanguageDocument } from '../../language/service';
import type { Position } from '../../problems/problem';
import { cursorOffset, yamlCursor, type YamlCursor } from '../../schema/yaml-cursor';
import { LineIndex } from '../../text/line-index';
import { isPictureName } from '../pictures';
import { DatasetPlaces, SPLIT_KEYS, type TrainingPlace } from '../places';
import { yamlText } from '../rules/rule';
import { readDataset } from '../read';
import { datasetKeys, datasetSchema } from '../schema';

const PATH_KEYS: readonly string[] = ['path', ...SPLIT_KEYS, 'validation'];
const MOST_ITEMS = 300;

/** Keys at the top level; folders, lists and their parents behind `path` and the splits. */
export function datasetCompletions(document: LanguageDocument, at: Position, place: TrainingPlace): CompletionItem[] {
  const offset = cursorOffset(document.text, at);
  const cursor = yamlCursor(document.text, offset);
  const lines = new LineIndex(document.text);
  if (cursor.kind === 'key' && cursor.path.length === 0) return keyItems(cursor, lines);
  const [key, ...inner] = cursor.path;
  if (cursor.kind !== 'value' || inner.length > 1 || !PATH_KEYS.includes(String(key))) return [];
  return pathItems(document, cursor, String(key), lines, place);
}

function keyItems(cursor: YamlCursor, lines: LineIndex): CompletionItem[] {
  const range = lines.range(cursor.start, cursor.end);
  return datasetKeys
    .filter((key) => !cursor.siblings.includes(key))
    .map((key, order): CompletionItem => {
      const schema = datasetSchema.properties?.[key];
      return {
        label: key,
        kind: CompletionItemKind.Property,
        documentation: schema?.description ?? '',
        sortText: String(order).padStart(3, '0'),
        textEdit: { range, newText: cursor.separated ? key : `${key}: ` },
        insertTextFormat: InsertTextFormat.PlainText,
      };
    });
}

function pathItems(
  document: LanguageDocument,
  cursor: YamlCursor,
  key: string,
  lines: LineIndex,
  place: TrainingPlace,
): CompletionItem[] {
  if (document.files === null) return [];
  const places = readDataset(document, place)?.places ?? new DatasetPlaces(document.files, document.path, place, null);
  const base = key === 'path' ? places.cwd : places.root.folder;
  const written = cursor.prefix.slice(0, cursor.prefix.lastIndexOf('/') + 1);
  const folder = places.join(base, written === '' ? '.' : written);
  const range = lines.range(cursor.start, cursor.end);
  const gap = cursor.separated ? '' : ' ';
  return document.files
    .list(folder)
    .filter((name) => !name.startsWith('.') && !isPictureName(name))
    .slice(0, MOST_ITEMS)
    .flatMap((name): CompletionItem[] => {
      const isFolder = places.files.kind(`${folder}/${name}`) === 'folder';
      if (!isFolder && (key === 'path' || !/\.txt$/i.test(name))) return [];
      const path = `${written}${name}`;
      const newText = cursor.quote === '' ? yamlText(path) : `${cursor.quote}${path}${cursor.quote}`;
      return [
        {
          label: name,
          kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
          filterText: `${cursor.quote}${path}`,
          textEdit: { range, newText: `${gap}${newText}` },
        },
      ];
    });
}
