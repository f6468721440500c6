import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../../../../server/src/core/problems/app-error';
import type { PushPlan } from '../../domain/deploy/plan';
import { silentProgress, type Progress } from '../process/progress';
import type { BoardConnection } from './connection';
import { hashMismatch, linkLost, noSpace, pushCancelled, readOnly } from './errors';
import { commandFailed, freeSpace, identifyBoard, isReadOnly, makeFolders, remoteHashes } from './remote-files';
import { uploadFile } from './upload';

/** Spec board.md 3.4: size × 1.2 and a margin. */
const SPACE_FACTOR = 1.2;
const SPACE_MARGIN = 1 << 20;
/** A disk with less than this is full, however small the file was. */
const FULL_DISK = 64 * 1024;
const CLEAN_UP_MS = 10_000;

export interface PushRequest {
  readonly connection: BoardConnection;
  readonly plan: PushPlan;
  /** Folder of the MUD on this machine. */
  readonly folder: string;
  /** Look and compare, change nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress;
  /** Logs in again to clean up after the link was lost. Without it the next push cleans up. */
  readonly reconnect?: (signal: AbortSignal) => Promise<BoardConnection>;
}

export interface PushedFile {
  /** Path on this machine, starting with the request's folder. */
  readonly local: string;
  readonly remote: string;
  readonly bytes: number;
  readonly sha256: string;
  /** In a dry run: what would happen. */
  readonly action: 'sent' | 'unchanged';
}

export interface PushResult {
  readonly files: readonly PushedFile[];
  readonly seconds: number;
}

/**
 * Brings a model to a board so that the board never sees a MUD without its complete files (spec board.md 3.4): every
 * file goes to `.<name>.part` on the same file system, is hashed by the board, and only when all are right they are
 * renamed, models first, the MUD last. Files that are there already with the same SHA-256 are not sent.
 *
 * @throws AppError `PUSH_WRONG_BOARD`, `PUSH_MISSING_ON_BOARD`, `PUSH_FILE_CHANGED`, `BOARD_NO_SPACE`,
 *   `BOARD_READ_ONLY`, `BOARD_HASH_MISMATCH`, `BOARD_LINK_LOST`, `BOARD_COMMAND_FAILED`, `CANCELLED`
 */
export async function pushModel(request: PushRequest): Promise<PushResult> {
  const started = performance.now();
  const { connection, plan, signal, progress = silentProgress } = request;
  await refuseWrongBoard(connection, plan, signal);
  await refuseMissing(connection, plan, signal);

  progress.report({ step: 'push', fraction: null, message: 'comparing files', stage: 'comparing' });
  const local = await hashLocal(request);
  const there = await remoteHashes(
    connection,
    plan.files.map((file) => file.remote),
    signal,
  );
  const files = local.map((file): Outgoing => ({
    ...file,
    action: there.get(file.remote) === file.sha256 ? 'unchanged' : 'sent',
    part: partName(file.remote),
  }));
  if (request.dryRun !== true) {
    try {
      await send(request, files);
    } catch (thrown) {
      const failure = await explain(request, thrown, files);
      await cleanUp(
        request,
        files.map((file) => file.part),
      );
      throw failure;
    }
  }
  return {
    files: files.map(({ local: file, remote, bytes, sha256, action }) => ({
      local: file,
      remote,
      bytes,
      sha256,
      action,
    })),
    seconds: (performance.now() - started) / 1000,
  };
}

type Outgoing = PushedFile & { readonly part: string };

async function send(request: PushRequest, files: readonly Outgoing[]): Promise<void> {
  const { connection, plan, signal } = request;
  const outgoing = files.filter((file) => file.action === 'sent');
  // What an earlier push left behind takes space and is nobody's.
  await connection.run(['rm', '-f', ...files.map((file) => file.part)], signal);
  if (outgoing.length === 0) return;

  const bytes = outgoing.reduce((sum, file) => sum + file.bytes, 0);
  const needed = Math.ceil(bytes * SPACE_FACTOR) + SPACE_MARGIN;
  const available = await freeSpace(connection, plan.folder, signal);
  if (available < needed) throw noSpace(plan.folder, needed, available);
  await makeFolders(connection, [...new Set(outgoing.map((file) => path.posix.dirname(file.remote)))], signal);

  await upload(request, outgoing, bytes);
  await verify(connection, outgoing, signal);
  // Not cancelled any more. One command line: the board goes on with it when the link breaks in between, and stops at the first failure.
  const publish = await connection.runAll([
    ['sync'],
    ...outgoing.map((file) => ['mv', '-f', file.part, file.remote]),
    ['sync'],
  ]);
  if (publish.status !== 0) throw isReadOnly(publish) ? readOnly(plan.folder) : commandFailed('mv', publish);
}

