import type { AcceptProblem } from '../../board/accept/accept';
import { boardKind, type BoardId } from '../../board/kinds';
import type { ByteSource } from '../../ports';
import { AppError } from '../../problems/app-error';
import { suggestTensors } from '../cut/suggest';
import { GraphIndex } from '../heads/graph-index';
import { recognizeModel, type RecognizedModel } from '../heads/recognize';
import type { OnnxModel, Shape } from '../model';
import { judgeOutputs } from './choose';
import type { ChosenOutput } from './choice';

export interface CheckedOutput {
  readonly name: string;
  /** Null or with open dimensions where the graph does not say. */
  readonly shape: Shape | null;
  /** Null where the verdict is not `decodes`. */
  readonly role: ChosenOutput['role'];
  /** Pulsar2's `dst_perm`, where the board needs one to decode the set. */
  readonly permutation: readonly number[] | null;
}

/** By rank: no permutation, and all maps and rows turned to channels last (conversion.md 1.4, `dst_perm`). */
const KEEP: Readonly<Record<number, readonly number[]>> = {};
const TO_HWC: Readonly<Record<number, readonly number[]>> = { 3: [0, 2, 1], 4: [0, 2, 3, 1] };

/** What a board makes of outputs that a person chose. */
export interface OutputCheck {
  readonly outputs: readonly CheckedOutput[];
  /**
   * `decodes`: the board reads them right. `wrong`: it does not, see `problem`. `unknown`: the head is not known, or a
   * shape is open, so nobody can tell.
   */
  readonly verdict: 'decodes' | 'wrong' | 'unknown';
  readonly problem: AcceptProblem | null;
}

/**
 * Checks output names that a person chose: do they exist, what shape have they, would the board decode them?
 *
 * @throws AppError `ONNX_OUTPUT_MISSING` for a name that the graph does not have, with the nearest ones;
 *   `ONNX_OUTPUT_REPEATED`, `ONNX_NO_OUTPUTS`.
 */
export function checkOutputs(
  model: OnnxModel,
  source: ByteSource,
  names: readonly string[],
  board: BoardId,
  recognized: RecognizedModel = recognizeModel(model, source),
): OutputCheck {
  refuseNames(model, names);
  const { head, shapes, openInput } = recognized;
  const fixed = names.map((name) => (openInput ? null : shapes.fixed(name)));
  const plain = names.map((name) => ({
    name,
    shape: openInput ? null : shapes.of(name),
    role: null,
    permutation: null,
  }));
  if (head === null || openInput || fixed.includes(null)) return { outputs: plain, verdict: 'unknown', problem: null };
  const index = new GraphIndex(model.graph);
  let problem: AcceptProblem | null = null;
  for (const permutations of boardKind(board).mapLayout === 'HWC' ? [KEEP, TO_HWC] : [KEEP]) {
    const chosen = names.map((name, at): ChosenOutput => {
      const shape = fixed[at] ?? [];
      return { name, shape, role: null, rebuild: null, permutation: permutations[shape.length] ?? null };
    });
    const acceptance = judgeOutputs(index, head, board, chosen);
    if (acceptance.accepted) {
      const outputs = plain.map((output, at) => ({
        ...output,
        role: acceptance.roles[at] ?? null,
        permutation: chosen[at]?.permutation ?? null,
      }));
      return { outputs, verdict: 'decodes', problem: null };
    }
    problem ??= acceptance.problem;
  }
  return { outputs: plain, verdict: 'wrong', problem };
}

function refuseNames(model: OnnxModel, names: readonly string[]): void {
  if (names.length === 0) {
    throw new AppError({
      code: 'ONNX_NO_OUTPUTS',
      message: 'No output name was given.',
      hint: 'Name at least one tensor of the graph, or use `auto`.',
    });
  }
  const known = new Set(model.graph.nodes.flatMap((node) => node.outputs));
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) !== at) {
      throw new AppError({
        code: 'ONNX_OUTPUT_REPEATED',
        message: `The output ${name} is named twice.`,
        hint: 'Name each output once.',
      });
    }
    if (known.has(name)) continue;
    const near = suggestTensors(model.graph, name);
    throw new AppError({
      code: 'ONNX_OUTPUT_MISSING',
      message: `The graph has no tensor named ${name}.`,
      hint: near.length === 0 ? 'Look the names up with a graph viewer.' : `Did you mean ${near.join(', ')}?`,
    });
  }
}
