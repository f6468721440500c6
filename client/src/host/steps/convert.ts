import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { boardKind } from '../../../../server/src/core/board/kinds';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { safeModelName, type Recipe } from '../../../../server/src/core/recipe/model';
import { checkCvimodel } from '../../../../server/src/core/cvimodel/check';
import type { Cvimodel } from '../../../../server/src/core/cvimodel/model';
import { readCvimodel } from '../../../../server/src/core/cvimodel/read';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import { openFileSource } from '../../../../server/src/node/file-source';
import { chooseCalibrationPictures, FEWEST_CALIBRATION_PICTURES, kindOf } from '../../domain/convert/calibration';
import { conversionFailure } from '../../domain/convert/failures';
import { INPUT_MEAN, INPUT_SCALE } from '../../domain/convert/normalisation';
import {
  cvimodelCommands,
  cvimodelName,
  type ConversionCommand,
  type CvimodelConversion,
} from '../../domain/convert/plan';
import { ConversionProgressReader, SimilarityReader, type SimilarityReport } from '../../domain/convert/progress';
import type { StepInput, StepPlan } from '../../domain/pipeline/steps';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import { runProcess } from '../process/run';
import { environmentVariables, type PythonEnvironment } from '../python/variables';
import { linkOrCopy } from '../store/files';
import type { RecipePaths } from '../store/paths';
import { environmentVersion, requireEnvironmentFor, toolEnvironment } from './environment';
import { calibrationSource, picturesOf, requireCalibrationFolder } from './pictures';
import { readCut, type CutRecord } from './cut';

/** Folder of the calibration pictures inside the working folder. */
const CALIBRATION = 'calibration';

/** The quality figures of the converter's own comparisons, published with the model. */
const QUALITY_FILE = 'similarity.json';

/** ONNX → cvimodel with the three TPU-MLIR commands (spec conversion.md 1.3). */
export const convertStep: Step = {
  name: 'convert',

  async preflight(context): Promise<void> {
    await requireCalibrationFolder(context);
    // Only a training makes it late to learn that the converter is missing; everything else before it takes seconds.
    if (context.recipe.train !== null && boardKind(context.recipe.board).converter === 'tpu-mlir') {
      await requireEnvironmentFor('convert', 'convert', context);
    }
  },

  async plan(context): Promise<StepPlan> {
    const { recipe } = context;
    const kind = boardKind(recipe.board);
    if (kind.converter !== 'tpu-mlir') {
      throw new AppError({
        code: 'CONVERT_NEEDS_DOCKER',
        message: `${kind.title} models are made by Pulsar2, which runs in Docker and is not driven by this version yet.`,
        hint: 'Take the cut model (step "cut") through Pulsar2 by hand, or set `board: maixcam` in the recipe.',
        kind: 'missing-tool',
      });
    }
    const conversion = conversionOf(recipe, await readCut(context.paths), recipe.convert.calibration.pictures);
    const source = calibrationSource(context);
    const inputs: StepInput[] = source.folder === null ? [] : [{ path: source.folder, by: 'tree' }];
    return {
      step: 'convert',
      needs: source.folder === null ? ['check', 'cut'] : ['cut'],
      inputs,
      recipe: { board: recipe.board, convert: recipe.convert },
      tool: await environmentVersion('convert', context, []),
      commands: cvimodelCommands(conversion),
      outputs: [cvimodelName(conversion), QUALITY_FILE],
    };
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const environment = await toolEnvironment('convert', context);
    const cut = await readCut(context.paths);
    if (cut === null) throw new Error('the cut was not published');
    const pictures = await layOutPictures(context, work);
    const conversion: CvimodelConversion = {
      ...conversionOf(context.recipe, cut, pictures.length),
      testPicture: pictures[0] ?? '',
    };
    await linkOrCopy(cut.file, path.join(work, conversion.onnx));

    const progress = new ConversionProgressReader();
    const reports: SimilarityReport[] = [];
    for (const command of cvimodelCommands(conversion)) {
      reports.push(...(await runCommand(command, context, environment, work, conversion, progress)));
    }
    const model = path.join(work, cvimodelName(conversion));
    const found = readModel(model);
    await keepOnly(work, [cvimodelName(conversion), QUALITY_FILE], { reports, pictures: pictures.length });
    const { size } = await stat(model);
    const quantised = reports.at(-2) ?? null;
    const memory = `${formatBytes(found.memory.total)} of the chip's memory`;
    const similarity = quantised === null ? '' : `, cosine ${quantised.cosine.toFixed(3)}`;
    return {
      summary: {
        text: `${context.recipe.convert.precision.toUpperCase()}, ${Math.round(size / 1000)} kB, ${memory}${similarity}`,
        bytes: size,
        memoryBytes: found.memory.total,
        chip: found.chip,
        calibrationPictures: pictures.length,
        similarity: reports,
      },
    };
  },
};

