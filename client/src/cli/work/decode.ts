import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ModelClass } from '../../../../server/src/core/board/accept/request';
import type { Decoder } from '../../../../server/src/core/board/decode/decoder';
import { loadDecoder, type LoadResult } from '../../../../server/src/core/board/decode/load';
import type { DetectedObject, DetectResult, Fit } from '../../../../server/src/core/board/decode/object';
import { fromText, toText } from '../../../../server/src/core/mud/bytes';
import { splitInline } from '../../../../server/src/core/mud/labels';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { openFileSource, readFailure } from '../../../../server/src/node/file-source';
import type { CommandResult } from '../result';
import type { CommandContext } from '../runtime';

/** One detect call of an index file. */
interface SavedRun {
  readonly image: readonly [number, number];
  readonly format?: 'rgb' | 'bgr' | 'gray';
  readonly fit?: Fit | 'none';
  readonly conf_th?: number;
  readonly iou_th?: number;
  readonly keypoint_th?: number;
  readonly sort?: -1 | 0 | 1;
}

/** One model of an index file, with its saved output tensors. */
interface SavedCase {
  readonly id: string;
  readonly class: ModelClass;
  readonly platform: 'maixcam' | 'maixcam2';
  readonly mud_extra: Readonly<Record<string, string>>;
  readonly labels?: readonly string[] | null;
  readonly input: { readonly width: number; readonly height: number };
  /** Float32 file beside the index; null: all values are zero. */
  readonly tensors: string | null;
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly offset: number | null;
  }[];
  readonly runs: readonly SavedRun[];
}

/** Decodes every case of an index file. */
export function decodeSaved({ signal, progress }: CommandContext, index: string): CommandResult {
  const cases = readCases(index);
  const folder = path.dirname(index);
  const results = cases.map((item, at) => {
    if (signal.aborted) throw cancelled();
    progress.report({ step: 'decode', fraction: at / cases.length, message: item.id, stage: 'decoding' });
    return decodeCase(item, folder);
  });
  return { json: { cases: results.map(({ json }) => json) }, text: table(results) };
}

interface CaseResult {
  readonly json: {
    readonly id: string;
    readonly load: { readonly error: string | null; readonly exception?: string };
    readonly runs: readonly unknown[];
  };
  /** For a person: objects of each run, or how it fails. */
  readonly lines: readonly string[];
}

function decodeCase(item: SavedCase, folder: string): CaseResult {
  const loaded = loadDecoder({
    modelClass: item.class,
    board: item.platform,
    extra: new Map(Object.entries(item.mud_extra)),
    labels: labelsOf(item),
    input: item.input,
    outputs: item.outputs,
  });
  const load = loadEntry(loaded);
  if (!loaded.ok) {
    const why = loaded.failure.exception ?? loaded.failure.log.join(', ');
    return { json: { id: item.id, load, runs: [] }, lines: [`does not load: ${why.trim()}`] };
  }
  const tensors = readTensors(item, folder);
  const results = item.runs.map((saved) => detect(loaded.decoder, tensors, saved));
  return {
    json: { id: item.id, load, runs: results.map(runEntry) },
    lines: results.map((result) => (result.ok ? `${result.objects.length} objects` : result.exception.what.trim())),
  };
}

