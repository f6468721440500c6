import { boardKind, type BoardId } from '../../../../server/src/core/board/kinds';
import { recognizeModel } from '../../../../server/src/core/onnx/heads/recognize';
import type { Shape } from '../../../../server/src/core/onnx/model';
import { checkOutputs } from '../../../../server/src/core/onnx/outputs/check';
import type {
  ChoiceWarning,
  OutputChoice,
  OutputForm,
  OutputSet,
} from '../../../../server/src/core/onnx/outputs/choice';
import { chooseOutputs } from '../../../../server/src/core/onnx/outputs/choose';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import type { JobError } from '../../domain/jobs/job-record';

/** A set of outputs that the board decodes. */
export interface SuggestedSet {
  readonly form: OutputForm;
  /** `two-output form` */
  readonly title: string;
  /** Names as a recipe may hold them; null where the cut has to make a tensor, which only `auto` does. */
  readonly names: readonly string[] | null;
  /** One line a tensor: `name, boxes, 1×64×1470`. */
  readonly tensors: readonly string[];
  /** What choosing it means; empty for the recommended one. */
  readonly consequence: string;
}

/** A tensor of the graph that a person may choose as an output. */
export interface GraphTensor {
  readonly name: string;
  /** Operator that makes it. */
  readonly operator: string;
  /** `1×64×1470`; `?` for an open dimension; empty where it is not known. */
  readonly shape: string;
  /** It is an output of the model as it is. */
  readonly isOutput: boolean;
}

/** What can be chosen as the outputs of an ONNX model for a board. */
export interface OutputsLook {
  readonly board: string;
  /** `yolov8 detect, 3 classes, 320×224`; empty where no head is recognised. */
  readonly model: string;
  /** What the recognised head does; null where none is. */
  readonly task: OutputChoice['task'] | null;
  readonly recommended: SuggestedSet | null;
  readonly alternatives: readonly SuggestedSet[];
  readonly warnings: readonly ChoiceWarning[];
  /** Why nothing can be recommended; null where something is. */
  readonly refusal: JobError | null;
  /** Last ones of the graph first: outputs lie near the end. */
  readonly tensors: readonly GraphTensor[];
}

const FORM_TITLES: Readonly<Record<OutputForm, string>> = {
  'two-output': 'two-output form',
  'level-maps': 'level maps',
  'one-to-one': 'one-to-one maps',
  logits: 'logits',
  anchors: 'anchor maps',
};

/**
 * The outputs that are recommended for a board, what else it decodes, and every tensor of the graph.
 *
 * @throws AppError where the file is no readable ONNX model (`openOnnxFile`).
 */
export function lookAtOutputs(file: string, board: BoardId): OutputsLook {
  const { source, model } = openOnnxFile(file);
  try {
    const recognized = recognizeModel(model, source);
    const found = chosenOrRefused(() => chooseOutputs(model, source, board, recognized));
    const choice = 'refusal' in found ? null : found;
    const outputs = new Set(model.graph.outputs.map((output) => output.name));
    const tensors = model.graph.nodes
      .flatMap((node) => node.outputs.filter((name) => name !== '').map((name) => ({ name, operator: node.opType })))
      .map(({ name, operator }) => ({
        name,
        operator,
        shape: shapeText(recognized.shapes.of(name)),
        isOutput: outputs.has(name),
      }))
      .reverse();
    return {
      board: boardKind(board).title,
      model: choice === null ? '' : modelText(choice),
      task: recognized.head?.task ?? null,
      recommended: choice === null ? null : suggested(choice, ''),
      alternatives: choice?.alternatives.map((each) => suggested(each, each.consequence)) ?? [],
      warnings: choice?.warnings ?? [],
      refusal: 'refusal' in found ? found.refusal : null,
      tensors,
    };
  } finally {
    source.close();
  }
}

/** What a board makes of outputs that a person named. */
export interface OutputsVerdict {
  readonly verdict: 'decodes' | 'wrong' | 'unknown';
  /** Why it is `wrong`; else empty. */
  readonly message: string;
}

/**
 * Checks names against a file: they exist, and the board decodes them.
 *
 * @throws AppError `ONNX_OUTPUT_MISSING` with the nearest names, `ONNX_OUTPUT_REPEATED`, `ONNX_NO_OUTPUTS`, and those
 *   of `openOnnxFile`.
 */
export function judgeOutputNames(file: string, board: BoardId, names: readonly string[]): OutputsVerdict {
  const { source, model } = openOnnxFile(file);
  try {
    const { verdict, problem } = checkOutputs(model, source, names, board);
    return { verdict, message: problem?.message ?? '' };
  } finally {
    source.close();
  }
}

function chosenOrRefused(choose: () => OutputChoice): OutputChoice | { readonly refusal: JobError } {
  try {
    return choose();
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { refusal: { code: thrown.code, message: thrown.message, hint: thrown.hint } };
  }
}

function suggested({ form, outputs }: OutputSet, consequence: string): SuggestedSet {
  const rebuilt = outputs.some((output) => output.rebuild !== null);
  return {
    form,
    title: FORM_TITLES[form],
    names: rebuilt ? null : outputs.map((output) => output.name),
    tensors: outputs.map((output) => `${output.name}, ${output.role ?? 'not read'}, ${output.shape.join('×')}`),
    consequence,
  };
}

function modelText({ family, task, classes, inputSize }: OutputChoice): string {
  return `${family} ${task}, ${classes} class${classes === 1 ? '' : 'es'}, ${inputSize.width}×${inputSize.height}`;
}

function shapeText(shape: Shape | null): string {
  return shape === null ? '' : shape.map((dimension) => (typeof dimension === 'number' ? dimension : '?')).join('×');
}
