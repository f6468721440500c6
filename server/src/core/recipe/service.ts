import type { CodeLens, CompletionItem } from 'vscode-languageserver-types';
import type { LanguageDocument, LanguageService } from '../language/service';
import type { Position, Problem } from '../problems/problem';
import { schemaAt } from '../schema/schema-node';
import { cursorOffset, yamlCursor } from '../schema/yaml-cursor';
import { yamlSymbols } from '../schema/yaml-symbols';
import { LineIndex } from '../text/line-index';
import { completeKeys } from './features/complete-keys';
import { completeValues } from './features/complete-values';
import { hover } from './features/hover';
import { recipeFileProblems } from './file-problems';
import { pathRules } from './paths';
import { examineRecipe } from './read';
import { recipeSchema } from './schema';

/** The language of recipes (`*.maixcam.yaml`); what it knows of keys comes from `schemas/recipe.schema.json`. */
export const recipeLanguage: LanguageService = {
  id: 'recipe',
  validate,
  validateFile: recipeFileProblems,
  complete,
  hover,
  symbols: ({ text }) => yamlSymbols(text),
  lenses,
};

function validate({ text, path, files }: LanguageDocument): readonly Problem[] {
  const { problems, context } = examineRecipe(text, path);
  if (files === null || context === null) return problems;
  const withFiles = { ...context, files, document: path };
  const found = [...problems, ...pathRules.flatMap((rule) => rule.check(withFiles))];
  return found.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function complete(document: LanguageDocument, at: Position): readonly CompletionItem[] {
  const { text } = document;
  const cursor = yamlCursor(text, cursorOffset(text, at));
  if (cursor.kind === 'comment') return [];
  const lines = new LineIndex(text);
  if (cursor.kind === 'value') return completeValues(document, lines, cursor);
  const group = schemaAt(recipeSchema, cursor.path);
  // A word below `outputs:` is its value, one below `train:` a key.
  const isGroup = group?.properties !== undefined || group?.['x-known'] !== undefined;
  return isGroup ? completeKeys(text, lines, cursor) : completeValues(document, lines, cursor);
}

function lenses({ text }: LanguageDocument): readonly CodeLens[] {
  if (text.trim() === '') return [];
  const start = { line: 0, character: 0 };
  const lens = (title: string, command: string): CodeLens => ({
    range: { start, end: start },
    command: { title, command },
  });
  return [lens('$(play) Run', 'maixcam.runPipeline'), lens('$(rocket) Push', 'maixcam.pushToBoard')];
}
