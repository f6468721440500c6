import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import type { LanguageDocument, LanguageFiles } from '../../language/service';
import type { Position } from '../../problems/problem';
import { knownAt, pathText, type ValuePath } from '../../schema/schema-node';
import { cursorOffset, yamlCursor } from '../../schema/yaml-cursor';
import { yamlOutline } from '../../schema/yaml-outline';
import { LineIndex } from '../../text/line-index';
import { isModelFile } from '../model';
import { recipeSchema } from '../schema';
import { asText, describeKey } from './describe';

/** What the key or value under the cursor means; of a path, what lies there. */
export function hover(document: LanguageDocument, at: Position): Hover | null {
  const { text } = document;
  const cursor = yamlCursor(text, cursorOffset(text, at));
  if (cursor.kind === 'comment' || cursor.start === cursor.end) return null;
  if (cursor.kind === 'key' && cursor.key === '') return null;
  const path = cursor.kind === 'key' ? [...cursor.path, cursor.key] : cursor.path;
  const schema = knownAt(recipeSchema, path);
  if (schema === null) return null;

  const parts = [describeKey(pathText(path), schema)];
  const written = valueText(text, path);
  if (schema['x-path'] !== undefined && document.files !== null && written !== null) {
    if (schema['x-path'] !== 'model' || isModelFile(written))
      parts.push(whatLies(document.files, document.path, written));
  }
  const meaning = schema['x-values']?.[written ?? asText(schema.default ?? '')];
  if (cursor.kind === 'value' && meaning !== undefined && written !== null)
    parts.splice(1, 0, `\`${written}\` here: ${meaning}`);
  return {
    contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n') },
    range: new LineIndex(text).range(cursor.start, cursor.end),
  };
}

/** The value on one line at a path, without quotes. */
function valueText(text: string, path: ValuePath): string | null {
  const wanted = JSON.stringify(path);
  const entry = yamlOutline(text).entries.find(
    ({ kind, path: own }) => kind === 'key' && JSON.stringify(own) === wanted,
  );
  if (entry === undefined || entry.valueStart === entry.valueEnd) return null;
  const written = text.slice(entry.valueStart, entry.valueEnd).replace(/^(["'])(.*)\1$/, '$2');
  return /[\r\n]/.test(written) ? null : written;
}

function whatLies(files: LanguageFiles, document: string, written: string): string {
  const path = files.resolve(document, written);
  const shown = `\`${path.replaceAll('`', '')}\``;
  switch (files.kind(path)) {
    case 'absent':
      return `Nothing lies at ${shown}.`;
    case 'file':
      return `File ${shown}`;
    case 'folder': {
      const pictures = files.list(path).filter((name) => /\.(?:jpe?g|png|bmp)$/i.test(name)).length;
      return `Folder ${shown}${pictures === 0 ? '' : `, ${pictures === 1 ? '1 picture' : `${pictures} pictures`} right in it`}`;
    }
  }
}
