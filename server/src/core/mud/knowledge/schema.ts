import text from '../../../../../schemas/mud.schema.json';

/** What a value is, and so how the board reads it. */
export type ValueKind =
  'choice' | 'class' | 'numbers' | 'number' | 'integer' | 'flag' | 'file' | 'labels' | 'text' | 'command';

/** MUDs are for one of two chips: `cvimodel` runs on MaixCAM and MaixCAM-Pro, `axmodel` on MaixCAM2. */
export type Chip = 'maixcam' | 'maixcam2';

export const CHIP_TITLES: Readonly<Record<Chip, string>> = { maixcam: 'MaixCAM and MaixCAM-Pro', maixcam2: 'MaixCAM2' };

export interface Choice {
  readonly const: string;
  readonly description: string;
}

/** What the schema says of a key. */
export interface KeySchema {
  readonly description: string;
  readonly 'x-kind': ValueKind;
  readonly oneOf?: readonly Choice[];
  readonly default?: string;
  readonly examples?: readonly string[];
  /** Absent: every board. */
  readonly 'x-boards'?: readonly Chip[];
  /** What a board does with it, where that differs. */
  readonly 'x-effect'?: Readonly<Partial<Record<Chip, string>>>;
  /** Where a file name starts: `beside` always puts the MUD's folder before it, the others keep absolute paths. */
  readonly 'x-path'?: 'model' | 'beside' | 'join';
  readonly 'x-endings'?: readonly string[];
  /** The newer key that says the same. */
  readonly 'x-replaced-by'?: string;
}

/** What a decoder class of MaixPy wants in `[extra]`. */
export interface ClassSchema {
  readonly title: string;
  readonly description: string;
  /** Absent: every board. */
  readonly boards?: readonly Chip[];
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** Keys that people write for it and that it does not read, and why. */
  readonly ignored?: Readonly<Record<string, string>>;
  /** Where a key means something else for this class. */
  readonly keys?: Readonly<Record<string, Partial<KeySchema>>>;
  /** For classes that do not look at `model_type`: keys that only they have. */
  readonly 'recognised-by'?: readonly string[];
}

interface MudSchema {
  readonly properties: Readonly<
    Record<string, { readonly description: string; readonly properties: Readonly<Record<string, KeySchema>> }>
  >;
  readonly 'x-runtime-keys': readonly string[];
  readonly 'x-classes': Readonly<Record<string, ClassSchema>>;
  readonly 'x-programs': Readonly<Record<string, ClassSchema>>;
}

/** JSON modules lose their literal types; the schema's test holds it to this shape. */
const schema = text as unknown as MudSchema;

/** Sections that boards or classes read. */
export const SECTIONS: readonly string[] = Object.keys(schema.properties);

/** Words of `model_type`, in the order of the schema. */
export const MODEL_TYPES: readonly string[] = Object.keys(schema['x-classes']);

/** Keys of `[extra]` that the NPU runtime reads, whatever the class. */
export const RUNTIME_KEYS: readonly string[] = schema['x-runtime-keys'];

/** What a section is for; null for one that nothing reads. */
export function sectionDescription(section: string): string | null {
  return own(schema.properties, section)?.description ?? null;
}

/** Keys of a section, in the order of the schema. */
export function keysOf(section: string): readonly string[] {
  return Object.keys(own(schema.properties, section)?.properties ?? {});
}

/** The class that a `model_type` names; null for another word. */
export function classOf(modelType: string): ClassSchema | null {
  return own(schema['x-classes'], modelType) ?? null;
}

/** The class that does not look at `model_type` but is recognised by keys that only it has. */
export function programOf(has: (key: string) => boolean): ClassSchema | null {
  return Object.values(schema['x-programs']).find((each) => each['recognised-by']?.some(has) === true) ?? null;
}

/** What a key means, for a class where that matters; null for one that nothing reads. */
export function keySchema(section: string, key: string, of: ClassSchema | null): KeySchema | null {
  const general = own(own(schema.properties, section)?.properties ?? {}, key);
  if (general === undefined) return null;
  const special = section === 'extra' ? own(of?.keys ?? {}, key) : undefined;
  return special === undefined ? general : { ...general, ...special };
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
