import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DecoderType, ModelClass } from '../../../../server/src/core/board/accept/request';
import { classNames } from '../../../../server/src/core/onnx/class-names';
import type { CutOutput } from '../../../../server/src/core/onnx/cut/outputs';
import { recognizeModel } from '../../../../server/src/core/onnx/heads/recognize';
import { checkOutputs } from '../../../../server/src/core/onnx/outputs/check';
import { decoderTypeOf } from '../../../../server/src/core/onnx/outputs/candidates';
import type { ChoiceWarning } from '../../../../server/src/core/onnx/outputs/choice';
import { chooseOutputs } from '../../../../server/src/core/onnx/outputs/choose';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { openOnnxFile, type OnnxFile } from '../../../../server/src/node/onnx-file';
import { OWN_VERSION } from '../../domain/pipeline/version';
import type { StepPlan } from '../../domain/pipeline/steps';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import { EXPORTED } from './export';
import { requireFile } from './require-file';

const OUTPUTS_FILE = 'outputs.json';

/** What the later steps need to know of the chosen outputs. */
export interface OutputsRecord {
  /** In the order of the cut model. */
  readonly outputs: readonly CutOutput[];
  /** The device's class that decodes them; null for a head that is not known. */
  readonly decoder: ModelClass | null;
  readonly type: DecoderType | null;
  /** YOLOv5 only. */
  readonly anchors: readonly number[] | null;
  /** Number of classes of the head; null for a head that is not known. */
  readonly classes: number | null;
  /** Class names of the model's metadata. */
  readonly names: readonly string[] | null;
}

/** The ONNX that the recipe is about: exported by it, or given. */
export function onnxPath(context: Pick<StepContext, 'recipe' | 'paths'>): string {
  const { onnx } = context.recipe;
  return onnx === null ? path.join(context.paths.step('export'), EXPORTED) : context.paths.resolve(onnx);
}

/** Chooses the outputs by topology and shapes, or checks the ones that the recipe names. */
export const outputsStep: Step = {
  name: 'outputs',

  async preflight(context): Promise<void> {
    const { onnx } = context.recipe;
    if (onnx !== null) await requireFile(context.paths.resolve(onnx), '`onnx`');
  },

  plan(context): Promise<StepPlan> {
    const { recipe } = context;
    return Promise.resolve({
      step: 'outputs',
      needs: recipe.onnx === null ? ['export'] : [],
      inputs: recipe.onnx === null ? [] : [{ path: onnxPath(context), by: 'content' }],
      recipe: { board: recipe.board, outputs: recipe.outputs },
      tool: OWN_VERSION,
      commands: [],
      outputs: [OUTPUTS_FILE],
    });
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const file = openOnnxFile(onnxPath(context));
    try {
      const { board, outputs } = context.recipe;
      const found = outputs === 'auto' ? automatic(file, board) : byHand(file, board, outputs);
      await writeFile(path.join(work, OUTPUTS_FILE), `${JSON.stringify(found.record, null, 2)}\n`);
      return { summary: { text: found.text, warnings: found.warnings, ...found.record } };
    } finally {
      file.source.close();
    }
  },
};

interface Found {
  readonly record: OutputsRecord;
  readonly text: string;
  readonly warnings: readonly ChoiceWarning[];
}

function automatic(file: OnnxFile, board: StepContext['recipe']['board']): Found {
  const recognized = recognizeModel(file.model, file.source);
  const choice = chooseOutputs(file.model, file.source, board, recognized);
  const outputs = choice.outputs.map(({ name, rebuild }): CutOutput =>
    rebuild === null ? name : { name, axis: rebuild.axis, parts: rebuild.parts },
  );
  const roles = [...new Set(choice.outputs.map((output) => output.role ?? 'unused'))].join(' + ');
  const rebuilt = choice.rebuild ? ', rebuilt' : '';
  return {
    record: {
      outputs,
      decoder: choice.decoder,
      type: choice.type,
      anchors: choice.anchors,
      classes: choice.classes,
      names: classNames(file.model.metadata.names),
    },
    text: `${choice.family} ${choice.task}: ${outputs.length} tensors (${roles}), ${choice.form}${rebuilt}`,
    warnings: choice.warnings,
  };
}

function byHand(file: OnnxFile, board: StepContext['recipe']['board'], names: readonly string[]): Found {
  const recognized = recognizeModel(file.model, file.source);
  const check = checkOutputs(file.model, file.source, names, board, recognized);
  if (check.verdict === 'wrong') {
    throw new AppError({
      code: 'OUTPUTS_UNDECODABLE',
      message: `The board cannot use the outputs of the recipe: ${check.problem?.message ?? 'they do not fit its decoder.'}`,
      hint: 'Set `outputs: auto` in the recipe to let them be chosen from the graph.',
    });
  }
  const { head } = recognized;
  return {
    record: {
      outputs: names,
      decoder: head?.decoder ?? null,
      type: head === null ? null : decoderTypeOf(head),
      anchors: head?.kind === 'anchors' ? head.anchorSizes : null,
      classes: head?.classes ?? null,
      names: classNames(file.model.metadata.names),
    },
    text: `${names.length} tensors chosen by hand${check.verdict === 'unknown' ? ' (no known head: own decoding needed)' : ''}`,
    warnings: [],
  };
}

/** The published choice; null before the step. */
export async function readOutputs(context: Pick<StepContext, 'paths'>): Promise<OutputsRecord | null> {
  try {
    return JSON.parse(await readFile(path.join(context.paths.step('outputs'), OUTPUTS_FILE), 'utf8')) as OutputsRecord;
  } catch {
    return null;
  }
}