/** A run without a defined answer is one of its exceptions, so that the other runs are not lost. */
function detect(decoder: Decoder, tensors: readonly Float32Array[], saved: SavedRun): DetectResult {
  try {
    return decoder.detect(tensors, {
      imageWidth: saved.image[0],
      imageHeight: saved.image[1],
      ...(saved.format === undefined ? {} : { format: saved.format }),
      ...(saved.fit === undefined ? {} : { fit: saved.fit }),
      ...(saved.conf_th === undefined ? {} : { confidence: saved.conf_th }),
      ...(saved.iou_th === undefined ? {} : { iou: saved.iou_th }),
      ...(saved.keypoint_th === undefined ? {} : { keypoint: saved.keypoint_th }),
      ...(saved.sort === undefined ? {} : { sort: saved.sort }),
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'DECODE_UNDEFINED') throw thrown;
    return { ok: false, exception: { kind: 'undefined', code: thrown.code, what: thrown.message }, log: [] };
  }
}

function loadEntry(loaded: LoadResult): CaseResult['json']['load'] & { log: readonly string[] } {
  if (loaded.ok) return { error: 'ERR_NONE', log: loaded.log };
  const { code, exception, log } = loaded.failure;
  return { error: code, ...(exception === null ? {} : { exception }), log };
}

function runEntry(result: DetectResult): unknown {
  if (!result.ok) return { exception: result.exception, ...(result.log.length === 0 ? {} : { log: result.log }) };
  return { objects: result.objects.map(objectEntry) };
}

function objectEntry({ mask, ...object }: DetectedObject): unknown {
  if (mask === undefined) return object;
  const { width, height, data } = mask;
  const sum = data.reduce((total, value) => total + value, 0);
  return { ...object, mask: { w: width, h: height, sum, b64: Buffer.from(data).toString('base64') } };
}

/** The list says what the device made of the key; without it the key is read as an inline list. */
function labelsOf(item: SavedCase): readonly string[] | null {
  if (item.labels !== undefined) return item.labels;
  const value = item.mud_extra.labels;
  return value === undefined ? null : splitInline(fromText(value)).map(toText);
}

function readTensors(item: SavedCase, folder: string): readonly Float32Array[] {
  if (item.tensors === null) return item.outputs.map(({ shape }) => new Float32Array(elements(shape)));
  const file = path.join(folder, item.tensors);
  const source = openFileSource(file);
  try {
    return item.outputs.map(({ name, shape, offset }) => {
      const length = elements(shape);
      if (offset === null) return new Float32Array(length);
      const bytes = source.read(offset * 4, length * 4);
      if (bytes.length < length * 4) {
        throw new AppError({
          code: 'DECODE_TENSORS',
          message: `${file} ends before the last value of the output "${name}" of case ${item.id}.`,
          hint: 'Compare its size with the shapes and offsets in the index; values are float32, little endian.',
        });
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return Float32Array.from({ length }, (_, at) => view.getFloat32(4 * at, true));
    });
  } finally {
    source.close();
  }
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

function readCases(index: string): readonly SavedCase[] {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(index, 'utf8'));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw malformed(index, 'it is not JSON', thrown);
    throw readFailure(index, thrown);
  }
  const cases = (document as { cases?: unknown } | null)?.cases;
  if (!Array.isArray(cases)) throw malformed(index, 'it holds no list "cases"');
  for (const [at, item] of cases.entries()) checkCase(index, at, item);
  return cases as readonly SavedCase[];
}

/** Looks at what the decoding relies on, so that a wrong file gives a message and not a failure deep inside. */
function checkCase(index: string, at: number, item: unknown): void {
  const wrong = (what: string): AppError => malformed(index, `case ${at}: ${what}`);
  if (!isRecord(item)) throw wrong('it is not an object');
  if (typeof item.id !== 'string') throw wrong('"id" is no text');
  if (!['yolov5', 'yolov8', 'yolo11', 'yolo26'].includes(String(item.class)))
    throw wrong('"class" is no decoder class');
  if (item.platform !== 'maixcam' && item.platform !== 'maixcam2') throw wrong('"platform" is no board');
  if (!isRecord(item.mud_extra) || !Object.values(item.mud_extra).every((value) => typeof value === 'string')) {
    throw wrong('"mud_extra" does not map keys to texts');
  }
  if (!isRecord(item.input) || !isSide(item.input.width) || !isSide(item.input.height)) {
    throw wrong('"input" has no width and height');
  }
  if (item.tensors !== null && typeof item.tensors !== 'string') throw wrong('"tensors" names no file');
  if (!Array.isArray(item.outputs) || !item.outputs.every(isOutput)) throw wrong('"outputs" is malformed');
  if (!Array.isArray(item.runs) || !item.runs.every(isRun)) throw wrong('"runs" is malformed');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSide(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}

function isOutput(value: unknown): boolean {
  if (!isRecord(value) || typeof value.name !== 'string') return false;
  const offset = value.offset ?? 0;
  return Array.isArray(value.shape) && value.shape.every(isSide) && Number.isInteger(offset) && (offset as number) >= 0;
}

function isRun(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value.image) && value.image.length === 2 && value.image.every(isSide);
}

function malformed(index: string, why: string, cause?: unknown): AppError {
  return new AppError({
    code: 'DECODE_INDEX',
    message: `${index} is not an index of saved tensors: ${why}.`,
    hint: 'See "decode" in the documentation of the terminal program for the format.',
    cause,
  });
}

function cancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'Cancelled.',
    hint: 'Run the command again to decode all cases.',
    kind: 'cancelled',
  });
}

function table(results: readonly CaseResult[]): string {
  return results
    .map(({ json, lines }) => `${json.id}\n${lines.map((line, at) => `  run ${at}: ${line}`).join('\n')}`)
    .join('\n');
}
