import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { acceptOutputs } from '../../../../server/src/core/board/accept/accept';
import { boardKind } from '../../../../server/src/core/board/kinds';
import { readCvimodel } from '../../../../server/src/core/cvimodel/read';
import { readMud } from '../../../../server/src/core/mud/read';
import { writeMud } from '../../../../server/src/core/mud/write';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { safeModelName, type Recipe } from '../../../../server/src/core/recipe/model';
import { openFileSource } from '../../../../server/src/node/file-source';
import { probeMud } from '../../../../server/src/node/file-probe';
import { INPUT_MEAN, INPUT_SCALE } from '../../domain/convert/normalisation';
import type { StepPlan } from '../../domain/pipeline/steps';
import { OWN_VERSION } from '../../domain/pipeline/version';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import type { RecipePaths } from '../store/paths';
import { linkOrCopy } from '../store/files';
import { convertedModel } from './convert';
import { readCut } from './cut';
import { readOutputs, type OutputsRecord } from './outputs';
import { readDatasetListing } from './pictures';

/** Labels that cannot stand in the MUD get a file of their own. */
function labelsName(recipe: Recipe): string {
  return `${safeModelName(recipe.name)}.labels.txt`;
}

/** The published MUD; the folder around it holds everything that goes to the board. */
export function mudPath(paths: RecipePaths): string {
  return path.join(paths.step('mud'), `${safeModelName(paths.name)}.mud`);
}

/** Writes the MUD beside a copy of the model, and proves with the device's own rules that the board takes both. */
export const mudStep: Step = {
  name: 'mud',

  async plan(context): Promise<StepPlan> {
    const { recipe, paths } = context;
    const outputs = [path.basename(mudPath(paths)), path.basename(convertedModel(recipe, paths))];
    const labels = labelsOf(recipe, await readOutputs(context), (await readDatasetListing(context))?.names ?? null);
    return {
      step: 'mud',
      needs: ['outputs', 'cut', 'convert'],
      inputs: [],
      recipe: { board: recipe.board, labels },
      tool: OWN_VERSION,
      commands: [],
      outputs: needsLabelsFile(labels) ? [...outputs, labelsName(recipe)] : outputs,
    };
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const { recipe, paths } = context;
    const outputs = await readOutputs(context);
    if (outputs === null) throw new Error('the outputs were not published');
    if (outputs.decoder === null) {
      throw new AppError({
        code: 'MUD_NO_DECODER',
        message: 'No decoder of the board is known for this model, so nothing can be written into its MUD.',
        hint: 'Write the MUD by hand and decode the outputs in your own script with nn.NN.',
      });
    }
    const labels = labelsOf(recipe, outputs, (await readDatasetListing(context))?.names ?? null);
    const model = convertedModel(recipe, paths);
    const written = writeMud(
      {
        files: { type: 'cvimodel', model: path.basename(model) },
        modelType: outputs.decoder,
        ...(outputs.type === null ? {} : { task: outputs.type }),
        inputType: 'rgb',
        mean: INPUT_MEAN,
        scale: INPUT_SCALE,
        labels,
        ...(outputs.anchors === null ? {} : { anchors: outputs.anchors }),
      },
      labelsName(recipe),
    );
    const mud = path.join(work, path.basename(mudPath(paths)));
    await writeFile(mud, written.mud);
    if (written.labelsFile !== null) await writeFile(path.join(work, written.labelsFile.name), written.labelsFile.text);
    await linkOrCopy(model, path.join(work, path.basename(model)));
    await prove(context, mud, model, outputs, labels.length);
    return {
      summary: {
        text: `${outputs.decoder}${outputs.type === null ? '' : ` ${outputs.type}`}, ${labels.length} labels: the board can load and decode it`,
        labels,
        decoder: outputs.decoder,
        type: outputs.type,
      },
    };
  },
};

/** Labels of the recipe, else of the model's metadata, else of the dataset, else made up by number. */
function labelsOf(
  recipe: Recipe,
  outputs: OutputsRecord | null,
  datasetNames: readonly string[] | null,
): readonly string[] {
  const classes = outputs?.classes ?? null;
  const numbered = Array.from({ length: classes ?? 0 }, (_, index) => `class_${index}`);
  const labels = recipe.labels === 'auto' ? (outputs?.names ?? datasetNames ?? numbered) : recipe.labels;
  if (classes !== null && labels.length !== classes) {
    throw new AppError({
      code: 'LABEL_COUNT',
      message: `The model has ${classes} classes and there are ${labels.length} labels: the board would name objects wrongly or crash.`,
      hint: `Give ${classes} labels in the recipe, in class order, or set \`labels: auto\`.`,
    });
  }
  return labels;
}

function needsLabelsFile(labels: readonly string[]): boolean {
  if (labels.length === 0) return false;
  const probe = { type: 'cvimodel', model: 'm.cvimodel' } as const;
  const description = { files: probe, modelType: 'classifier', inputType: 'rgb', mean: [0], scale: [1] } as const;
  return writeMud({ ...description, labels }).labelsFile !== null;
}

/** What the device's loader and decoder make of the published pair. */
async function prove(
  context: StepContext,
  mud: string,
  model: string,
  outputs: OutputsRecord,
  labels: number,
): Promise<void> {
  const reading = readMud(mud, probeMud(mud));
  if (!reading.loads) {
    throw new AppError({
      code: 'MUD_INVALID',
      message: `The board would refuse the MUD: ${reading.error?.message ?? 'unknown reason'}.`,
      hint: 'Please report the recipe; this should not happen.',
    });
  }
  const cut = await readCut(context.paths);
  if (cut === null || outputs.decoder === null) return;
  const source = openFileSource(model);
  try {
    const acceptance = acceptOutputs({
      board: boardKind(context.recipe.board).id,
      modelClass: outputs.decoder,
      type: outputs.type,
      labels,
      input: cut.input,
      outputs: readCvimodel(source).outputs,
      ...(outputs.anchors === null ? {} : { anchorValues: outputs.anchors.length }),
    });
    if (acceptance.accepted) return;
    throw new AppError({
      code: acceptance.problem.code,
      message: `The board cannot decode the converted model: ${acceptance.problem.message}`,
      hint: 'Set `outputs: auto` in the recipe and run again; the converter changed the outputs.',
    });
  } finally {
    source.close();
  }
}
