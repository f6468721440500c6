import type { OutputRole } from '../../board/accept/accept';
import type { DecoderType, ModelClass } from '../../board/accept/request';
import type { BoardId } from '../../board/kinds';
import type { Family, ImageSize, Task } from '../heads/head';

/** The forms in which a board takes a model (spec cli.md, conversion.md 6.1). */
export type OutputForm = 'two-output' | 'level-maps' | 'one-to-one' | 'logits' | 'anchors';

/** A Concat that the cut inserts to make an output that the graph does not have. */
export interface Rebuild {
  readonly axis: number;
  readonly parts: readonly string[];
}

export interface ChosenOutput {
  readonly name: string;
  /** As the ONNX graph has it: batch first, channels second. */
  readonly shape: readonly number[];
  /** Null: the board takes this output for nothing. */
  readonly role: OutputRole | null;
  /** Null: the tensor is in the graph. */
  readonly rebuild: Rebuild | null;
  /** Pulsar2's `dst_perm` for this output; null: leave it as it is, or a board without it (conversion.md 1.4). */
  readonly permutation: readonly number[] | null;
}

export interface OutputSet {
  readonly form: OutputForm;
  readonly outputs: readonly ChosenOutput[];
}

export interface Alternative extends OutputSet {
  /** What choosing it means, one sentence. */
  readonly consequence: string;
}

export interface ChoiceWarning {
  readonly code: string;
  readonly message: string;
}

/** The outputs that a model gets for a board, and what else the MUD needs to fit them. */
export interface OutputChoice extends OutputSet {
  readonly board: BoardId;
  readonly family: Family;
  readonly task: Task;
  /** `[extra] model_type`, and the device's class that loads it. */
  readonly decoder: ModelClass;
  /** `[extra] type`; null for decoders that have none. */
  readonly type: DecoderType | null;
  readonly classes: number;
  readonly inputSize: ImageSize;
  /** True: at least one output has to be made by inserting a Concat. */
  readonly rebuild: boolean;
  /** YOLOv5: `[extra] anchors` in the order in which the board gives them to these outputs; null where unknown. */
  readonly anchors: readonly number[] | null;
  readonly alternatives: readonly Alternative[];
  readonly warnings: readonly ChoiceWarning[];
}
