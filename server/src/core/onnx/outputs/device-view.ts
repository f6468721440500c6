import type { OutputTensor } from '../../board/accept/request';
import { boardKind, type BoardId } from '../../board/kinds';
import type { GraphIndex } from '../heads/graph-index';
import type { ChosenOutput } from './choice';

/**
 * The outputs as the converted model will show them to the board. TPU-MLIR appends the operator (and `_f32`) to a name
 * and pads every shape to four dimensions (toolchain.md 7; recorded cvimodels); Pulsar2 keeps names and permutes what
 * it is told to.
 */
export function deviceView(
  board: BoardId,
  index: GraphIndex,
  outputs: readonly Pick<ChosenOutput, 'name' | 'shape' | 'rebuild' | 'permutation'>[],
): readonly OutputTensor[] {
  if (boardKind(board).converter === 'pulsar2') {
    return outputs.map(({ name, shape, permutation }) => ({
      name,
      shape: permutation === null ? shape : permutation.map((axis) => shape[axis] ?? 1),
    }));
  }
  return outputs.map(({ name, shape, rebuild }) => {
    const operator = rebuild === null ? (index.producer(name)?.opType ?? '') : 'Concat';
    return { name: `${name}_${operator}_f32`, shape: [...shape, 1, 1, 1].slice(0, Math.max(4, shape.length)) };
  });
}
