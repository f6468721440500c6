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
  /** What single values mean, for people; keys are the values as they are written. */
  readonly 'x-values'?: Readonly<Record<string, string>>;
  /** The text is a path, and of what. */
  readonly 'x-path'?: string;
  /** Keys of a mapping whose keys are open: what is known about them, for people. They are not validated. */
  readonly 'x-known'?: Readonly<Record<string, SchemaNode>>;
  /** Model names: family, size and the task's ending, put together. */
  readonly 'x-names'?: {
    readonly families: readonly string[];
    readonly sizes: readonly string[];
    readonly detectOnly: readonly string[];
  };
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

/** As `schemaAt`, with what is known about keys of open mappings. */
export function knownAt(root: SchemaNode, path: ValuePath): SchemaNode | null {
  const own = schemaAt(root, path);
  const last = path.at(-1);
  if (own !== null || typeof last !== 'string') return own;
  const known = schemaAt(root, path.slice(0, -1))?.['x-known'] ?? {};
  return (Object.hasOwn(known, last) ? known[last] : undefined) ?? null;
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
