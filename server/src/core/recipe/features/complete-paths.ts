import { CompletionItemKind } from 'vscode-languageserver-types';
import type { LanguageDocument, LanguageFiles } from '../../language/service';
import type { YamlCursor } from '../../schema/yaml-cursor';
import type { RecipeTask } from '../model';
import type { Choice } from './complete-values';

/** A folder may hold a hundred thousand pictures; a list that long helps nobody. */
const MOST_ENTRIES = 500;

/** Files that a key takes, by the schema's `x-path`; null: folders only. */
const FILES: Readonly<Record<string, RegExp | null>> = {
  dataset: /(?<!\.maixcam)\.ya?ml$/i,
  onnx: /\.onnx$/i,
  model: /(?:\.pt|(?<!\.maixcam)\.ya?ml)$/i,
  pictures: null,
};

/**
 * What lies in the folder that is written so far, as far as the key takes it; folders lead further. Nothing where the
 * document lies on no disk.
 */
export function pathChoices(
  { files, path: document }: LanguageDocument,
  cursor: YamlCursor,
  wants: string,
  task: RecipeTask,
): readonly Choice[] {
  if (files === null || !Object.hasOwn(FILES, wants)) return [];
  const wanted = wants === 'dataset' && task === 'classify' ? null : (FILES[wants] ?? null);
  const written = cursor.prefix.replaceAll('\\', '/');
  const base = written.slice(0, written.lastIndexOf('/') + 1);
  const typed = written.slice(base.length);
  const folder = files.resolve(document, base === '' ? '.' : base);
  const found = entries(files, folder, wanted, typed.startsWith('.'));
  return found.map(({ name, isFolder }): Choice => {
    // A key that takes folders is done with one; for others a folder only leads on.
    const leadsOn = isFolder && wanted !== null;
    return {
      value: `${base}${name}${leadsOn ? '/' : ''}`,
      label: isFolder ? `${name}/` : name,
      kind: isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
      ...(leadsOn ? { goesOn: true } : {}),
    };
  });
}

function entries(
  files: LanguageFiles,
  folder: string,
  wanted: RegExp | null,
  hidden: boolean,
): readonly { readonly name: string; readonly isFolder: boolean }[] {
  const found: { name: string; isFolder: boolean }[] = [];
  for (const name of [...files.list(folder)].sort()) {
    if (found.length >= MOST_ENTRIES) break;
    if (name.startsWith('.') && !hidden) continue;
    // A name that fits needs a look too: a folder may be called `a.onnx`.
    const fits = wanted?.test(name) === true;
    if (!fits && /\.(?:jpe?g|png|bmp|txt)$/i.test(name)) continue;
    const kind = files.kind(files.resolve(`${folder}/x`, name));
    if (kind === 'folder') found.push({ name, isFolder: true });
    else if (kind === 'file' && fits) found.push({ name, isFolder: false });
  }
  // Files that fit stand before folders.
  return [...found.filter(({ isFolder }) => !isFolder), ...found.filter(({ isFolder }) => isFolder)];
}