async function upload(request: PushRequest, outgoing: readonly Outgoing[], total: number): Promise<void> {
  const { connection, signal, progress = silentProgress } = request;
  const sftp = await connection.sftp();
  let done = 0;
  for (const file of outgoing) {
    const name = path.basename(file.local);
    const onBytes = (bytes: number): void => {
      done += bytes;
      const message = `${name}, ${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
      progress.report({ step: 'push', fraction: done / Math.max(1, total), message, stage: name });
    };
    const sent = await uploadFile(sftp, file.local, file.part, { signal, onBytes, lost: connection.lost });
    if (sent.sha256 !== file.sha256) {
      throw new AppError({
        code: 'PUSH_FILE_CHANGED',
        message: `${name} changed while it was being sent.`,
        hint: 'Wait until the program that writes the file is done, then push again.',
      });
    }
  }
}

async function verify(connection: BoardConnection, outgoing: readonly Outgoing[], signal?: AbortSignal): Promise<void> {
  const arrived = await remoteHashes(
    connection,
    outgoing.map((file) => file.part),
    signal,
  );
  const wrong = outgoing.find((file) => arrived.get(file.part) !== file.sha256);
  if (wrong !== undefined) throw hashMismatch(wrong.remote);
}

async function hashLocal(request: PushRequest): Promise<Omit<PushedFile, 'action'>[]> {
  const hashed: Omit<PushedFile, 'action'>[] = [];
  for (const { local: inFolder, remote } of request.plan.files) {
    const local = path.join(request.folder, ...inFolder.split('/'));
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of createReadStream(local)) {
        if (request.signal?.aborted === true) throw pushCancelled();
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
    } catch (error) {
      throw error instanceof AppError ? error : unreadable(local, error);
    }
    hashed.push({ local, remote, bytes, sha256: hash.digest('hex') });
  }
  return hashed;
}

async function refuseWrongBoard(connection: BoardConnection, plan: PushPlan, signal?: AbortSignal): Promise<void> {
  const kind = await identifyBoard(connection, signal);
  if (kind !== null && plan.boards.includes(kind.id)) return;
  const wanted = plan.boards.join(' or ');
  throw new AppError({
    code: kind === null ? 'PUSH_NOT_A_BOARD' : 'PUSH_WRONG_BOARD',
    message:
      kind === null
        ? `${connection.address.host} is not a MaixCAM: /boot/board does not name one.`
        : `${connection.address.host} is a ${kind.title}, and this model is made for ${wanted}: it would not load.`,
    hint:
      kind === null
        ? 'Check the address; `ssh` shows what answers there.'
        : 'Convert the model for this board (`board` in the recipe), or give the address of the other board.',
  });
}

async function refuseMissing(connection: BoardConnection, plan: PushPlan, signal?: AbortSignal): Promise<void> {
  for (const file of plan.onBoard) {
    const { status } = await connection.run(['test', '-e', file], signal);
    if (status === 0) continue;
    throw new AppError({
      code: 'PUSH_MISSING_ON_BOARD',
      message: `The MUD names ${file}, and the board has no such file.`,
      hint: 'Put the file beside the MUD and write its bare name, so that it is pushed too.',
    });
  }
}

/** `<folder>/.<name>.part` (spec board.md 3.4): on the same file system, so that the rename is one step. */
function partName(remote: string): string {
  return `${path.posix.dirname(remote)}/.${path.posix.basename(remote)}.part`;
}

/** Best effort: the next push removes what this one cannot. */
async function cleanUp(request: PushRequest, parts: readonly string[]): Promise<void> {
  const signal = AbortSignal.timeout(CLEAN_UP_MS);
  let own: BoardConnection | undefined;
  try {
    if (request.connection.closed) own = await request.reconnect?.(signal);
    const connection = request.connection.closed ? own : request.connection;
    await connection?.run(['rm', '-f', ...parts], signal);
  } catch {
    // told by the failure that led here
  } finally {
    own?.close();
  }
}

/** Turns what went wrong into what a person can act on. Looks before cleaning up: a full disk is full now. */
async function explain(request: PushRequest, thrown: unknown, files: readonly Outgoing[]): Promise<unknown> {
  if (thrown instanceof AppError) return thrown;
  if (request.signal?.aborted === true) return pushCancelled();
  const { connection, plan } = request;
  const { code } = thrown as { code?: unknown };
  if (typeof code === 'string') return unreadable(messageOf(thrown), thrown);
  // Without an SFTP status there was no answer: the link is gone, or is about to be found gone.
  if (connection.closed || typeof code !== 'number') return linkLost(connection.address, thrown);
  // SFTP has one word, "Failure", for a full disk and for a read-only one: ask the board.
  const signal = AbortSignal.timeout(CLEAN_UP_MS);
  try {
    const probe = `${plan.folder}/.probe.part`;
    const attempt = await connection.runAll(
      [
        ['touch', probe],
        ['rm', '-f', probe],
      ],
      signal,
    );
    if (isReadOnly(attempt)) return readOnly(plan.folder);
    const largest = Math.max(FULL_DISK, ...files.filter((file) => file.action === 'sent').map((file) => file.bytes));
    const available = await freeSpace(connection, plan.folder, signal);
    if (available < largest) return noSpace(plan.folder, largest, available);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  return new AppError({
    code: 'BOARD_WRITE_FAILED',
    message: `The board could not write into ${plan.folder}: ${messageOf(thrown)}.`,
    hint: 'Check with `ls -ld` on the board that the folder can be written by this user.',
    cause: thrown,
  });
}

function unreadable(file: string, cause: unknown): AppError {
  return new AppError({
    code: 'PUSH_FILE_UNREADABLE',
    message: `A file of the model cannot be read: ${file}.`,
    hint: 'Check that the file is there and may be read, then push again.',
    cause,
  });
}
