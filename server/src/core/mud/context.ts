import type { LanguageDocument } from '../language/service';
import { LineIndex } from '../text/line-index';
import { classOf, keySchema, programOf, type Chip, type ClassSchema, type KeySchema } from './knowledge/schema';
import { itemsOf, parseMud, type MudItem, type MudTree, type Span } from './tree';
import { valueForm, type ValueForm } from './value-form';

/** What rules and features see of a MUD. */
export interface MudContext {
  readonly document: LanguageDocument;
  readonly tree: MudTree;
  readonly lines: LineIndex;
  /** Line end for new lines. */
  readonly eol: string;
  /** By `[basic] type`; null where it names no board. */
  readonly chip: Chip | null;
  readonly modelType: string | null;
  /** By `model_type`, or by keys that only one class has. */
  readonly modelClass: ClassSchema | null;
  /** The items that the board reads, in the order of the file: the first of each name in its section. */
  readonly read: readonly MudItem[];
  /** The item that the board reads. */
  item(section: string, key: string): MudItem | undefined;
  /** What the item's key means; null for one that nothing reads. */
  schema(item: MudItem): KeySchema | null;
  /** How the value is disfigured, so that what it says needs no judgement of its own. */
  form(item: MudItem): ValueForm | null;
  /** True where the key stands in the section, or where a broken line or a wrong place tells that it was meant. */
  meant(section: string, key: string): boolean;
  /** Where the problem of something missing in a section is shown. */
  placeOf(section: string): Pick<Span, 'start' | 'end'>;
}

/** Reads a document once for all rules and features. Any text gives a context. */
export function mudContext(document: LanguageDocument): MudContext {
  const tree = parseMud(document.text);
  const lines = new LineIndex(document.text);
  const read = readItems(tree);
  const byName = new Map(read.map((item) => [nameOf(item.section.name, item.key.text), item]));
  const item = (section: string, key: string): MudItem | undefined => byName.get(nameOf(section, key));
  const type = item('basic', 'type')?.value.text;
  const modelType = item('extra', 'model_type')?.value.text ?? null;
  const modelClass =
    programOf((key) => item('extra', key) !== undefined) ?? (modelType === null ? null : classOf(modelType));
  const forms = new Map<MudItem, ValueForm | null>();
  const schema = (each: MudItem): KeySchema | null => keySchema(each.section.name, each.key.text, modelClass);
  return {
    document,
    tree,
    lines,
    eol: document.text.includes('\r\n') ? '\r\n' : '\n',
    chip: type === 'cvimodel' ? 'maixcam' : type === 'axmodel' ? 'maixcam2' : null,
    modelType,
    modelClass,
    read,
    item,
    schema,
    form: (each) => {
      const known = forms.get(each);
      if (known !== undefined) return known;
      const form = valueForm(each, schema(each));
      forms.set(each, form);
      return form;
    },
    meant: (section, key) => item(section, key) !== undefined || isMisplaced(tree, section, key) || isBroken(tree, key),
    placeOf: (section) => {
      const header = tree.sections.find(({ name, header: own }) => name === section && own !== null)?.header;
      return header?.span ?? tree.lines.find(({ content }) => content.text !== '')?.content ?? { start: 0, end: 0 };
    },
  };
}

function readItems(tree: MudTree): readonly MudItem[] {
  const seen = new Set<string>();
  return tree.sections
    .flatMap(({ items }) => items)
    .filter(({ section, key }) => {
      const name = nameOf(section.name, key.text);
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    });
}

function nameOf(section: string, key: string): string {
  return `${section}\n${key}`;
}

/** A key of one section that stands in another, where the other has no such key. */
function isMisplaced(tree: MudTree, section: string, key: string): boolean {
  return tree.sections.some(
    ({ name }) =>
      name !== section &&
      keySchema(name, key, null) === null &&
      itemsOf(tree, name).some((item) => item.key.text === key),
  );
}

/** `model: a.cvimodel` and the like: the line's own problem is enough. */
function isBroken(tree: MudTree, key: string): boolean {
  return tree.errors.some(
    ({ span }) => span.text.startsWith(key) && /^[^0-9A-Za-z_-]/.test(span.text.slice(key.length, key.length + 1)),
  );
}

/** True where the class does not look at the labels. */
export function readsNoLabels({ modelClass }: MudContext): boolean {
  return modelClass?.ignored?.labels !== undefined;
}
