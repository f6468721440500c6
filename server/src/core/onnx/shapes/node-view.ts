import type { OnnxNode, Shape, TensorInfo } from '../model';
import type { ConstantValue } from './constants';

/** A node with what is known about its inputs. */
export interface NodeView {
  readonly node: OnnxNode;
  readonly opset: number;
  /** Shape of the n-th input; null where unknown or the input is left out. */
  shape(input: number): Shape | null;
  /** Value of the n-th input where it is a small constant. */
  value(input: number): ConstantValue | null;
  /** Values of a tensor that sits in an attribute. */
  tensorValue(tensor: TensorInfo): ConstantValue | null;
}

export function attributeInt(node: OnnxNode, name: string): number | null {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : null;
}

export function attributeInts(node: OnnxNode, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'ints' ? attribute.value : null;
}

export function attributeText(node: OnnxNode, name: string): string | null {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'string' ? attribute.value : null;
}

/** Integers that an operator takes as an attribute in old opsets and as an input in new ones. */
export function integersOf(view: NodeView, attribute: string, input: number): readonly number[] | null {
  return attributeInts(view.node, attribute) ?? view.value(input)?.data ?? null;
}
