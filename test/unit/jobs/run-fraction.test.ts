import assert from 'node:assert/strict';
import { runFraction } from '../../../client/src/domain/jobs/run-fraction';
import { STEP_NAMES, type StepName, type StepResult, type StepState } from '../../../client/src/domain/pipeline/steps';

function ended(name: StepName, state: StepState = 'done'): StepResult {
  return { name, state, seconds: 1, outputs: [], summary: { text: '' } };
}

function at(steps: readonly StepResult[], current: StepName | null, fraction: number | null, until?: StepName): number {
  const progress = current === null ? null : { step: current, fraction, message: '' };
  return runFraction({ steps, current, progress }, until);
}

describe('how far a run is', () => {
  it('begins at nothing, ends with everything, and never goes back', () => {
    const seen: number[] = [at([], null, null)];
    STEP_NAMES.forEach((name, index) => {
      const before = STEP_NAMES.slice(0, index).map((one) => ended(one));
      for (const fraction of [null, 0.5, 1]) seen.push(at(before, name, fraction));
    });
    seen.push(
      at(
        STEP_NAMES.map((name) => ended(name)),
        null,
        null,
      ),
    );
    assert.equal(seen[0], 0);
    assert.equal(seen.at(-1), 1);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
  });

  it('gives the bar to what is left to run', () => {
    const skipped = (['check', 'train', 'export', 'outputs', 'cut'] as const).map((name) => ended(name, 'skipped'));
    assert.equal(at(skipped, 'convert', 0), 0);
    assert.equal(at(skipped, 'convert', 0.5, 'convert'), 0.5);
    assert.equal(at([...skipped, ended('convert', 'skipped')], null, null, 'convert'), 1);
  });

  it('training is most of a whole run', () => {
    const done = at([ended('check')], 'train', 1);
    assert.ok(done > 0.5 && done < 0.8);
  });
});
