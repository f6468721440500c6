import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startEmbeddedBoard, type EmbeddedBoard } from '../../client/src/host/board/embedded';
import { pushToBoard, type PushJob } from '../../client/src/host/board/push-to-board';
import type { Progress } from '../../client/src/host/process/progress';
import { loginTo, onBoard, sha256Of } from '../support/boards';
import { campaign, type Random } from '../support/campaign';
import { useTempFolder } from '../support/temp-folder';

const FOLDER = '/root/models/shapes';
const MODELS = ['shapes_npu.axmodel', 'shapes_vnpu.axmodel'];

/** Hash of every complete model file that a round ever offered. */
type Known = Set<string>;

describe('soak: push under faults', () => {
  const temp = useTempFolder();

  campaign('pushes under faults', 250, async ({ random }) => {
    const folder = mkdtempSync(path.join(temp.path, 'push '));
    const board = await startEmbeddedBoard({ kind: 'maixcam2' });
    try {
      return await pushes(board, folder, random);
    } finally {
      await board.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

/** Some pushes to a fresh board, each under one fault, then one without; gives how the last one under a fault ended. */
async function pushes(board: EmbeddedBoard, folder: string, random: Random): Promise<string> {
  const mud = path.join(folder, 'shapes.mud');
  const known: Known = new Set();
  if (random.chance(0.5)) {
    writeVersion(folder, known, random);
    await pushToBoard({ login: loginTo(board), mud });
  }
  let end = '';
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const bytes = writeVersion(folder, known, random);
    const fault = random.pick(['drop', 'command', 'cancel', 'flip', 'full'] as const);
    end = await pushWith(fault, bytes, board, mud, random);
    assert.match(end, /^(done|CANCELLED|BOARD_(LINK_LOST|HASH_MISMATCH|NO_SPACE|UNREACHABLE))$/, fault);
    for (const unused of Object.keys(board.faults)) Reflect.deleteProperty(board.faults, unused);
    if (end === 'done') checkComplete(board, folder);
    checkVisible(board, known, `${fault}: ${end}`);
  }
  await pushToBoard({ login: loginTo(board), mud });
  checkComplete(board, folder);
  return end;
}

/** One push with one fault at a drawn moment; gives `done` or the code of the refusal. */
function pushWith(
  fault: 'drop' | 'command' | 'cancel' | 'flip' | 'full',
  bytes: number,
  board: EmbeddedBoard,
  mud: string,
  random: Random,
): Promise<string> {
  const abort = new AbortController();
  const job: PushJob = { login: loginTo(board), mud, signal: abort.signal };
  if (fault === 'drop') board.faults.dropAfterUploadBytes = 1 + random.below(bytes + 2000);
  if (fault === 'command') {
    board.faults.dropAtCommand = { count: 1 + random.below(8), when: random.pick(['before', 'after']) };
  }
  if (fault === 'flip') board.faults.flipUploadedByte = random.below(bytes);
  const point = random.next();
  const progress: Progress = {
    report: ({ fraction }) => {
      if (fraction === null || fraction < point) return;
      if (fault === 'cancel') abort.abort();
      if (fault === 'full') board.faults.capacityBytes = 1;
    },
  };
  // Some are cancelled while the login still goes on.
  const timer =
    fault === 'cancel' && random.chance(0.3) ? setTimeout(() => abort.abort(), random.below(120)) : undefined;
  return pushToBoard({ ...job, progress })
    .then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    )
    .finally(() => clearTimeout(timer));
}

/** A new version of the model under the same names; now and then a file stays as it is. Gives the bytes together. */
function writeVersion(folder: string, known: Known, random: Random): number {
  let bytes = 0;
  for (const name of MODELS) {
    const file = path.join(folder, name);
    if (!existsSync(file) || random.chance(0.75)) {
      writeFileSync(file, Buffer.alloc(1 + random.below(400_000), random.bytes(64)));
    }
    known.add(sha256Of(file));
    bytes += statSync(file).size;
  }
  const mud = `[basic]\ntype = axmodel\nmodel_npu = ${MODELS[0] ?? ''}\nmodel_vnpu = ${MODELS[1] ?? ''}\n[extra]\nlabels = a, b${random.below(1000)}\n`;
  writeFileSync(path.join(folder, 'shapes.mud'), mud);
  return bytes;
}

/** A MUD that can be seen names only model files that are complete versions of themselves. */
function checkVisible(board: EmbeddedBoard, known: Known, when: string): void {
  const mud = onBoard(board, `${FOLDER}/shapes.mud`);
  if (!existsSync(mud)) return;
  assert.match(readFileSync(mud, 'utf8'), /labels = a, b\d+\n$/, when);
  for (const name of MODELS) {
    const file = onBoard(board, `${FOLDER}/${name}`);
    assert.ok(existsSync(file), `${when}: ${name} is missing`);
    assert.ok(known.has(sha256Of(file)), `${when}: ${name} is no complete file`);
  }
}

/** After a push that succeeded: exactly the local files, no part. */
function checkComplete(board: EmbeddedBoard, folder: string): void {
  const names = [...MODELS, 'shapes.mud'];
  assert.deepEqual(readdirSync(onBoard(board, FOLDER)).sort(), names.sort());
  for (const name of names)
    assert.equal(sha256Of(onBoard(board, `${FOLDER}/${name}`)), sha256Of(path.join(folder, name)));
}
