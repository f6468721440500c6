import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { BoardId } from '../../server/src/core/board/kinds';
import type { CutOutput } from '../../server/src/core/onnx/cut/outputs';
import { planCut } from '../../server/src/core/onnx/cut/plan';
import { chooseOutputs } from '../../server/src/core/onnx/outputs/choose';
import { inferShapes } from '../../server/src/core/onnx/shapes/infer';
import { AppError } from '../../server/src/core/problems/app-error';
import { writeCut } from '../../server/src/node/write-cut';
import { onnxFixture, onnxFixtureNames, type OnnxFixture } from '../support/onnx-fixtures';
import { useTempFolder } from '../support/temp-folder';
import { trainPython } from '../support/train-python';

/** Null where the board cannot run the model: then there is nothing to cut. */
function chosen(fixture: OnnxFixture, board: BoardId): readonly CutOutput[] | null {
  try {
    return chooseOutputs(fixture.model, fixture.source, board).outputs.map(({ name, rebuild }) =>
      rebuild === null ? name : { name, ...rebuild },
    );
  } catch (thrown) {
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}

interface Answer {
  readonly outputs: Readonly<Record<string, boolean>>;
  readonly nodes: number;
}

describe('cuts, checked by the onnx and onnxruntime packages', function () {
  this.timeout(300_000);
  const temp = useTempFolder();

  for (const folder of ['heads', 'trained'] as const) {
    it(`${folder}: every form that a board takes is a valid model and computes the same bits`, async function () {
      const python = trainPython(this);
      const paths: string[] = [];
      const expected: { readonly cut: string; readonly nodes: number; readonly names: readonly string[] }[] = [];
      for (const name of onnxFixtureNames(folder)) {
        const fixture = onnxFixture(name);
        const original = temp.file(`${name.replace('/', '-')}.onnx`);
        writeFileSync(original, fixture.bytes);
        for (const board of ['maixcam', 'maixcam2'] as const) {
          const outputs = chosen(fixture, board);
          if (outputs === null) continue;
          const cut = original.replace(/\.onnx$/, `.${board}.onnx`);
          const plan = planCut(fixture.source, fixture.model, outputs, inferShapes(fixture.model, fixture.source));
          await writeCut(plan, original, cut);
          paths.push(cut, original);
          expected.push({ cut, nodes: plan.nodes, names: plan.outputs.map((output) => output.name) });
        }
      }
      const output = execFileSync(python, ['test/support/onnx-check.py', ...paths], { encoding: 'utf8' });
      const answers = output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer);
      assert.ok(expected.length >= 12, `only ${expected.length} cuts`);
      assert.equal(answers.length, expected.length);
      for (const [index, { cut, nodes, names }] of expected.entries()) {
        const all = Object.fromEntries(names.map((name) => [name, true]));
        assert.deepEqual(answers[index], { outputs: all, nodes }, cut);
      }
    });
  }
});
