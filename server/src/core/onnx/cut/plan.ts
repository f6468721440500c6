import type { ByteSource } from '../../ports';
import { AppError } from '../../problems/app-error';
import type { OnnxModel, ValueInfo } from '../model';
import { wireReader, WireReader, WireType, type ByteRange } from '../wire';
import { concatNodeField, fieldHeader, textField, valueInfoField } from './encode';
import { embeddedInitializer, refuseExternalConstants } from './external';
import { planOutputs, type CutOutput, type KnownShapes, type PlannedOutput } from './outputs';
import { reachBack, type Reach } from './reach';
import { SegmentList, type Segment } from './segments';

/** A cut that is ready to be written: pieces to put one after the other. */
export interface CutPlan {
  readonly segments: readonly Segment[];
  /** Size of the file to write. */
  readonly bytes: number;
  /** Nodes of the cut, inserted ones included. */
  readonly nodes: number;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly PlannedOutput[];
  /** Locations of external data that the segments refer to, as the model spells them. */
  readonly externalFiles: readonly string[];
}

/** GraphProto fields (onnx.proto). */
const Graph = { Node: 1, Name: 2, Initializer: 5, Input: 11, Output: 12, ValueInfo: 13, Quantization: 14, Sparse: 15 };
const MODEL_GRAPH = 7;
/** ModelProto.training_info names weights that a cut may not have any more, and no converter reads it. */
const MODEL_TRAINING_INFO = 20;
/** Protobuf refuses larger messages; so does every ONNX reader. */
const MAX_MODEL_BYTES = 2 ** 31 - 1;

/**
 * Plans the extraction of the sub-graph that computes `outputs` (spec conversion.md 6). Kept nodes and weights are
 * copied as byte ranges, in file order; weights are never read. Weights in external files move into the cut, so that
 * it is one file that can be moved freely. Metadata, operator sets and functions stay.
 *
 * @param shapes shapes of tensors that the file does not declare, as `inferShapes` gives them.
 * @throws AppError the codes of `planOutputs`; `ONNX_INVALID`, `ONNX_EXTERNAL_CONSTANT`, `ONNX_TOO_LARGE`.
 */
export function planCut(
  source: ByteSource,
  model: OnnxModel,
  outputs: readonly CutOutput[],
  shapes: KnownShapes = { of: () => null },
): CutPlan {
  const fields = graphFields(source);
  const sparse = fields.flatMap((entry) => (entry.field === Graph.Sparse ? [entry.name] : []));
  const weights = new Set([...model.graph.initializers.keys(), ...sparse]);
  const planned = planOutputs(model.graph, outputs, weights, shapes);
  const known = new Set([...weights, ...model.graph.inputs.map((input) => input.name)]);
  const wanted = planned.flatMap((output) => output.rebuilt?.parts ?? [output.name]);
  const reach = reachBack(model.graph, known, wanted);
  for (const node of model.graph.nodes) if (reach.nodes.has(node.index)) refuseExternalConstants(node);

  const graph = graphSegments(source, model, fields, reach, planned);
  const file = modelSegments(source, graph);
  if (file.length > MAX_MODEL_BYTES) {
    throw new AppError({
      code: 'ONNX_TOO_LARGE',
      message: 'The cut model would be larger than 2 GiB, which no ONNX reader accepts in one file.',
      hint: 'Choose outputs that need less of the model; a model of this size does not fit the boards.',
    });
  }
  const external = file.segments.flatMap((segment) =>
    segment.kind === 'range' && segment.file !== null ? [segment.file] : [],
  );
  return {
    segments: file.segments,
    bytes: file.length,
    nodes: reach.nodes.size + planned.filter((output) => output.rebuilt !== null).length,
    inputs: model.graph.inputs.filter((input) => reach.tensors.has(input.name) && !weights.has(input.name)),
    outputs: planned,
    externalFiles: [...new Set(external)],
  };
}

interface GraphField {
  readonly field: number;
  /** The field with its key and length. */
  readonly whole: ByteRange;
  /** The content, for length-delimited fields. */
  readonly content: ByteRange | null;
  /** The tensor that a sparse weight or an annotation is about; empty for other fields. */
  readonly name: string;
}

/** All fields of the graph in file order; a graph that is spread over several model fields is one graph. */
function graphFields(source: ByteSource): readonly GraphField[] {
  const fields: GraphField[] = [];
  const model = wireReader(source);
  while (model.next()) {
    if (model.field !== MODEL_GRAPH) continue;
    const reader = model.message();
    while (reader.next()) {
      const content = reader.wire === WireType.Bytes ? reader.range() : null;
      fields.push({ field: reader.field, whole: reader.whole(), content, name: subjectOf(reader) });
    }
  }
  return fields;
}

