import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createDecoder, type Decoder } from '../../../../server/src/core/board/decode/decoder';
import { boardKind } from '../../../../server/src/core/board/kinds';
import { readCvimodel } from '../../../../server/src/core/cvimodel/read';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { openFileSource } from '../../../../server/src/node/file-source';
import {
  comparisonFigures,
  comparisonText,
  judge,
  type ComparedPicture,
  type ComparisonFigures,
} from '../../domain/evaluate/comparison';
import type { FoundObject, MatchRule } from '../../domain/evaluate/match';
import type { StepPlan } from '../../domain/pipeline/steps';
import { OWN_VERSION } from '../../domain/pipeline/version';
import {
  choosePictures,
  DECODE_PROGRAM,
  decodePictures,
  preparePicture,
  type PreparedPicture,
} from '../compare/pictures';
import { drawContactSheet } from '../compare/sheet';
import { runOnnxModel, type PictureOutputs } from '../predict/onnx-model';
import { SIMULATE_PROGRAM, simulateCvimodel } from '../predict/simulator';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import { programCommand } from '../python/program';
import { convertedModel } from './convert';
import { readCut, type CutRecord } from './cut';
import { datasetInputs } from './dataset-inputs';
import { environmentVersion, toolEnvironment } from './environment';
import { readOutputs, type OutputsRecord } from './outputs';
import { readDatasetListing, type DatasetListing } from './pictures';

const REPORT_FILE = 'report.json';
const SHEET_FILE = 'contact-sheet.png';

