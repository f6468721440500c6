import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { planCut } from '../../../../server/src/core/onnx/cut/plan';
import { inferShapes } from '../../../../server/src/core/onnx/shapes/infer';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { safeModelName } from '../../../../server/src/core/recipe/model';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import { writeCut } from '../../../../server/src/node/write-cut';
import type { StepPlan } from '../../domain/pipeline/steps';
import { OWN_VERSION } from '../../domain/pipeline/version';
import { verifyCut } from '../engine/verify';
import type { Step, StepOutcome } from '../pipeline/step';
import type { RecipePaths } from '../store/paths';
import { onnxPath, readOutputs } from './outputs';

const CUT_FILE = 'cut.json';

/** What later steps need to know of the cut model. */
export interface CutRecord {
  /** Absolute path of the cut ONNX. */
  readonly file: string;
  readonly input: { readonly name: string; readonly width: number; readonly height: number };
  readonly outputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** Cuts the model at the chosen outputs, and proves that the cut computes the same. */
export const cutStep: Step = {
  name: 'cut',

  plan(context): Promise<StepPlan> {
    const { recipe } = context;
    return Promise.resolve({
      step: 'cut',
      needs: recipe.onnx === null ? ['export', 'outputs'] : ['outputs'],
      inputs: recipe.onnx === null ? [] : [{ path: onnxPath(context), by: 'content' }],
      recipe: null,
      tool: OWN_VERSION,
      commands: [],
      outputs: [`${safeModelName(recipe.name)}.onnx`, CUT_FILE],
    });
  },

  async run(context, plan, work): Promise<StepOutcome> {
    const chosen = await readOutputs(context);
    if (chosen === null) throw new Error('the outputs were not published');
    const [name = ''] = plan.outputs;
    const original = onnxPath(context);
    const target = path.join(work, name);
    const { source, model } = openOnnxFile(original);
    try {
      const cut = planCut(source, model, chosen.outputs, inferShapes(model, source));
      await writeCut(cut, original, target, { signal: context.signal });
      const [input] = cut.inputs;
      const [, , height, width] = input?.shape ?? [];
      if (input === undefined || typeof height !== 'number' || typeof width !== 'number') {
        throw new AppError({
          code: 'ONNX_DYNAMIC_SHAPE',
          message: 'The model leaves its input size open.',
          hint: 'Export it with a fixed size.',
        });
      }
      context.progress.report({
        step: 'cut',
        fraction: null,
        message: 'comparing with the original',
        stage: 'verifying',
      });
      const verification = await verifyCut(target, original, { env: context.env, signal: context.signal });
      if (!verification.identical) {
        const worst = verification.outputs.find((output) => !output.identical);
        throw new AppError({
          code: 'CUT_DIFFERS',
          message: `The cut model does not compute what the original computes (first at ${worst?.name ?? 'an output'}).`,
          hint: 'Choose other outputs; please report the model, this should not happen.',
        });
      }
      const record: Omit<CutRecord, 'file'> = {
        input: { name: input.name, width, height },
        outputs: verification.outputs.map((output) => ({ name: output.name, shape: output.shape })),
      };
      await writeFile(path.join(work, CUT_FILE), `${JSON.stringify(record, null, 2)}\n`);
      const before = (await stat(original)).size;
      return {
        summary: {
          text: `${model.graph.nodes.length} → ${cut.nodes} nodes, ${formatBytes(cut.bytes)} of ${formatBytes(before)}, equal bit for bit`,
          nodes: cut.nodes,
          bytes: cut.bytes,
          engine: verification.engine,
          outputs: verification.outputs,
        },
      };
    } finally {
      source.close();
    }
  },
};

/** The published cut; null before the step. */
export async function readCut(paths: RecipePaths): Promise<CutRecord | null> {
  try {
    const record = JSON.parse(await readFile(path.join(paths.step('cut'), CUT_FILE), 'utf8')) as Omit<
      CutRecord,
      'file'
    >;
    return { ...record, file: path.join(paths.step('cut'), `${safeModelName(paths.name)}.onnx`) };
  } catch {
    return null;
  }
}