function subjectOf(reader: WireReader): string {
  if (reader.field === Graph.Quantization) return textAt(reader.message(), 1);
  if (reader.field !== Graph.Sparse) return '';
  // SparseTensorProto.values is the TensorProto that carries the name.
  const sparse = reader.message();
  while (sparse.next()) if (sparse.field === 1) return textAt(sparse.message(), 8);
  return '';
}

function textAt(reader: WireReader, field: number): string {
  while (reader.next()) if (reader.field === field) return reader.text();
  return '';
}

function graphSegments(
  source: ByteSource,
  model: OnnxModel,
  fields: readonly GraphField[],
  reach: Reach,
  outputs: readonly PlannedOutput[],
): SegmentList {
  const graph = new SegmentList();
  const names = new Map<number, string>();
  const declare = (name: string, range: ByteRange): unknown => names.set(range.offset, name);
  for (const tensor of model.graph.initializers.values()) declare(tensor.name, tensor.range);
  for (const value of [...model.graph.inputs, ...model.graph.outputs, ...model.graph.valueInfo.values()]) {
    declare(value.name, value.range);
  }
  const isOutput = new Set(outputs.map((output) => output.name));
  const lastNode = fields.findLastIndex((entry) => entry.field === Graph.Node);
  let nodeIndex = -1;

  for (const [index, entry] of fields.entries()) {
    const name = entry.content === null ? undefined : names.get(entry.content.offset);
    switch (entry.field) {
      case Graph.Node:
        nodeIndex += 1;
        if (reach.nodes.has(nodeIndex)) graph.range(entry.whole);
        if (index === lastNode) appendConcats(graph, outputs);
        break;
      case Graph.Initializer: {
        const tensor = name === undefined ? undefined : model.graph.initializers.get(name);
        if (tensor === undefined || !reach.tensors.has(tensor.name)) break;
        if (tensor.external === null) graph.range(entry.whole);
        else graph.append(embeddedInitializer(tensor, new WireReader(wireReader(source).buffer, tensor.range)));
        break;
      }
      case Graph.Input:
        if (name !== undefined && reach.tensors.has(name)) graph.range(entry.whole);
        break;
      case Graph.ValueInfo:
        if (name !== undefined && reach.tensors.has(name) && !isOutput.has(name)) graph.range(entry.whole);
        break;
      case Graph.Output:
        // An output of the original that is an inner tensor of the cut stays declared.
        if (name !== undefined && entry.content !== null && reach.tensors.has(name) && !isOutput.has(name)) {
          graph.bytes(fieldHeader(Graph.ValueInfo, entry.content.length));
          graph.range(entry.content);
        }
        break;
      case Graph.Quantization:
      case Graph.Sparse:
        if (reach.tensors.has(entry.name)) graph.range(entry.whole);
        break;
      default:
        graph.range(entry.whole);
    }
  }
  if (model.graph.name === '') graph.bytes(textField(Graph.Name, 'graph'));
  for (const output of outputs) appendOutput(graph, output);
  return graph;
}

/** After the last node, so that every part is made before it is joined. */
function appendConcats(graph: SegmentList, outputs: readonly PlannedOutput[]): void {
  for (const output of outputs) {
    if (output.rebuilt !== null) {
      graph.bytes(concatNodeField(output.rebuilt.parts, output.name, output.rebuilt.axis));
    }
  }
}

function appendOutput(graph: SegmentList, output: PlannedOutput): void {
  if (output.declared === null) {
    graph.bytes(valueInfoField(Graph.Output, output.name, output.type, output.shape));
    return;
  }
  graph.bytes(fieldHeader(Graph.Output, output.declared.range.length));
  graph.range(output.declared.range);
}

/** The model's own fields in file order, with the new graph where the first one stood. */
function modelSegments(source: ByteSource, graph: SegmentList): SegmentList {
  const file = new SegmentList();
  let placed = false;
  const reader = wireReader(source);
  while (reader.next()) {
    if (reader.field === MODEL_TRAINING_INFO) continue;
    if (reader.field !== MODEL_GRAPH) {
      file.range(reader.whole());
      continue;
    }
    if (placed) continue;
    placed = true;
    file.bytes(fieldHeader(MODEL_GRAPH, graph.length));
    file.append(graph);
  }
  return file;
}
