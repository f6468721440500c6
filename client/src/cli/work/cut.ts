import path from 'node:path';
import { planCut, type CutPlan } from '../../../../server/src/core/onnx/cut/plan';
import type { CutOutput } from '../../../../server/src/core/onnx/cut/outputs';
import type { BoardId } from '../../../../server/src/core/board/kinds';
import { chooseOutputs } from '../../../../server/src/core/onnx/outputs/choose';
import { inferShapes } from '../../../../server/src/core/onnx/shapes/infer';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { openOnnxFile, type OnnxFile } from '../../../../server/src/node/onnx-file';
import { writeCut } from '../../../../server/src/node/write-cut';
import type { CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { formatShape } from '../table';

export interface CutOptions {
  readonly out: string;
  readonly outputs?: string;
  readonly board?: BoardId;
}

/** Plans the cut and writes it. */
export async function cutModel(context: CommandContext, file: string, options: CutOptions): Promise<CommandResult> {
  const onnx = openOnnxFile(path.resolve(context.cwd, file));
  let plan: CutPlan;
  try {
    plan = planCut(onnx.source, onnx.model, chosenOutputs(onnx, options), inferShapes(onnx.model, onnx.source));
  } finally {
    onnx.source.close();
  }
  const target = path.resolve(context.cwd, options.out);
  await writeCut(plan, onnx.source.path, target, {
    signal: context.signal,
    onProgress: (written) =>
      context.progress.report({ step: 'cut', fraction: written / plan.bytes, message: 'copying weights' }),
  });
  const outputs = plan.outputs.map(({ name, shape, type }) => ({ name, shape, type }));
  return {
    json: { out: options.out, nodes: plan.nodes, bytes: plan.bytes, outputs },
    text: describe(options.out, plan),
  };
}

function chosenOutputs(onnx: OnnxFile, options: CutOptions): readonly CutOutput[] {
  if (options.outputs !== undefined) return splitNames(options.outputs, onnx);
  if (options.board !== undefined) {
    return chooseOutputs(onnx.model, onnx.source, options.board).outputs.map(({ name, rebuild }) =>
      rebuild === null ? name : { name, ...rebuild },
    );
  }
  throw new AppError({
    code: 'USAGE',
    message: 'Which outputs the cut should have was not said.',
    hint: 'Name them with --outputs a,b or let them be chosen with --board maixcam, maixcam-pro or maixcam2.',
    kind: 'usage',
  });
}

/** Commas separate names, unless the text as a whole is a name in the model. */
function splitNames(text: string, onnx: OnnxFile): readonly string[] {
  if (onnx.model.graph.nodes.some((node) => node.outputs.includes(text))) return [text];
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function describe(out: string, plan: CutPlan): string {
  const lines = plan.outputs.map(({ name, shape, type }) => `  ${name}\n    ${type} ${formatShape(shape)}`);
  return [`${out}: ${plan.nodes} nodes, ${plan.bytes.toLocaleString('en')} bytes, outputs:`, ...lines].join('\n');
}
