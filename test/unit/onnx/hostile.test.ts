import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BOARD_IDS } from '../../../server/src/core/board/kinds';
import { chooseOutputs } from '../../../server/src/core/onnx/outputs/choose';
import { readOnnx } from '../../../server/src/core/onnx/read';
import { bytesSource } from '../../../server/src/core/ports';
import { AppError } from '../../../server/src/core/problems/app-error';
import { onnxFixture } from '../../support/onnx-fixtures';

/** A result or a message for a person; anything else is a defect. */
function survives(bytes: Uint8Array): void {
  for (const board of BOARD_IDS) {
    try {
      const source = bytesSource(bytes);
      const choice = chooseOutputs(readOnnx(source), source, board);
      assert.ok(choice.outputs.length > 0);
    } catch (thrown) {
      assert.ok(thrown instanceof AppError, thrown instanceof Error ? thrown.stack : String(thrown));
      assert.notEqual(thrown.message, '');
      assert.notEqual(thrown.hint, '');
    }
  }
}

describe('onnx: damaged files', function () {
  this.timeout(60_000);
  // Graphs without large weights, so that changes hit the structure.
  const models = ['heads/yolov5-7.0-detect', 'heads/u8.4-yolo11-classify', 'heads/u8.4-yolo26-detect-one2one'].map(
    (name) => onnxFixture(name).bytes,
  );

  it('a truncated model gives a message, not a crash', () => {
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.double({ min: 0, max: 1, noNaN: true }), (bytes, part) => {
        survives(bytes.subarray(0, Math.floor(bytes.length * part)));
      }),
      { numRuns: 60 },
    );
  });

  it('changed bytes give a message or a result', () => {
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255));
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.array(change, { minLength: 1, maxLength: 40 }), (bytes, changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const [part, value] of changes) damaged[Math.floor((damaged.length - 1) * part)] = value;
        survives(damaged);
      }),
      { numRuns: 150 },
    );
  });

  it('any bytes at all give a message', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 300 });
  });
});
