import { BOARD_IDS, boardKind, type BoardId } from '../../../../server/src/core/board/kinds';
import { fromText, toTextOrNull, type ByteString } from '../../../../server/src/core/mud/bytes';
import type { MudItems } from '../../../../server/src/core/mud/read';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { fileKeys, type FileKey } from './file-keys';

export interface PlannedFile {
  /** Path relative to the MUD's folder on this machine, with `/`. */
  readonly local: string;
  /** Absolute path on the board. */
  readonly remote: string;
  readonly role: 'model' | 'labels' | 'data' | 'mud';
}

export interface PushPlan {
  /** Absolute folder on the board. */
  readonly folder: string;
  /** In the order of publishing: whatever a MUD names stands before it, the pushed MUD is the last. */
  readonly files: readonly PlannedFile[];
  /** Absolute paths that the MUD expects on the board already. */
  readonly onBoard: readonly string[];
  /** Kinds of board that can load the model's type. */
  readonly boards: readonly BoardId[];
}

export interface PlanRequest {
  /** Name of the MUD in its folder. */
  readonly mud: string;
  /** True for a regular file; the path is relative to the MUD's folder, with `/`. */
  readonly isFile: (local: string) => boolean;
  /** Files below a folder, as such paths, sorted; empty where there is no such folder. */
  readonly filesBelow: (local: string) => readonly string[];
  /** Absolute folder on the board to push into. */
  readonly folder: string;
  /** Sections of a MUD in that folder as the device reads them. @throws AppError where the device would not load it */
  readonly read: (mud: string) => MudItems;
}

/**
 * Which files have to be on a board for a MUD to load, and where (spec mud.md Appendix B). MUDs that a MUD names bring
 * their own files. Pure: no file is touched.
 *
 * @throws AppError `PUSH_FILE_MISSING`, `PUSH_PATH_OUTSIDE`, `PUSH_NAME_UNUSABLE`, `PUSH_TYPE_UNKNOWN`, `PUSH_FOLDER`
 */
export function planPush(request: PlanRequest): PushPlan {
  const folder = remoteFolder(request.folder);
  const planned = new Map<string, PlannedFile>();
  const onBoard = new Set<string>();
  const visiting = new Set<string>();

  const add = (local: string, role: PlannedFile['role']): void => {
    if (!planned.has(local)) planned.set(local, { local, remote: `${folder}/${local}`, role });
  };
  const visit = (mud: string): void => {
    // A MUD that names itself in a circle is published once.
    if (visiting.has(mud)) return;
    visiting.add(mud);
    for (const { value, key } of fileValues(request.read(mud))) {
      if (key.rule === 'absolute-or-beside' && value.startsWith('/')) {
        onBoard.add(absoluteOnBoard(value, key.key));
        continue;
      }
      const local = inside(parentOf(mud), value, key.key);
      if (key.rule === 'labels') {
        if (request.isFile(local)) add(local, 'labels');
        continue;
      }
      const found = request.isFile(local) ? [local] : request.filesBelow(local);
      if (found.length === 0) throw missing(mud, key.key, value);
      for (const file of found) {
        if (file.endsWith('.mud')) visit(file);
        else add(file, key.section === 'basic' ? 'model' : 'data');
      }
    }
    add(mud, 'mud');
  };

  visit(inside('', request.mud, 'MUD'));
  return {
    folder,
    files: [...planned.values()],
    onBoard: [...onBoard],
    boards: boardsFor(request.read(request.mud)),
  };
}

/** Folder on the board where a model lies that was given none: one of its own (spec board.md 3.1). */
export function defaultFolder(mud: string): string {
  const stem = mud.replace(/\.mud$/i, '');
  return `/root/models/${stem === '' ? 'model' : stem}`;
}

