import assert from 'node:assert/strict';
import type { StaleReason } from '../../client/src/domain/pipeline/stale';
import { STEP_NAMES } from '../../client/src/domain/pipeline/steps';
import { ENGLISH } from '../../client/src/domain/pipeline/words';
import { Uri } from '../support/vscode-stub/values';
import { pipelineWords } from '../../client/src/ui/pipeline/words';

/** One of each kind: the compiler knows when one is missing. */
const REASONS: { readonly [K in StaleReason['kind']]: Extract<StaleReason, { kind: K }> } = {
  'never-made': { kind: 'never-made' },
  recipe: { kind: 'recipe' },
  'environment-gone': { kind: 'environment-gone' },
  'tool-version': { kind: 'tool-version' },
  'command-lines': { kind: 'command-lines' },
  inputs: { kind: 'inputs' },
  input: { kind: 'input', name: 'data.yaml' },
  'step-remade': { kind: 'step-remade', step: 'train' },
  'step-stale': { kind: 'step-stale', step: 'check' },
  'output-gone': { kind: 'output-gone', name: 'model.onnx' },
  'output-changed': { kind: 'output-changed', name: 'model.onnx' },
  board: { kind: 'board' },
};

describe('words of the pipeline view', () => {
  const words = pipelineWords(Uri.file('/w/shapes.maixcam.yaml'));

  it('are in English those of the reports', () => {
    for (const step of STEP_NAMES) assert.equal(words.title(step), ENGLISH.title(step));
    for (const reason of Object.values(REASONS)) {
      assert.equal(words.outOfDate(reason), ENGLISH.outOfDate(reason));
      assert.equal(words.outOfDateDetail(reason, '3 MB'), ENGLISH.outOfDateDetail(reason, '3 MB'));
    }
    for (const kept of [true, false]) assert.equal(words.cancelledDetail(kept), ENGLISH.cancelledDetail(kept));
    for (const count of [1, 2]) assert.equal(words.classes(count), ENGLISH.classes(count));
    for (const key of ['neverMade', 'running', 'cancelled', 'runs', 'seeLog'] as const) {
      assert.equal(words[key], ENGLISH[key]);
    }
    assert.equal(words.waitsFor('Train'), ENGLISH.waitsFor('Train'));
    assert.deepEqual(words.lost, ENGLISH.lost);
  });

  it('speak of the editor where a step speaks of the terminal program', () => {
    const reason = 'no board chosen: give --host or set deploy.host';
    assert.equal(words.idle('push', reason).text, ENGLISH.idle('push', reason).text);
    assert.doesNotMatch(words.idle('push', reason).detail, /--host/);
  });
});
