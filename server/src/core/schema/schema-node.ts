/** The part of JSON schema (draft 07) that the project's own schemas use. They contain no `$ref`. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  /** Unit of the value, for people. */
  readonly 'x-unit'?: string;
}

/** Keys and list indices from the root to a value. */
export type ValuePath = readonly (string | number)[];

/** The schema of the value at `path`, or null where the schema says nothing about it. */
export function schemaAt(root: SchemaNode, path: ValuePath): SchemaNode | null {
  let node: SchemaNode | undefined = root;
  for (const step of path) {
    if (typeof step === 'number') node = node.items;
    else node = Object.hasOwn(node.properties ?? {}, step) ? node.properties?.[step] : undefined;
    if (node === undefined) return null;
  }
  return node;
}

/** The types that a schema allows; all where it names none. */
export function typesOf(schema: SchemaNode): readonly string[] {
  if (schema.type === undefined) return ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
  return typeof schema.type === 'string' ? [schema.type] : schema.type;
}

/** Path as people write it: `train.args`, `outputs[1]`. */
export function pathText(path: ValuePath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