function* fileValues(items: MudItems): Generator<{ key: FileKey; value: string }> {
  const modelType = items.get('extra')?.get('model_type');
  for (const key of fileKeys(modelType)) {
    const raw = items.get(key.section)?.get(fromText(key.key));
    if (raw === undefined || raw === '') continue;
    if (key.rule === 'labels') {
      // Inline labels may be in any encoding.
      const name = toTextOrNull(raw);
      if (name !== null && canBeLabelsFile(name)) yield { key, value: name };
    } else {
      for (const value of expanded(text(raw, key.key), items)) yield { key, value };
    }
  }
}

/** Language models write one template for `model_num` layer files. */
function expanded(value: string, items: MudItems): string[] {
  const count = Number.parseInt(items.get('extra')?.get('model_num') ?? '', 10);
  if (!value.includes('%d') || !(count > 0 && count < 10_000)) return [value];
  return Array.from({ length: count }, (_, index) => value.replace('%d', String(index)));
}

/** A value with a comma or a blank is a list of labels (spec mud.md 3.1); the other conditions make it a usable name. */
function canBeLabelsFile(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const separators = /[\u0000-\u0020\u007f,\\]/;
  return !separators.test(name) && /[^./]/.test(name) && !name.startsWith('/') && !name.split('/').includes('..');
}

function text(raw: ByteString, key: string): string {
  const value = toTextOrNull(raw);
  if (value === null) throw unusable(key, 'it is not UTF-8 text');
  return value;
}

/** Joins a value to its MUD's folder; what would lead out of the pushed folder is refused (spec decisions.md 6). */
function inside(base: string, value: string, key: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(value)) {
    throw unusable(key, `"${value.replace(/[^\x20-\x7e]/g, '?')}" has a backslash or a control character`);
  }
  const parts = base === '' ? [] : base.split('/');
  for (const part of value.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw outside(key, value);
  }
  if (parts.length === 0) throw unusable(key, `"${value}" names no file`);
  return parts.join('/');
}

function absoluteOnBoard(value: string, key: string): string {
  return `/${inside('', value, key)}`;
}

function parentOf(local: string): string {
  const slash = local.lastIndexOf('/');
  return slash === -1 ? '' : local.slice(0, slash);
}

function remoteFolder(folder: string): string {
  const usable = folder.startsWith('/') && inside('', folder, '--folder') !== '';
  if (usable) return `/${inside('', folder, '--folder')}`;
  throw new AppError({
    code: 'PUSH_FOLDER',
    message: `"${folder}" is not an absolute folder on the board.`,
    hint: 'Give a folder such as /root/models/shapes.',
    kind: 'usage',
  });
}

function boardsFor(items: MudItems): BoardId[] {
  const type = items.get('basic')?.get('type') ?? '';
  const boards = BOARD_IDS.filter((id) => boardKind(id).modelFile === type);
  if (boards.length > 0) return boards;
  throw new AppError({
    code: 'PUSH_TYPE_UNKNOWN',
    message: `No board loads a MUD of the type "${toTextOrNull(type) ?? '?'}".`,
    hint: 'Write `type = cvimodel` for MaixCAM and MaixCAM-Pro, `type = axmodel` for MaixCAM2.',
  });
}

function missing(mud: string, key: string, value: string): AppError {
  return new AppError({
    code: 'PUSH_FILE_MISSING',
    message: `${mud} names "${value}" (key ${key}), and there is no such file beside it.`,
    hint: 'Put the file beside the MUD or correct the name: the board looks for it in the folder of the MUD.',
  });
}

function outside(key: string, value: string): AppError {
  return new AppError({
    code: 'PUSH_PATH_OUTSIDE',
    message: `The key ${key} names "${value}", which lies outside the folder that is pushed.`,
    hint: 'Put all files of the model into the folder of the MUD or below it.',
  });
}

function unusable(key: string, why: string): AppError {
  return new AppError({
    code: 'PUSH_NAME_UNUSABLE',
    message: `The value of the key ${key} cannot be used as a file name: ${why}.`,
    hint: 'Rename the file; ASCII letters, digits, "-", "_" and "." work everywhere.',
  });
}
