import type { DecoderType } from '../../board/accept/request';
import { boardKind, type BoardId } from '../../board/kinds';
import type { RecognizedModel } from '../heads/recognize';
import type { AnchorFreeHead, Head, HeadLevel } from '../heads/head';
import type { OnnxModel } from '../model';
import type { ChosenOutput, OutputForm } from './choice';

/** A form that a head can be put into; whether the board decodes it is judged later. */
export interface Candidate {
  readonly form: OutputForm;
  readonly outputs: readonly ChosenOutput[];
}

/** `[extra] type` by task (mud.md 3.7). */
export const DECODER_TYPE: Readonly<Record<AnchorFreeHead['task'], DecoderType>> = {
  detect: 'detector',
  pose: 'pose',
  segment: 'seg',
  obb: 'obb',
};

/** `[extra] type` that a head's MUD needs; null for decoders that have none (mud.md 3.6, 3.8). */
export function decoderTypeOf(head: Head): DecoderType | null {
  return head.kind === 'anchor-free' && head.decoder !== 'yolo26' ? DECODER_TYPE[head.task] : null;
}

const MAP_TO_HWC = [0, 2, 3, 1];
const ROWS_TO_HWC = [0, 2, 1];

/**
 * The forms of a head for a board, the board's default first: MaixCAM takes the two-output form, MaixCAM2 the level
 * maps (conversion.md 6.4 step 4).
 */
export function candidatesOf(
  model: OnnxModel,
  recognized: RecognizedModel,
  head: Head,
  board: BoardId,
): readonly Candidate[] {
  const output = outputMaker(recognized);
  switch (head.kind) {
    case 'classifier':
      return [{ form: 'logits', outputs: [output(head.logits, 'logit')] }];
    case 'anchors':
      return [{ form: 'anchors', outputs: head.levels.map((level) => output(level.map, 'anchor-map')) }];
    case 'anchor-free':
      break;
  }
  const hwc = boardKind(board).mapLayout === 'HWC';
  const permuted = hwc ? MAP_TO_HWC : null;
  if (head.decoder === 'yolo26') {
    const boxes = head.levels.map((level) => output(level.box, 'box', permuted));
    const scores = head.levels.map((level) => output(level.score, 'score', permuted));
    return [{ form: 'one-to-one', outputs: [...boxes, ...scores] }];
  }
  const maps: Candidate = {
    form: 'level-maps',
    outputs: [...levelMaps(model, head, permuted), ...extras(head, output, 'level-maps', hwc)],
  };
  if (head.distances === null) return [maps];
  const two: Candidate = {
    form: 'two-output',
    outputs: [output(head.distances, 'box'), output(head.scores, 'score'), ...extras(head, output, 'two-output', hwc)],
  };
  return hwc ? [maps, two] : [two, maps];
}

type OutputMaker = (
  name: string,
  role: NonNullable<ChosenOutput['role']>,
  permutation?: readonly number[] | null,
) => ChosenOutput;

function outputMaker({ shapes }: RecognizedModel): OutputMaker {
  return (name, role, permutation = null) => ({
    name,
    shape: shapes.fixed(name) ?? [],
    role,
    rebuild: null,
    permutation,
  });
}

/** The maps of 64 + C channels: tensors of the graph up to Ultralytics 8.3, rebuilt from their parts since 8.4. */
function levelMaps(
  model: OnnxModel,
  head: AnchorFreeHead,
  permutation: readonly number[] | null,
): readonly ChosenOutput[] {
  return head.levels.map((level, at): ChosenOutput => {
    const shape = [1, 4 * head.regMax + head.classes, level.height, level.width];
    if (level.map !== null) return { name: level.map, shape, role: 'level-map', rebuild: null, permutation };
    const name = freeName(model, `level_map_${head.strides[at] ?? at}`);
    return { name, shape, role: 'level-map', rebuild: { axis: 1, parts: partsOf(level) }, permutation };
  });
}

function partsOf(level: HeadLevel): readonly string[] {
  return [level.box, level.score];
}

/** A tensor name that the graph does not use yet. */
function freeName(model: OnnxModel, wanted: string): string {
  const { graph } = model;
  const used = (name: string): boolean =>
    graph.initializers.has(name) ||
    graph.inputs.some((input) => input.name === name) ||
    graph.nodes.some((node) => node.outputs.includes(name));
  let name = wanted;
  for (let attempt = 1; used(name); attempt += 1) name = `${wanted}_${attempt}`;
  return name;
}

function extras(
  head: AnchorFreeHead,
  output: OutputMaker,
  form: 'level-maps' | 'two-output',
  hwc: boolean,
): readonly ChosenOutput[] {
  const { extra } = head;
  if (extra === null) return [];
  // The device decides the layout once for all outputs, so what is not a map turns with the maps.
  const rows = hwc && form === 'level-maps' ? ROWS_TO_HWC : null;
  switch (extra.kind) {
    case 'keypoint':
      return [output(extra.tensor, 'keypoint', rows)];
    case 'mask':
      return [output(extra.tensor, 'mask-weight', rows), output(extra.prototype, 'prototype')];
    case 'angle':
      // The board applies the sigmoid itself unless the name says that it has been done.
      return [output(form === 'two-output' ? (extra.sigmoid ?? extra.tensor) : extra.tensor, 'angle')];
  }
}
