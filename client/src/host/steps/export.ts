import { stat } from 'node:fs/promises';
import path from 'node:path';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import type { StepPlan } from '../../domain/pipeline/steps';
import type { Step, StepOutcome } from '../pipeline/step';
import { programCommand, runPythonProgram } from '../python/program';
import { environmentVersion, toolEnvironment } from './environment';
import { BEST_WEIGHTS } from './train';

const PROGRAM = 'export.py';
export const EXPORTED = 'model.onnx';

/** Exports the best weights to ONNX, in the form that the boards decode (spec toolchain.md 3). */
export const exportStep: Step = {
  name: 'export',

  idle: (context) => (context.recipe.train === null ? 'the recipe starts from an ONNX file' : null),

  async plan(context): Promise<StepPlan> {
    return {
      step: 'export',
      needs: ['train'],
      inputs: [],
      recipe: { export: context.recipe.export },
      tool: await environmentVersion('train', context, [PROGRAM]),
      commands: [programCommand('train', PROGRAM)],
      outputs: [EXPORTED],
    };
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const { size, opset } = context.recipe.export;
    const environment = await toolEnvironment('train', context);
    context.progress.report({ step: 'export', fraction: null, message: 'exporting to ONNX', stage: 'exporting' });
    const out = path.join(work, EXPORTED);
    await runPythonProgram({
      environment,
      program: PROGRAM,
      config: {
        weights: path.join(context.paths.step('train'), BEST_WEIGHTS),
        height: size.height,
        width: size.width,
        opset,
        out,
      },
      cwd: work,
      env: context.env,
      signal: context.signal,
      logFile: context.logFile,
    });
    // Read back from the file: Ultralytics rounds sides up to a multiple of the stride.
    const { source, model } = openOnnxFile(out);
    source.close();
    const [, , height, width] = model.graph.inputs[0]?.shape ?? [];
    const { size: bytes } = await stat(out);
    return {
      summary: {
        text: `${String(width)}×${String(height)}, opset ${model.opset}, ${formatBytes(bytes)}`,
        input: { width, height },
        opset: model.opset,
        bytes,
      },
    };
  },
};
