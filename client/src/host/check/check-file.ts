import path from 'node:path';
import { boardKind, type BoardId } from '../../../../server/src/core/board/kinds';
import type { TrainingPlace } from '../../../../server/src/core/dataset/places';
import { isPicturePath } from '../../../../server/src/core/dataset/pictures';
import { looksLikeDataset } from '../../../../server/src/core/dataset/service';
import { languageById, languageIdFor } from '../../../../server/src/core/language/registry';
import type {
  FileProblem,
  LanguageFiles,
  LanguageId,
  LanguageService,
} from '../../../../server/src/core/language/service';
import { readMud, typeRefusal } from '../../../../server/src/core/mud/read';
import { chooseOutputs } from '../../../../server/src/core/onnx/outputs/choose';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { FileCode } from '../../../../server/src/core/problems/codes';
import type { Problem, Severity } from '../../../../server/src/core/problems/problem';
import { readRecipe } from '../../../../server/src/core/recipe/read';
import { shownText } from '../../../../server/src/core/text/file-form';
import { openFileSource } from '../../../../server/src/node/file-source';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import { MAX_TEXT_BYTES } from '../../../../server/src/node/replace-file';
import type { FoundFile } from './find-files';

export type FileKind = LanguageId | 'label' | 'image' | 'onnx' | 'other';

/** A file in the shape of cli.md: a public contract; fields are added, never renamed. */
export interface CheckedFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly problems: readonly CheckedProblem[];
}

export interface CheckedProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Problem['range'];
  readonly fixes: readonly { readonly title: string; readonly preferred: boolean }[];
}

export interface CheckPlace extends TrainingPlace {
  /** Absolute; paths of files start here. */
  readonly here: string;
  readonly files: LanguageFiles;
  readonly board: BoardId | null;
}

/** A text file that a language reads. */
export interface LanguageText {
  readonly language: LanguageService;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** A file with its problems; null where it is none of ours and nobody named it. Nothing throws: it becomes a problem. */
export function checkFile(file: FoundFile, place: CheckPlace): CheckedFile | null {
  const absolute = path.resolve(place.here, file.path);
  if (/\.onnx$/i.test(file.path))
    return { path: file.path, kind: 'onnx', problems: onnxProblems(absolute, place.board) };
  if (isPicturePath(file.path)) return { path: file.path, kind: 'image', problems: [] };
  if (/\.txt$/i.test(file.path) && path.dirname(absolute).split(path.sep).includes('labels')) {
    return { path: file.path, kind: 'label', problems: [] };
  }
  try {
    const opened = openLanguageText(absolute, file.named, place);
    if (opened === null) return file.named ? { path: file.path, kind: 'other', problems: [] } : null;
    const { language, bytes, text } = opened;
    const problems = [
      ...language.validateFile(bytes, absolute).map(bytesProblem),
      ...boardProblems(language.id, absolute, bytes, text, place.board),
      ...language.validate({ path: absolute, text, files: place.files }).map(textProblem),
    ];
    return { path: file.path, kind: language.id, problems };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const code: FileCode =
      thrown.code === 'FILE_NOT_FOUND' ? 'FILE001' : thrown.code === 'FILE_TOO_LARGE' ? 'FILE003' : 'FILE002';
    return { path: file.path, kind: kindByName(file.path), problems: [fileProblem(code, thrown)] };
  }
}

/**
 * Opens a file that one of the languages reads; null where none does.
 *
 * @throws AppError `FILE_TOO_LARGE` and those of `openFileSource`.
 */
export function openLanguageText(absolute: string, named: boolean, place: TrainingPlace): LanguageText | null {
  const source = openFileSource(absolute);
  try {
    if (source.size > MAX_TEXT_BYTES) {
      if (kindByName(absolute) === 'other') return null;
      throw new AppError({
        code: 'FILE_TOO_LARGE',
        message: `${path.basename(absolute)} is larger than 16 MB, too large for a text of this kind.`,
        hint: 'Check whether it is the file that you meant.',
      });
    }
    const bytes = source.read(0, source.size);
    const text = shownText(bytes);
    const id = languageIdFor(absolute, text) ?? (named && isNamedDataset(absolute, text) ? 'dataset' : null);
    return id === null ? null : { language: languageById(id, place), bytes, text };
  } finally {
    source.close();
  }
}

/** A file that a person names as a dataset although its content or its suffix does not show it. */
function isNamedDataset(absolute: string, text: string): boolean {
  if (/\.txt$/i.test(absolute)) return looksLikeDataset(text, absolute);
  const called = /^(?:.*[-_. ])?(?:data|dataset)\.ya?ml$/i.test(path.basename(absolute));
  return called && !/^[\w"'-]+[ \t]*:/m.test(text);
}

function kindByName(file: string): FileKind {
  if (/\.mud$/i.test(file)) return 'mud';
  if (/\.maixcam\.ya?ml$/i.test(file)) return 'recipe';
  return 'other';
}

function textProblem({ code, severity, message, range, fixes }: Problem): CheckedProblem {
  const shown = (fixes ?? []).map(({ title, preferred }) => ({ title, preferred }));
  return { code, severity, message, range, fixes: shown };
}

function bytesProblem({ code, severity, message, range, fix }: FileProblem): CheckedProblem {
  return { code, severity, message, range, fixes: fix === null ? [] : [{ title: fix.title, preferred: true }] };
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A problem of the whole file. */
export function fileProblem(
  code: FileCode,
  error: { readonly message: string; readonly hint: string },
): CheckedProblem {
  return { code, severity: 'error', message: `${error.message} ${error.hint}`, range: START, fixes: [] };
}

function onnxProblems(file: string, board: BoardId | null): CheckedProblem[] {
  try {
    const { source, model } = openOnnxFile(file);
    try {
      if (board !== null) chooseOutputs(model, source, board);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      return [fileProblem('ONNX003', thrown)];
    } finally {
      source.close();
    }
    return [];
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const unread = thrown.code.startsWith('FILE_');
    return [fileProblem(unread ? 'FILE002' : thrown.code === 'ONNX_TRUNCATED' ? 'ONNX002' : 'ONNX001', thrown)];
  }
}

/** With `--board`: a file that is made for another one. */
function boardProblems(
  id: LanguageId,
  file: string,
  bytes: Uint8Array,
  text: string,
  board: BoardId | null,
): CheckedProblem[] {
  if (board === null || id === 'dataset') return [];
  const { title } = boardKind(board);
  const key = id === 'mud' ? 'type' : 'board';
  const line = text.split(/\r\n|\r|\n/).findIndex((each) => new RegExp(`^\\s*${key}\\s*[:=]`).test(each));
  const at = { line: Math.max(0, line), character: 0 };
  const problem = (message: string): CheckedProblem[] => [
    { code: 'BOARD001' satisfies FileCode, severity: 'error', message, range: { start: at, end: at }, fixes: [] },
  ];
  if (id === 'recipe') {
    const made = readRecipe(text, file).recipe?.board ?? null;
    return made === null || made === board
      ? []
      : problem(`The recipe is for ${boardKind(made).title}, not for ${title}.`);
  }
  const reading = readMud(file, { kind: 'file', bytes });
  const type = reading.loads ? typeRefusal(reading.type, board === 'maixcam2' ? 'maixcam2' : 'maixcam') : null;
  return type === null ? [] : problem(`${title} does not load this model: ${type}.`);
}
