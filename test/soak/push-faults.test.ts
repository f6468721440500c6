import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EmbeddedBoard } from '../../client/src/host/board/embedded';
import { pushToBoard, type PushJob } from '../../client/src/host/board/push-to-board';
import type { Progress } from '../../client/src/host/process/progress';
import { loginTo, onBoard, sha256Of, useBoards } from '../support/boards';
import { useTempFolder } from '../support/temp-folder';

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? (process.env.SOAK === 'full' ? 200 : 20));
const SEED = Number(process.env.SOAK_SEED ?? 20_261_123);
const FOLDER = '/root/models/shapes';
const MODELS = ['shapes_npu.axmodel', 'shapes_vnpu.axmodel'];

/** Small generator of numbers in [0, 1) that a seed repeats (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('push under random faults', () => {
  const boards = useBoards();
  const temp = useTempFolder();

  it(`keeps every visible MUD complete in ${ROUNDS} rounds (seed ${SEED})`, async function () {
    this.timeout(60_000 + ROUNDS * 5_000);
    const random = randomFrom(SEED);
    const below = (limit: number): number => Math.floor(random() * limit);
    const board = await boards({ kind: 'maixcam2' });
    /** How many pushes ended in which way under which fault. */
    const ended = new Map<string, number>();

    for (let round = 0; round < ROUNDS; round++) {
      const sizes = MODELS.map(() => 1 + below(400_000));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      writeVersion(temp.path, round, sizes, below);
      const login = loginTo(board);
      const abort = new AbortController();
      const kind = (['drop', 'command', 'cancel', 'flip', 'full'] as const)[below(5)];
      const job: PushJob = { login, mud: temp.file('shapes.mud'), signal: abort.signal };
      if (kind === 'drop') board.faults.dropAfterUploadBytes = 1 + below(total + 2000);
      if (kind === 'command') {
        board.faults.dropAtCommand = { count: 1 + below(8), when: random() < 0.5 ? 'before' : 'after' };
      }
      if (kind === 'flip') board.faults.flipUploadedByte = below(Math.max(...sizes));
      const point = random();
      const progress: Progress = {
        report: ({ fraction }) => {
          if (fraction === null || fraction < point) return;
          if (kind === 'cancel') abort.abort();
          if (kind === 'full') board.faults.capacityBytes = 1;
        },
      };
      if (kind === 'cancel' && point < 0.2) setTimeout(() => abort.abort(), below(120));

      const end = await pushToBoard({ ...job, progress }).then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
      ended.set(`${kind}: ${end}`, (ended.get(`${kind}: ${end}`) ?? 0) + 1);
      assert.match(
        end,
        /^(done|CANCELLED|BOARD_(LINK_LOST|HASH_MISMATCH|NO_SPACE|UNREACHABLE))$/,
        `round ${round} ${kind}`,
      );
      for (const fault of Object.keys(board.faults)) Reflect.deleteProperty(board.faults, fault);
      if (end === 'done') checkComplete(board, temp.path);
      checkVisible(board, `round ${round}, ${kind}, ${end}`);

      if (random() < 0.5 || round === ROUNDS - 1) {
        await pushToBoard({ login: loginTo(board), mud: temp.file('shapes.mud') });
        checkComplete(board, temp.path);
      }
    }
    console.log(
      [...ended]
        .sort()
        .map(([what, count]) => `      ${what}: ${count}`)
        .join('\n'),
    );
  });
});

/** A new version of the model under the same names; now and then a file stays as it is. */
function writeVersion(folder: string, round: number, sizes: readonly number[], below: (limit: number) => number): void {
  MODELS.forEach((name, index) => {
    const size = sizes[index] ?? 1;
    const file = path.join(folder, name);
    if (existsSync(file) && below(4) === 0) return;
    const block = createHash('sha512').update(`${round} ${name}`).digest();
    writeFileSync(file, Buffer.alloc(size, block));
  });
  const mud = `[basic]\ntype = axmodel\nmodel_npu = ${MODELS[0] ?? ''}\nmodel_vnpu = ${MODELS[1] ?? ''}\n[extra]\nlabels = a, b${round}\n`;
  writeFileSync(path.join(folder, 'shapes.mud'), mud);
  for (const name of MODELS) known.add(sha256Of(path.join(folder, name)));
}

/** SHA-256 of every complete model file that was ever written. */
const known = new Set<string>();

/** A MUD that can be seen names only model files that are complete versions of themselves. */
function checkVisible(board: EmbeddedBoard, when: string): void {
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
