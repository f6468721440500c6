import type { OnnxGraph, OnnxNode } from '../model';

/** Who makes and who takes each tensor. */
export class GraphIndex {
  private readonly makers = new Map<string, OnnxNode>();
  private readonly takers = new Map<string, OnnxNode[]>();

  constructor(readonly graph: OnnxGraph) {
    for (const node of graph.nodes) {
      for (const output of node.outputs) if (output !== '') this.makers.set(output, node);
      for (const input of new Set(node.inputs)) {
        if (input === '') continue;
        const list = this.takers.get(input);
        if (list === undefined) this.takers.set(input, [node]);
        else list.push(node);
      }
    }
  }

  /** The node that computes a tensor; null for inputs and weights. */
  producer(tensor: string): OnnxNode | null {
    return this.makers.get(tensor) ?? null;
  }

  consumers(tensor: string): readonly OnnxNode[] {
    return this.takers.get(tensor) ?? [];
  }

  /**
   * Goes back from a tensor along the first input while the producer is one of `opTypes`; the tensors on the way, the
   * given one first.
   */
  chain(tensor: string, opTypes: ReadonlySet<string>): readonly string[] {
    const path = [tensor];
    const seen = new Set(path);
    for (;;) {
      const node = this.producer(path.at(-1) ?? '');
      const next = node?.inputs[0] ?? '';
      if (node === null || !opTypes.has(node.opType) || next === '' || seen.has(next)) return path;
      path.push(next);
      seen.add(next);
    }
  }

  /**
   * Visits the nodes before a tensor, nearest first. `visit` returns false to go no further behind that node. Sizes
   * (Shape nodes) are not followed: they lead back into the backbone.
   */
  ancestors(tensor: string, visit: (node: OnnxNode) => boolean): void {
    this.walk([this.producer(tensor)], (node) => node.inputs.map((input) => this.producer(input)), visit);
  }

  /** Visits the nodes behind a tensor, nearest first. */
  descendants(tensor: string, visit: (node: OnnxNode) => boolean): void {
    const after = (node: OnnxNode): readonly OnnxNode[] => node.outputs.flatMap((output) => this.consumers(output));
    this.walk(this.consumers(tensor), after, visit);
  }

  private walk(
    from: readonly (OnnxNode | null)[],
    next: (node: OnnxNode) => readonly (OnnxNode | null)[],
    visit: (node: OnnxNode) => boolean,
  ): void {
    const queue = [...from];
    const seen = new Set<OnnxNode>();
    for (const node of queue) {
      if (node === null || seen.has(node) || node.opType === 'Shape') continue;
      seen.add(node);
      if (visit(node)) queue.push(...next(node));
    }
  }
}

/** Operators that only change how the same numbers are seen. */
export const VIEWS: ReadonlySet<string> = new Set(['Reshape', 'Flatten', 'Identity', 'Squeeze', 'Unsqueeze', 'Cast']);

/** Views, and operators that take a part of a tensor. */
export const PARTS: ReadonlySet<string> = new Set([...VIEWS, 'Split', 'Slice']);