/** Runs the ONNX and the converted model on validation pictures, both decoded as the board decodes. */
export const compareStep: Step = {
  name: 'compare',

  idle(context): string | null {
    if (context.recipe.dataset === null) return 'the recipe names no dataset with labels to compare with';
    if (context.recipe.task === 'classify') return 'classifiers are not compared yet';
    return null;
  },

  async plan(context): Promise<StepPlan> {
    const { recipe } = context;
    return {
      step: 'compare',
      needs: ['check', 'outputs', 'cut', 'convert', 'mud'],
      inputs: await datasetInputs(context),
      recipe: { compare: recipe.compare, task: recipe.task },
      tool: `${OWN_VERSION} ${await environmentVersion('convert', context, [DECODE_PROGRAM, SIMULATE_PROGRAM])}`,
      commands: [programCommand('convert', SIMULATE_PROGRAM)],
      outputs: [REPORT_FILE, SHEET_FILE],
    };
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const { recipe } = context;
    const environment = await toolEnvironment('convert', context);
    const [listing, cut, outputs] = await Promise.all([
      readDatasetListing(context),
      readCut(context.paths),
      readOutputs(context),
    ]);
    if (listing === null || cut === null || outputs === null) throw new Error('an earlier step was not published');
    const labels = labelsOfMud(context);
    const model = describeModel(context);
    const shape = [1, 3, cut.input.height, cut.input.width];
    const folder = await mkdtemp(path.join(os.tmpdir(), 'maixcam-compare-'));
    let pictures: readonly PreparedPicture[];
    let undecodable: number;
    let onnx: readonly PictureOutputs[];
    let converted: readonly PictureOutputs[];
    try {
      const run = { env: context.env, signal: context.signal, environment, logFile: context.logFile };
      ({ pictures, undecodable } = await prepare(context, listing, cut, folder, run));
      const inputs = pictures.map((picture) => picture.input);
      const total = pictures.length;
      onnx = await runOnnxModel(cut.file, shape, inputs, {
        ...run,
        onPicture: (done) => report(context, done, total, 0, 'running the ONNX model'),
      });
      converted = await simulateCvimodel(model, shape, inputs, folder, {
        ...run,
        onPicture: (done) => report(context, done, total, 0.5, 'simulating the chip'),
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }

    const decode = (tensors: OutputTensors): Decoder => boardDecoder(context, outputs, cut, labels, tensors);
    const onnxDecoder = decode(cut.outputs);
    const convertedDecoder = decode(model.tensors);
    const rule = matchRule(context);
    const compared = pictures.map((picture, index): ComparedPicture => {
      const { width, height } = picture.picture;
      const found = (decoder: Decoder, all: readonly PictureOutputs[]): readonly FoundObject[] =>
        detect(decoder, all[index] ?? [], width, height, recipe.compare.confidence);
      return {
        ...{ image: picture.image, width, height, truth: picture.truth },
        onnx: judge(picture.truth, found(onnxDecoder, onnx), rule),
        converted: judge(picture.truth, found(convertedDecoder, converted), rule),
      };
    });
    const figures = comparisonFigures(compared);
    const text = comparisonText(figures, recipe.convert.precision);
    await writeFile(path.join(work, REPORT_FILE), `${JSON.stringify({ figures, rule, labels, pictures: compared })}\n`);
    await writeFile(
      path.join(work, SHEET_FILE),
      await drawContactSheet(compared, new Map(pictures.map(({ image, picture }) => [image, picture])), {
        title: `${recipe.name}: what the board will see`,
        subtitle: `${boardKind(recipe.board).title}, ${cut.input.width}×${cut.input.height}, confidence ${recipe.compare.confidence}, IoU ${recipe.compare.iou}`,
        labels,
        precision: recipe.convert.precision,
        summary: summaryLines(figures, recipe.convert.precision),
      }),
    );
    const problem = notGoodEnough(figures, context);
    const left = undecodable === 0 ? '' : `, ${undecodable} pictures left out (not decodable)`;
    return { summary: { text: `${text}${left}`, figures, undecodable }, ...(problem === null ? {} : { problem }) };
  },
};

type OutputTensors = readonly { readonly name: string; readonly shape: readonly number[] }[];

function report(context: StepContext, done: number, total: number, from: number, stage: string): void {
  const message = `${stage}, picture ${done} of ${total}`;
  context.progress.report({ step: 'compare', fraction: from + (0.5 * done) / total, message, stage });
}

async function prepare(
  context: StepContext,
  listing: DatasetListing,
  cut: CutRecord,
  folder: string,
  run: Parameters<typeof decodePictures>[2],
): Promise<{ readonly pictures: readonly PreparedPicture[]; readonly undecodable: number }> {
  const { task, compare } = context.recipe;
  const form = task === 'classify' ? null : { task, keypoints: task === 'pose' ? listing.kptShape : null };
  const chosen = choosePictures(listing.splits.val, compare.pictures);
  const decoded = await decodePictures(chosen, folder, run);
  const pictures: PreparedPicture[] = [];
  for (const [index, source] of chosen.entries()) {
    context.signal.throwIfAborted();
    const picture = decoded[index] ?? null;
    if (picture !== null) pictures.push(await preparePicture(source, picture, cut.input, form));
  }
  if (pictures.length > 0) return { pictures, undecodable: chosen.length - pictures.length };
  throw new AppError({
    code: 'COMPARE_NO_PICTURES',
    message: `None of the ${chosen.length} validation pictures can be decoded, so nothing can be compared.`,
    hint: 'Save the validation pictures as PNG or JPEG.',
  });
}

function describeModel(context: StepContext): {
  readonly file: string;
  readonly input: string;
  readonly outputs: readonly string[];
  readonly tensors: OutputTensors;
} {
  const file = convertedModel(context.recipe, context.paths);
  const source = openFileSource(file);
  try {
    const { inputs, outputs } = readCvimodel(source);
    return { file, input: inputs[0]?.name ?? '', outputs: outputs.map(({ name }) => name), tensors: outputs };
  } finally {
    source.close();
  }
}

/** The labels that the published MUD carries. */
function labelsOfMud(context: StepContext): readonly string[] {
  return (context.stampOf('mud')?.summary.labels ?? []) as readonly string[];
}

function boardDecoder(
  context: StepContext,
  outputs: OutputsRecord,
  cut: CutRecord,
  labels: readonly string[],
  tensors: OutputTensors,
): Decoder {
  const { board } = context.recipe;
  const made = createDecoder(
    {
      modelClass: outputs.decoder ?? 'yolov8',
      type: outputs.type,
      labels,
      board,
      ...(outputs.anchors === null ? {} : { anchors: outputs.anchors }),
    },
    cut.input,
    tensors,
  );
  if (made.ok) return made.decoder;
  throw new AppError({
    code: 'COMPARE_UNDECODABLE',
    message: `The board could not decode the model: ${made.failure.exception ?? made.failure.log.join(' ')}`,
    hint: 'Set `outputs: auto` in the recipe and run again.',
  });
}

function detect(
  decoder: Decoder,
  tensors: PictureOutputs,
  imageWidth: number,
  imageHeight: number,
  confidence: number,
): readonly FoundObject[] {
  const result = decoder.detect(tensors, { imageWidth, imageHeight, confidence });
  if (!result.ok) {
    throw new AppError({
      code: 'COMPARE_DEVICE_EXCEPTION',
      message: `On one of the pictures the board's detect() would throw: ${result.exception.what.trim()}`,
      hint: 'Catch this exception in the script on the board; raise the confidence to compare without such objects.',
    });
  }
  return result.objects.map(({ x, y, w, h, class_id, score, points, obb_points }) => ({
    ...(obb_points === undefined ? { x, y, w, h } : uprightBox(obb_points)),
    classId: class_id,
    score,
    points: points ?? [],
  }));
}

/** Rotated boxes are compared by the upright boxes around them, on both sides. */
function uprightBox(corners: readonly number[]): { x: number; y: number; w: number; h: number } {
  const xs = corners.filter((_, index) => index % 2 === 0);
  const ys = corners.filter((_, index) => index % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
}

function matchRule(context: StepContext): MatchRule {
  const { task, compare } = context.recipe;
  return { iou: compare.iou, keypointDistance: task === 'pose' ? compare.keypointDistance : null };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function summaryLines(figures: ComparisonFigures, precision: string): readonly string[] {
  const { objects, pictures, onnx, converted } = figures;
  const line = (name: string, one: ComparisonFigures['onnx']): string =>
    `${name} finds ${one.matched} of ${objects} labelled objects (${percent(one.share)}), ${one.extra} without a label` +
    (one.meanIou === null ? '' : `, mean IoU ${one.meanIou.toFixed(2)}`);
  return [line('ONNX', onnx), line(precision.toUpperCase(), converted), `${pictures} validation pictures`];
}

/** More detections without a label than this share of the objects: boxes in piles, not a few unlabelled things. */
const MOST_EXTRA = 0.5;

function notGoodEnough(figures: ComparisonFigures, context: StepContext): AppError | null {
  const { minimum } = context.recipe.compare;
  const { objects, onnx, converted } = figures;
  if (objects === 0) {
    return new AppError({
      code: 'COMPARE_NO_OBJECTS',
      message: `The ${figures.pictures} compared validation pictures carry no labels, so nothing is proved.`,
      hint: 'Label the validation pictures, or compare more of them (`compare.pictures`).',
    });
  }
  if (onnx.share < minimum) {
    return new AppError({
      code: 'COMPARE_MODEL_WEAK',
      message: `The model itself finds ${percent(onnx.share)} of the labelled objects, less than the ${percent(minimum)} that the recipe asks for.`,
      hint: 'Train longer or with more pictures, or lower `compare.minimum` or `compare.confidence` in the recipe.',
    });
  }
  if (converted.share < minimum) {
    return new AppError({
      code: 'COMPARE_QUANTISATION_LOSS',
      message: `The converted model finds ${percent(converted.share)} of the labelled objects (ONNX: ${percent(onnx.share)}), less than the ${percent(minimum)} that the recipe asks for.`,
      hint: 'Use more or more typical calibration pictures, another calibration method, or `precision: bf16`.',
    });
  }
  const extra = Math.max(onnx.extra, converted.extra);
  if (minimum === 0 || extra <= MOST_EXTRA * objects) return null;
  return new AppError({
    code: 'COMPARE_EXTRA_OBJECTS',
    message: `${extra} detections have no label beside ${objects} labelled objects: the board would report things that are not there.`,
    hint: 'Raise `compare.confidence`, train longer, or complete the labels of the validation pictures.',
  });
}
