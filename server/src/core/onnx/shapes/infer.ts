import type { ByteSource } from '../../ports';
import type { OnnxModel, Shape } from '../model';
import { constantOfNode, readConstant, type ConstantValue } from './constants';
import { foldConstant } from './fold';
import type { NodeView } from './node-view';
import { ruleOf } from './operators';

/** Shapes of the tensors of a graph, as far as they are known. */
export interface ShapeTable {
  /** Null: the rank itself is not known. Single dimensions may be a symbol or null. */
  of(tensor: string): Shape | null;
  /** The shape where every dimension is a number, else null. */
  fixed(tensor: string): readonly number[] | null;
  /** The values of a small constant tensor, initializer or computed from constants. */
  value(tensor: string): ConstantValue | null;
}

export interface InferOptions {
  /** Shapes to take for graph inputs instead of the declared ones: for graphs that leave theirs open. */
  readonly inputs?: ReadonlyMap<string, Shape>;
  /** False: ignore the shapes that the file stores for inner tensors. */
  readonly stored?: boolean;
}

/**
 * Shapes of all tensors: what the file stores where it is complete, else computed operator by operator; honest null
 * where neither knows. Only constants of a few numbers are read, never weights.
 *
 * Source: conversion.md 6.4 step 1 (static Ultralytics exports store shapes only after simplification).
 */
export function inferShapes(model: OnnxModel, source: ByteSource, options: InferOptions = {}): ShapeTable {
  const { graph } = model;
  const shapes = new Map<string, Shape>();
  const values = new Map<string, ConstantValue | null>();
  const useStored = options.stored !== false && options.inputs === undefined;

  for (const [name, tensor] of graph.initializers) shapes.set(name, tensor.dims);
  for (const input of graph.inputs) {
    const shape = options.inputs?.get(input.name) ?? input.shape;
    if (shape !== null && !graph.initializers.has(input.name)) shapes.set(input.name, shape);
  }
  if (useStored) {
    for (const info of [...graph.valueInfo.values(), ...graph.outputs]) {
      if (info.shape !== null && isFixed(info.shape) && !shapes.has(info.name)) shapes.set(info.name, info.shape);
    }
  }

  const valueOf = (name: string): ConstantValue | null => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const tensor = graph.initializers.get(name);
    const value = tensor === undefined ? null : readConstant(source, tensor);
    values.set(name, value);
    return value;
  };

  for (const node of graph.nodes) {
    if (node.domain !== '') continue;
    const view: NodeView = {
      node,
      opset: model.opset,
      shape: (input) => shapes.get(node.inputs[input] ?? '') ?? null,
      value: (input) => {
        const name = node.inputs[input] ?? '';
        return name === '' ? null : valueOf(name);
      },
      tensorValue: (tensor) => readConstant(source, tensor),
    };
    const [first = ''] = node.outputs;
    const value = node.opType === 'Constant' ? constantOfNode(source, node) : foldConstant(view);
    if (value !== null && first !== '') {
      values.set(first, value);
      shapes.set(first, value.dims);
      continue;
    }
    if (node.opType === 'Constant') {
      const held = node.attributes.get('value');
      if (held?.kind === 'tensor' && first !== '') shapes.set(first, held.value.dims);
      continue;
    }
    if (node.outputs.every((name) => name === '' || shapes.has(name))) continue;
    const found = ruleOf(node.opType)?.(view) ?? [];
    for (const [index, name] of node.outputs.entries()) {
      const shape = found[index] ?? null;
      if (name !== '' && shape !== null && !shapes.has(name)) shapes.set(name, shape);
    }
  }
  // Declared shapes of outputs are better than nothing, even with open dimensions.
  for (const output of graph.outputs) {
    if (output.shape !== null && !shapes.has(output.name)) shapes.set(output.name, output.shape);
  }

  return {
    of: (tensor) => shapes.get(tensor) ?? null,
    fixed: (tensor) => {
      const shape = shapes.get(tensor);
      return shape !== undefined && isFixed(shape) ? shape : null;
    },
    value: valueOf,
  };
}

function isFixed(shape: Shape): shape is readonly number[] {
  return shape.every((dimension) => typeof dimension === 'number');
}