/** Absolute path of the published model. */
export function convertedModel(recipe: Recipe, paths: RecipePaths): string {
  return path.join(paths.step('convert'), cvimodelName(conversionOf(recipe, null, 0)));
}

/** Exit status 0 proves nothing (spec toolchain.md 4): the file has to be a model that the board's runtime takes. */
function readModel(file: string): Cvimodel {
  const source = openFileSource(file);
  try {
    const model = readCvimodel(source);
    const problem = checkCvimodel(model).find(({ severity }) => severity === 'error');
    if (problem === undefined) return model;
    throw new AppError({
      code: problem.code,
      message: `The converter wrote a model that the board cannot use: ${problem.message}`,
      hint: 'The whole output of the converter is in the log of this run.',
    });
  } finally {
    source.close();
  }
}

function conversionOf(recipe: Recipe, cut: CutRecord | null, pictures: number): CvimodelConversion {
  const name = safeModelName(recipe.name);
  return {
    name,
    onnx: `${name}.onnx`,
    width: cut?.input.width ?? recipe.export.size.width,
    height: cut?.input.height ?? recipe.export.size.height,
    mean: INPUT_MEAN,
    scale: INPUT_SCALE,
    outputs: cut?.outputs.map((output) => output.name) ?? ['<outputs of the step "outputs">'],
    precision: recipe.convert.precision,
    calibrationFolder: CALIBRATION,
    calibrationPictures: pictures,
    calibrationMethod: METHOD[recipe.convert.method],
    testPicture: `${CALIBRATION}/0000.png`,
    tolerance: recipe.convert.tolerance,
  };
}

/** `--cali_method` of TPU-MLIR 1.30.2 (spec conversion.md 1.3); null: its own choice. */
const METHOD: Readonly<Record<Recipe['convert']['method'], string | null>> = {
  auto: null,
  kl: 'use_kl',
  mse: 'use_mse',
  max: 'use_max',
  percentile: 'use_percentile9999',
};

/**
 * Puts the chosen pictures into the working folder under plain names: the tools take a folder, the first pictures in
 * name order, and one kind only. Gives their paths relative to the working folder.
 */
async function layOutPictures(context: StepContext, work: string): Promise<readonly string[]> {
  const { pictures: count, seed } = context.recipe.convert.calibration;
  const candidates = await picturesOf(context);
  const chosen = chooseCalibrationPictures(candidates, count, seed);
  if (chosen.length === 0) {
    throw new AppError({
      code: 'CONVERT_NO_PICTURES',
      message:
        candidates.length === 0
          ? 'There are no pictures to calibrate with.'
          : `None of the ${candidates.length} pictures is a JPEG, PNG or BMP, which the converter needs.`,
      hint: 'Set `convert.calibration.folder` to a folder with at least 20 pictures of what the camera will see.',
    });
  }
  if (chosen.length < FEWEST_CALIBRATION_PICTURES) {
    context.progress.report({
      step: 'convert',
      fraction: null,
      message: `only ${chosen.length} calibration pictures; 20 or more are better`,
      stage: `only ${chosen.length} calibration pictures; 20 or more are better`,
    });
  }
  await mkdir(path.join(work, CALIBRATION));
  const names: string[] = [];
  for (const [index, picture] of chosen.entries()) {
    const name = `${CALIBRATION}/${String(index).padStart(4, '0')}.${kindOf(picture) ?? 'png'}`;
    await linkOrCopy(picture, path.join(work, name));
    names.push(name);
  }
  return names;
}

async function runCommand(
  command: ConversionCommand,
  context: StepContext,
  environment: PythonEnvironment,
  work: string,
  conversion: CvimodelConversion,
  progress: ConversionProgressReader,
): Promise<readonly SimilarityReport[]> {
  const similarity = new SimilarityReader();
  const result = await runProcess({
    command: command.program,
    args: command.args,
    cwd: work,
    env: environmentVariables(environment, context.env),
    signal: context.signal,
    logFile: context.logFile,
    onLine: ({ text }) => {
      similarity.read(text);
      const state = progress.read(command.stage, text);
      if (state !== null) context.progress.report({ step: 'convert', ...state });
    },
  });
  context.signal.throwIfAborted();
  const made = await stat(path.join(work, command.produces)).catch(() => null);
  if (result.exitCode === 0 && made !== null && made.size > 0) return similarity.reports;
  throw conversionFailure({
    stage: command.stage,
    exitCode: result.exitCode,
    signal: result.signal,
    tail: result.tail,
    similarity: similarity.reports.at(-1) ?? null,
    tolerance: conversion.tolerance,
    precision: conversion.precision,
  });
}

/** Leaves only what is published: intermediates are ten times as large as the model. */
async function keepOnly(work: string, names: readonly string[], quality: unknown): Promise<void> {
  for (const name of await readdir(work)) {
    if (!names.includes(name)) await rm(path.join(work, name), { recursive: true, force: true });
  }
  await writeFile(path.join(work, QUALITY_FILE), `${JSON.stringify(quality, null, 2)}\n`);
}
