import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ModelClass } from '../../../server/src/core/board/accept/request';
import { loadDecoder } from '../../../server/src/core/board/decode/load';
import type { DetectedObject, DeviceException, Fit } from '../../../server/src/core/board/decode/object';

interface RecordedObject {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly class_id: number;
  readonly score: number;
  readonly angle?: number;
  readonly points?: readonly number[];
  readonly obb_points?: readonly number[];
  readonly mask?: { readonly w: number; readonly h: number; readonly sum: number; readonly b64?: string };
}

interface RecordedRun {
  readonly image: readonly [number, number];
  readonly format: 'rgb' | 'bgr' | 'gray';
  readonly fit: Fit;
  readonly conf_th: number;
  readonly iou_th: number;
  readonly keypoint_th: number;
  readonly sort?: -1 | 0 | 1;
  readonly objects?: readonly RecordedObject[];
  readonly exception?: DeviceException;
  readonly log?: readonly string[];
}

interface RecordedCase {
  readonly id: string;
  readonly class: ModelClass;
  readonly platform: 'maixcam' | 'maixcam2';
  readonly mud_extra: Readonly<Record<string, string>>;
  readonly labels: readonly string[] | null;
  readonly input: { readonly width: number; readonly height: number };
  readonly tensors: string | null;
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly offset: number }[];
  readonly load: {
    readonly error: string | null;
    readonly exception?: string;
    readonly log: readonly string[];
    readonly labels?: readonly string[];
  };
  readonly runs: readonly RecordedRun[];
}

const FOLDER = 'test/fixtures/decode';
const unzip = (name: string): Buffer => gunzipSync(readFileSync(`${FOLDER}/${name}.gz`));
const { cases } = JSON.parse(unzip('index.json').toString('utf8')) as { cases: readonly RecordedCase[] };

function tensorsOf(item: RecordedCase): Float32Array[] {
  const file = item.tensors === null ? null : new Float32Array(new Uint8Array(unzip(item.tensors)).buffer);
  return item.outputs.map(({ shape, offset }) => {
    const length = shape.reduce((product, dim) => product * dim, 1);
    return file === null ? new Float32Array(length) : file.slice(offset, offset + length);
  });
}

/** Integers exactly; score and angle as floats; masks within a grey level. */
function assertSame(ours: DetectedObject, theirs: RecordedObject): void {
  const exact = ({ x, y, w, h, class_id, points, obb_points }: RecordedObject | DetectedObject): object => ({
    box: [x, y, w, h],
    class_id,
    points,
    obb_points,
  });
  assert.deepEqual(exact(ours), exact(theirs));
  assert.ok(Math.abs(ours.score - theirs.score) <= 1e-6, `score ${ours.score}, recorded ${theirs.score}`);
  assert.equal(ours.angle === undefined, theirs.angle === undefined);
  if (theirs.angle !== undefined) {
    assert.ok(Math.abs(ours.angle! - theirs.angle) <= 1e-6, `angle ${ours.angle}, recorded ${theirs.angle}`);
  }
  assert.equal(ours.mask === undefined, theirs.mask === undefined);
  if (theirs.mask !== undefined) assertSameMask(ours.mask!, theirs.mask);
}

function assertSameMask(ours: NonNullable<DetectedObject['mask']>, theirs: NonNullable<RecordedObject['mask']>): void {
  assert.deepEqual([ours.width, ours.height], [theirs.w, theirs.h]);
  const sum = ours.data.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum - theirs.sum) <= Math.max(4, ours.data.length * 0.002), `sum ${sum}, recorded ${theirs.sum}`);
  if (theirs.b64 === undefined) return;
  for (const [at, value] of Buffer.from(theirs.b64, 'base64').entries()) {
    assert.ok(Math.abs(ours.data[at]! - value) <= 1, `grey ${ours.data[at]} at ${at}, recorded ${value}`);
  }
}

describe('decode: recorded answers of the device’s decoders', () => {
  it('has the recorded cases', () => {
    assert.equal(cases.length, 122);
    assert.equal(
      cases.reduce((total, item) => total + item.runs.length, 0),
      304,
    );
  });

  for (const item of cases) {
    describe(item.id, () => {
      const loaded = loadDecoder({
        modelClass: item.class,
        board: item.platform,
        extra: new Map(Object.entries(item.mud_extra)),
        labels: item.labels,
        input: item.input,
        outputs: item.outputs,
      });

      it('loads or fails as recorded', () => {
        if (loaded.ok) {
          assert.equal(item.load.error, 'ERR_NONE');
          assert.deepEqual(loaded.log, item.load.log);
          if (item.load.labels !== undefined) assert.deepEqual(loaded.decoder.labels, item.load.labels);
        } else {
          assert.equal(loaded.failure.code, item.load.error);
          assert.equal(loaded.failure.exception, item.load.exception ?? null);
          assert.deepEqual(loaded.failure.log, item.load.log);
        }
      });

      for (const [index, run] of item.runs.entries()) {
        it(`run ${index}`, () => {
          assert.ok(loaded.ok);
          const result = loaded.decoder.detect(tensorsOf(item), {
            imageWidth: run.image[0],
            imageHeight: run.image[1],
            format: run.format,
            fit: run.fit,
            confidence: run.conf_th,
            iou: run.iou_th,
            keypoint: run.keypoint_th,
            ...(run.sort === undefined ? {} : { sort: run.sort }),
          });
          if (!result.ok) {
            assert.deepEqual(result.exception, run.exception);
            assert.deepEqual(result.log, run.log ?? []);
            return;
          }
          assert.ok(run.objects !== undefined, 'the device throws here');
          assert.equal(result.objects.length, run.objects.length);
          // In the recorded order, also where objects compare equal in the device's sort.
          for (const [at, ours] of result.objects.entries()) assertSame(ours, run.objects[at]!);
        });
      }
    });
  }
});
