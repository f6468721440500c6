import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { conversionFailure } from '../../../client/src/domain/convert/failures';
import type { ConversionCommand } from '../../../client/src/domain/convert/plan';
import { ConversionProgressReader, SimilarityReader } from '../../../client/src/domain/convert/progress';

const LOGS = 'test/fixtures/converter';
const STAGES: readonly (readonly [ConversionCommand['stage'], string])[] = [
  ['transform', 'transform.log'],
  ['calibrate', 'calib.log'],
  ['deploy', 'deploy.log'],
];

function lines(run: string, file: string): readonly string[] {
  return readFileSync(path.join(LOGS, run, file), 'utf8').split(/[\r\n]+/);
}

describe('conversion progress on recorded logs', () => {
  for (const run of ['yolov8-detect-2out', 'yolo11-classify', 'yolo11-obb-2out', 'yolo26-detect-6out']) {
    it(`moves forward through ${run}`, () => {
      const reader = new ConversionProgressReader();
      const fractions: number[] = [];
      const stages = new Set<string>();
      for (const [stage, file] of STAGES) {
        for (const line of lines(run, file)) {
          const state = reader.read(stage, line);
          if (state === null) continue;
          fractions.push(state.fraction);
          stages.add(state.stage);
        }
      }
      assert.ok(fractions.length > 20, `only ${fractions.length} reports`);
      assert.ok(
        fractions.every((fraction, index) => fraction <= 1 && fraction >= (fractions[index - 1] ?? 0)),
        'the fraction went back',
      );
      assert.ok((fractions.at(-1) ?? 0) >= 0.9);
      for (const stage of ['importing', 'calibrating', 'tuning thresholds', 'checking in the chip simulator']) {
        assert.ok(stages.has(stage), `${stage} was not seen`);
      }
    });
  }
});

describe('similarities of recorded logs', () => {
  it('reads both comparisons of a deployment', () => {
    const reader = new SimilarityReader();
    for (const line of lines('yolov8-detect-2out', 'deploy.log')) reader.read(line);
    const [quantised, simulated] = reader.reports;
    assert.equal(reader.reports.length, 2);
    assert.equal(quantised?.compared, 2);
    assert.equal(quantised.failed, 0);
    assert.ok(quantised.cosine > 0.9 && quantised.cosine < 1);
    assert.equal(simulated?.cosine, 0.9999975562095642);
  });
});

describe('causes of recorded failures', () => {
  function failure(
    run: string,
    stage: ConversionCommand['stage'],
    file: string,
    precision: 'int8' | 'bf16' = 'int8',
  ): ReturnType<typeof conversionFailure> {
    const all = lines(run, file);
    const similarity = new SimilarityReader();
    for (const line of all) similarity.read(line);
    return conversionFailure({
      stage,
      exitCode: 1,
      signal: null,
      tail: all.slice(-200).join('\n'),
      similarity: similarity.reports.at(-1) ?? null,
      tolerance: [0.9, 0.6],
      precision,
    });
  }

  it('names a wrong output', () => {
    const error = failure('bad-name', 'transform', 'transform.log');
    assert.equal(error.code, 'CONVERT_OUTPUT_NAME');
    assert.match(error.message, /\/model\.23\/Concat_9_output_0/);
  });

  it('explains a loss of precision with its numbers', () => {
    const error = failure('int8-tolerance-failure', 'deploy', 'deploy.log');
    assert.equal(error.code, 'CONVERT_QUANTISATION_LOSS');
    assert.match(error.message, /cosine 0\.872, Euclidean 0\.283, first at \/model\.22\/Sigmoid_output_0_Sigmoid/);
    assert.match(error.message, /INT8 changes the outputs too much/);
    assert.match(error.hint, /`precision: bf16`/);
  });

  it('does not offer BF16 where it was BF16 that lost the precision', () => {
    const error = failure('int8-tolerance-failure', 'deploy', 'deploy.log', 'bf16');
    assert.match(error.message, /BF16 changes the outputs too much/);
    assert.doesNotMatch(`${error.message} ${error.hint}`, /int8|precision: bf16|alibration/i);
  });

  it('tells a killed converter from a failed one', () => {
    const end = {
      stage: 'calibrate',
      exitCode: null,
      similarity: null,
      tolerance: [0.9, 0.6],
      precision: 'int8',
    } as const;
    assert.equal(conversionFailure({ ...end, signal: 'SIGKILL', tail: '' }).code, 'CONVERT_KILLED');
    const failed = conversionFailure({ ...end, exitCode: 1, signal: null, tail: 'a\nValueError: odd\nbye' });
    assert.equal(failed.code, 'CONVERT_FAILED');
    assert.match(failed.message, /ValueError: odd/);
  });

  it('recognises a full disk', () => {
    const tail = 'OSError: [Errno 28] No space left on device';
    const end = {
      stage: 'deploy',
      exitCode: 1,
      signal: null,
      similarity: null,
      tolerance: [0.9, 0.6],
      precision: 'int8',
    } as const;
    assert.equal(conversionFailure({ ...end, tail }).code, 'CONVERT_DISK_FULL');
  });
});
