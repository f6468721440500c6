import { AppError } from '../../problems/app-error';
import type { DataType, Dimension, OnnxGraph, Shape, ValueInfo } from '../model';
import { elementType } from './element-type';
import { dependentOn } from './reach';
import { suggestTensors } from './suggest';

/** A tensor of the graph, or one that the cut makes by joining tensors of the graph along `axis`. */
export type CutOutput = string | { readonly name: string; readonly axis: number; readonly parts: readonly string[] };

/** Shapes that were worked out for tensors that the file does not declare (`inferShapes`). */
export interface KnownShapes {
  of(tensor: string): Shape | null;
}

/** An output of the cut as it will be declared. */
export interface PlannedOutput {
  readonly name: string;
  readonly type: DataType;
  readonly shape: Shape | null;
  /** The declaration in the file, copied as it is; null where it is made anew. */
  readonly declared: ValueInfo | null;
  /** How the output is rebuilt; null for a tensor of the graph. */
  readonly rebuilt: { readonly axis: number; readonly parts: readonly string[] } | null;
}

/**
 * Checks the wanted outputs against the graph and finds their types and shapes.
 *
 * @throws AppError `ONNX_NO_OUTPUTS`, `ONNX_OUTPUT_MISSING`, `ONNX_OUTPUT_IS_INPUT`, `ONNX_OUTPUT_CONSTANT`,
 *   `ONNX_OUTPUT_NAME_TAKEN`, `ONNX_OUTPUT_PARTS`.
 */
export function planOutputs(
  graph: OnnxGraph,
  wanted: readonly CutOutput[],
  weights: ReadonlySet<string>,
  shapes: KnownShapes,
): readonly PlannedOutput[] {
  if (wanted.length === 0) {
    throw new AppError({
      code: 'ONNX_NO_OUTPUTS',
      message: 'No outputs were named, so there is nothing to cut to.',
      hint: 'Name the tensors that become outputs; `maixcam outputs FILE --board B` proposes them.',
      kind: 'usage',
    });
  }
  const inputs = new Set(graph.inputs.map((input) => input.name).filter((name) => !weights.has(name)));
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const dependent = dependentOn(graph, inputs);

  const check = (name: string): void => {
    if (name === '' || (!made.has(name) && !inputs.has(name) && !weights.has(name))) throw missing(graph, name);
    if (inputs.has(name)) {
      throw new AppError({
        code: 'ONNX_OUTPUT_IS_INPUT',
        message: `"${name}" is an input of the model: a cut to it would compute nothing.`,
        hint: 'Choose a tensor that a node computes.',
      });
    }
    if (!dependent.has(name)) {
      throw new AppError({
        code: 'ONNX_OUTPUT_CONSTANT',
        message: `"${name}" depends on no input of the model: it has the same value for every picture.`,
        hint: 'Choose a tensor that is computed from the input.',
      });
    }
  };

  const planned = new Map<string, PlannedOutput>();
  for (const output of wanted) {
    if (typeof output === 'string') {
      check(output);
      planned.set(output, { ...describe(graph, output, shapes), rebuilt: null });
      continue;
    }
    const { name, axis, parts } = output;
    if (made.has(name) || inputs.has(name) || weights.has(name) || planned.has(name)) {
      throw new AppError({
        code: 'ONNX_OUTPUT_NAME_TAKEN',
        message: `The rebuilt output cannot be called "${name}": the model already has a tensor of that name.`,
        hint: 'Give the rebuilt output another name.',
      });
    }
    parts.forEach(check);
    planned.set(
      name,
      joined(
        name,
        axis,
        parts.map((part) => describe(graph, part, shapes)),
        parts,
      ),
    );
  }
  return [...planned.values()];
}

type Description = Omit<PlannedOutput, 'rebuilt'>;

/** The file's own declaration wins while it is complete; else what was worked out, where that is complete. */
function describe(graph: OnnxGraph, name: string, shapes: KnownShapes): Description {
  const declared = graph.outputs.find((output) => output.name === name) ?? graph.valueInfo.get(name) ?? null;
  const known = shapes.of(name);
  if (declared !== null && (isStatic(declared.shape) || !isStatic(known))) {
    return { name, type: declared.type, shape: declared.shape, declared };
  }
  return { name, type: elementType(graph, name), shape: known, declared: null };
}

function isStatic(shape: Shape | null): boolean {
  return shape?.every((dim) => typeof dim === 'number') ?? false;
}

function joined(name: string, axis: number, parts: readonly Description[], names: readonly string[]): PlannedOutput {
  const first = parts[0];
  const refuse = (why: string): AppError =>
    new AppError({
      code: 'ONNX_OUTPUT_PARTS',
      message: `The output "${name}" cannot be rebuilt from ${names.join(', ')}: ${why}.`,
      hint: 'Choose tensors that agree in everything but the axis they are joined along.',
    });
  if (first === undefined) throw refuse('no parts were named');
  if (parts.some((part) => part.type !== first.type)) throw refuse('their types differ');
  const rebuilt = { axis, parts: names };
  const shapes = parts.map((part) => part.shape);
  if (first.shape === null || shapes.some((shape) => shape === null)) {
    return { name, type: first.type, shape: null, declared: null, rebuilt };
  }
  const rank = first.shape.length;
  const at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank) throw refuse(`they have ${rank} dimensions, so there is no axis ${axis}`);
  const shape = first.shape.map((_, index): Dimension => {
    const dims = shapes.map((other) => other?.[index] ?? null);
    if (index === at) {
      return dims.reduce<Dimension>(
        (sum, dim) => (typeof sum === 'number' && typeof dim === 'number' ? sum + dim : null),
        0,
      );
    }
    return dims.find((dim) => typeof dim === 'number') ?? dims[0] ?? null;
  });
  const agrees = shapes.every(
    (other) =>
      other?.length === rank &&
      other.every((dim, index) => index === at || typeof dim !== 'number' || dim === shape[index]),
  );
  if (!agrees) throw refuse('their shapes differ in more than the joined axis');
  return { name, type: first.type, shape, declared: null, rebuilt };
}

function missing(graph: OnnxGraph, name: string): AppError {
  const near = suggestTensors(graph, name);
  return new AppError({
    code: 'ONNX_OUTPUT_MISSING',
    message: `The model has no tensor "${name}".`,
    hint:
      near.length === 0
        ? `List the tensors in the ONNX view, or let \`maixcam outputs\` choose. The model's own outputs are: ${graph.outputs.map((output) => output.name).join(', ')}.`
        : `Did you mean ${near.map((candidate) => `"${candidate}"`).join(' or ')}?`,
  });
}
