import path from 'node:path';
import { boardKind, type BoardId } from '../../../../server/src/core/board/kinds';
import { chooseOutputs } from '../../../../server/src/core/onnx/outputs/choose';
import type { ChosenOutput, OutputChoice, OutputForm } from '../../../../server/src/core/onnx/outputs/choice';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import type { CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { formatShape, formatTable } from '../table';

export interface OutputsOptions {
  readonly board: BoardId;
}

/** The outputs for a board, and what else is possible. */
export function proposeOutputs(context: CommandContext, file: string, options: OutputsOptions): CommandResult {
  const choice = choiceOf(path.resolve(context.cwd, file), options.board);
  return { json: documentOf(choice), text: describe(file, choice) };
}

function choiceOf(file: string, board: BoardId): OutputChoice {
  const { source, model } = openOnnxFile(file);
  try {
    return chooseOutputs(model, source, board);
  } finally {
    source.close();
  }
}

/** The document of cli.md: a public contract; fields are added, never renamed. */
function documentOf(choice: OutputChoice): unknown {
  const { family, task, form, outputs, rebuild, alternatives, warnings, ...rest } = choice;
  return { family, task, form, outputs, rebuild, alternatives, warnings, ...rest };
}

const FORM_TEXT: Readonly<Record<OutputForm, string>> = {
  'two-output': 'two-output form (decoded box distances and scores)',
  'level-maps': 'level maps (boxes and classes joined, one map per stride)',
  'one-to-one': 'one-to-one maps (boxes and classes per stride, no NMS)',
  logits: 'logits (before the softmax, which the board applies)',
  anchors: 'anchor maps (one per stride)',
};

function describe(file: string, choice: OutputChoice): string {
  const { width, height } = choice.inputSize;
  const classes = `${choice.classes} class${choice.classes === 1 ? '' : 'es'}`;
  const type = choice.type === null ? '' : `, type = ${choice.type}`;
  const rows = [
    ['Model', `${choice.family} ${choice.task}, ${classes}, ${width}×${height} (width×height)`],
    ['Board', boardKind(choice.board).title],
    ['Form', FORM_TEXT[choice.form]],
    ['MUD', `model_type = ${choice.decoder}${type}`],
    ...(choice.anchors === null ? [] : [['Anchors', choice.anchors.join(', ')]]),
  ];
  const lines = [file, formatTable(rows, 1), '', 'Outputs', ...choice.outputs.flatMap(outputLines)];
  for (const alternative of choice.alternatives) {
    lines.push('', formatTable([['Also possible:', `${FORM_TEXT[alternative.form]}. ${alternative.consequence}`]], 1));
    lines.push(...alternative.outputs.flatMap(outputLines));
  }
  for (const warning of choice.warnings) lines.push('', formatTable([['Warning:', warning.message]], 1));
  return lines.join('\n');
}

function outputLines(output: ChosenOutput): readonly string[] {
  const lines = [`  ${output.name}`, `    ${output.role ?? 'not read'}, ${formatShape(output.shape)}`];
  if (output.rebuild !== null) {
    lines.push(`    made by a Concat (axis ${output.rebuild.axis}) that the cut inserts, of`);
    lines.push(...output.rebuild.parts.map((part) => `      ${part}`));
  }
  return lines;
}
