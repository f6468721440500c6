import { boardKind } from '../board/kinds';
import type { ModelProblem } from '../problems/model-problem';
import type { Cvimodel } from './model';

const CHIP = 'cv181x';

/**
 * What is wrong with a cvimodel that could be read, for MaixCAM and MaixCAM-Pro.
 *
 * Sources: spec conversion.md 4.1, mud.md 2.4 and 6.1 (4), board.md 3.3.
 */
export function checkCvimodel(model: Cvimodel): readonly ModelProblem[] {
  const problems: ModelProblem[] = [];
  const error = (code: string, message: string, hint: string): void => {
    problems.push({ code, severity: 'error', message, hint });
  };
  const warning = (code: string, message: string, hint: string): void => {
    problems.push({ code, severity: 'warning', message, hint });
  };

  const { expected, actual } = model.bytes;
  if (actual < expected) {
    error(
      'CVIMODEL_TRUNCATED',
      `The file is incomplete: it has ${actual} of ${expected} bytes.`,
      'Copy it again and compare the sizes, or convert the model again.',
    );
  } else if (actual > expected) {
    error(
      'CVIMODEL_TRAILING_BYTES',
      `The file has ${actual - expected} bytes more than its description accounts for.`,
      'Copy it again and compare the sizes, or convert the model again.',
    );
  } else if (model.checksum === 'differs') {
    error(
      'CVIMODEL_CHECKSUM',
      'The content does not match the checksum in the header: some bytes have changed since the conversion. The board does not notice and would compute nonsense.',
      'Copy the file again, or convert the model again.',
    );
  }
  if (model.chip !== CHIP) {
    error(
      'CVIMODEL_CHIP',
      `The model was built for the chip "${model.chip}"; a MaixCAM has a ${CHIP} and refuses to run it.`,
      `Convert again with --processor ${CHIP}.`,
    );
  }
  const [input] = model.inputs;
  if (input === undefined || model.outputs.length === 0) {
    error(
      'CVIMODEL_NO_TENSORS',
      `The model has ${model.inputs.length} inputs and ${model.outputs.length} outputs; the board needs at least one of each.`,
      'Check the output names that the converter was given, and convert again.',
    );
  } else if (input.type !== 'int8' && input.type !== 'float32') {
    const fused = input.pixelFormat === '' ? '' : ` (preprocessing for ${input.pixelFormat} is fused into the model)`;
    error(
      'CVIMODEL_INPUT_TYPE',
      `The input "${input.name}" is ${input.type}${fused}; MaixPy loads models with int8 or float32 input only.`,
      'Convert again without --fuse_preprocess.',
    );
  }
  if (model.inputs.length > 1) {
    warning(
      'CVIMODEL_MANY_INPUTS',
      `The model has ${model.inputs.length} inputs; the board's picture functions take models with one.`,
      'Use it with nn.NN and tensors of your own, or export a model with one input.',
    );
  }
  for (const output of model.outputs) {
    if (output.type === 'float32') continue;
    error(
      'CVIMODEL_OUTPUT_TYPE',
      `The output "${output.name}" is ${output.type}; the board reads every output as float32 and would see nonsense.`,
      'Convert again without --quant_output.',
    );
  }
  if (model.sections.some((section) => section.encrypted)) {
    error(
      'CVIMODEL_ENCRYPTED',
      'A part of the model is encrypted; the board has no key for it.',
      'Use the file as the converter wrote it.',
    );
  }
  const limit = boardKind('maixcam').modelMemory;
  if (model.memory.total > limit) {
    error(
      'CVIMODEL_MEMORY',
      `The model needs ${megabytes(model.memory.total)} MB on the board, which has ${megabytes(limit)} MB for models and video together.`,
      'Use a smaller model or a smaller input size.',
    );
  }
  return problems;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
