import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { acceptOutputs } from '../../../../server/src/core/board/accept/accept';
import type { DecodeRequest, ModelClass } from '../../../../server/src/core/board/accept/request';
import { selectScheme } from '../../../../server/src/core/board/accept/scheme';

interface RecordedRun {
  readonly exception?: { readonly what: string };
  readonly log?: readonly string[];
  readonly objects?: readonly unknown[];
}

interface RecordedCase {
  readonly id: string;
  readonly note: string;
  readonly class: ModelClass;
  readonly platform: 'maixcam' | 'maixcam2';
  readonly scheme: 1 | 2 | null;
  readonly mud_extra: Readonly<Record<string, string>>;
  readonly labels: readonly string[] | null;
  readonly input: { readonly width: number; readonly height: number; readonly layout: 'NCHW' | 'NHWC' };
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly load: { readonly error: string | null; readonly exception?: string; readonly log: readonly string[] };
  readonly runs: readonly RecordedRun[];
}

const { cases } = JSON.parse(gunzipSync(readFileSync('test/fixtures/decode/index.json.gz')).toString('utf8')) as {
  cases: readonly RecordedCase[];
};

/** Faults of MUD keys that the loader meets before it looks at the outputs; `type` is the one judged here. */
const keyFault = (one: RecordedCase): boolean =>
  one.load.exception === 'stof' ||
  (one.load.error === 'ERR_ARGS' && one.load.log.some((line) => /_type|input type|value error/.test(line)));

function requestOf(one: RecordedCase): DecodeRequest {
  return {
    board: one.platform,
    modelClass: one.class,
    type: one.mud_extra.type ?? null,
    labels: one.labels?.length ?? 0,
    input: one.input,
    outputs: one.outputs,
    ...(one.mud_extra.anchors === undefined ? {} : { anchorValues: one.mud_extra.anchors.split(',').length }),
  };
}

/** Cases that load and run, or whose result is undefined, and yet are wrong: what acceptance must find in them. */
const SILENT: Readonly<Record<string, string>> = {
  'err-s1-chw-fewer-labels': 'BOARD_LABEL_COUNT',
  'err-s1-chw-more-labels': 'BOARD_LABEL_COUNT',
  'err-s2-pose-fewer-labels': 'BOARD_LABEL_COUNT',
  'err-s2-pose-nhwc': 'BOARD_OUTPUT_SHAPE',
  'err-s1-chw-width-32-pose': 'BOARD_OUTPUT_MISSING',
  'err-s1-chw-width-32-obb': 'BOARD_OUTPUT_MISSING',
  'yolov5-5': 'BOARD_YOLOV5_ORDER',
  'yolov5-7': 'BOARD_YOLOV5_ORDER',
};

describe('board/accept against the recorded decoder', () => {
  it('has all recorded cases', () => assert.equal(cases.length, 122));

  const judged = cases.filter((one) => !keyFault(one));
  it('leaves only the faults of other MUD keys aside', () => assert.equal(judged.length, 111));

  for (const one of judged) {
    it(`${one.id}: loads or fails as recorded`, () => {
      const selection = selectScheme(requestOf(one));
      if (one.load.error === 'ERR_NONE') {
        assert.ok(selection.loaded, JSON.stringify(selection));
        const { scheme } = selection;
        // The recorded scheme of a deliberately wrong model is the one it was made for.
        if (scheme.kind === 'yolov8' && !one.id.startsWith('err-')) {
          assert.equal(scheme.scheme, one.scheme);
          assert.equal(scheme.layout, one.input.layout === 'NCHW' ? 'CHW' : 'HWC');
        }
      } else {
        assert.ok(!selection.loaded);
        assert.equal(selection.failure.code, one.load.error);
        assert.equal(selection.failure.exception, one.load.exception ?? null);
        if (selection.failure.code !== null) assert.deepEqual(selection.failure.log, one.load.log);
      }
    });

    it(`${one.id}: accepted exactly where the board decodes it`, () => {
      const acceptance = acceptOutputs(requestOf(one));
      const thrown = one.runs.find((run) => /tensor idx|post process/.test(run.exception?.what ?? ''));
      if (one.load.error !== 'ERR_NONE') {
        assert.ok(!acceptance.accepted && acceptance.problem.when === 'load');
      } else if (thrown !== undefined) {
        assert.ok(!acceptance.accepted && acceptance.problem.when === 'detect');
        assert.equal(acceptance.problem.exception, thrown.exception?.what);
        assert.deepEqual(acceptance.problem.log, thrown.log);
      } else if (SILENT[one.id] !== undefined) {
        assert.ok(!acceptance.accepted && acceptance.problem.when === 'silent');
        assert.equal(acceptance.problem.code, SILENT[one.id]);
      } else {
        assert.ok(acceptance.accepted, JSON.stringify(acceptance));
        assert.ok(!acceptance.roles.includes(null), acceptance.roles.join());
      }
    });
  }
});
