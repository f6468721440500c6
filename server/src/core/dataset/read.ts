import type { DatasetCode } from '../problems/codes';
import type { Fix, Problem } from '../problems/problem';
import type { LanguageDocument } from '../language/service';
import { LineIndex } from '../text/line-index';
import { classNames } from './class-names';
import { DatasetPlaces, SPLIT_KEYS, type TrainingPlace } from './places';
import { datasetRules } from './rules';
import type { DatasetContext } from './rules/rule';
import { readYaml, type DataValue, type MapEntry, type YamlReading } from './yaml-value';

export interface DatasetReading {
  /** Null where the YAML cannot be read or is no mapping. */
  readonly context: DatasetContext | null;
  /** In the order of the text. */
  readonly problems: readonly Problem[];
}

/** Where nothing is known of the training: it starts in the folder of the YAML. */
export const BESIDE_THE_YAML: TrainingPlace = { cwd: null, datasetsFolder: null };

/** Reads a dataset and judges it as the trainer will. Any text gives an answer. */
export function checkDataset(document: LanguageDocument, place: TrainingPlace = BESIDE_THE_YAML): DatasetReading {
  const lines = new LineIndex(document.text);
  const reading = yamlOf(document);
  const broken = syntaxProblems(reading, document.text, lines);
  if (broken.length > 0) return { context: null, problems: broken };
  const context = contextOf(document, reading, lines, place);
  if (context === null) return { context: null, problems: [noMapping(document.text, lines)] };
  const problems = datasetRules.flatMap((rule) => rule.check(context));
  problems.sort((a, b) => lines.offsetAt(a.range.start) - lines.offsetAt(b.range.start) || (a.code < b.code ? -1 : 1));
  return { context, problems };
}

/** What features need, without the rules; null where the YAML is no mapping. A broken text gives what can be read. */
export function readDataset(document: LanguageDocument, place: TrainingPlace = BESIDE_THE_YAML): DatasetContext | null {
  return contextOf(document, yamlOf(document), new LineIndex(document.text), place);
}

/** The editor asks for problems, outline and lenses of one version in a row; only the disk may change in between. */
const readings = new WeakMap<LanguageDocument, YamlReading>();

function yamlOf(document: LanguageDocument): YamlReading {
  const known = readings.get(document) ?? readYaml(document.text);
  readings.set(document, known);
  return known;
}

function contextOf(
  document: LanguageDocument,
  { root }: YamlReading,
  lines: LineIndex,
  place: TrainingPlace,
): DatasetContext | null {
  if (root?.kind !== 'map') return null;
  const counting = new Map<string, MapEntry>(root.entries.map((entry) => [entry.key.text, entry]));
  const value = (key: string): DataValue | undefined => {
    const found = counting.get(key)?.value;
    return found === undefined || isNull(found) ? undefined : found;
  };
  const path = value('path');
  const written = path === undefined ? null : path.kind === 'scalar' && path.type === 'str' ? path.text : undefined;
  const places =
    document.files === null || written === undefined
      ? null
      : new DatasetPlaces(document.files, document.path, place, written);
  const splits = SPLIT_KEYS.flatMap((split) => {
    // The old name counts only where the new one is absent.
    const given = split === 'val' && !counting.has('val') ? value('validation') : value(split);
    return given === undefined ? [] : [{ split, given }];
  });
  return {
    text: document.text,
    lines,
    path: document.path,
    top: root,
    entry: (key) => counting.get(key),
    value,
    classes: classNames(value('names'), value('nc')),
    places,
    splitPaths: splits.flatMap(({ split, given }) => places?.splitPaths(split, given) ?? []),
  };
}

/** Null, or the word that the trainer turns into null. */
function isNull(value: DataValue): boolean {
  return value.kind === 'scalar' && (value.type === 'null' || value.value === 'None');
}

const MESSAGES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'A tab is used to indent, which YAML forbids, so the training stops here. Indent with blanks.',
  BAD_INDENT: 'The indentation fits none of the lines above. Give keys of one group the same number of blanks.',
  MISSING_CHAR: 'A closing quote or bracket, a colon or a comma is missing here. Add it.',
  BAD_SCALAR_START: 'A value without quotes cannot begin with this character. Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'This line has two colons, each followed by a blank. Put the value in quotes.',
  BAD_ALIAS: 'This alias names an anchor that stands nowhere above. Write the value out.',
};

/** Whether a fix helps is found out by reading the text again. */
const TRIED_FIXES = 5;
/** One unreadable place may bring an error for each of the letters behind it. */
const SHOWN_ERRORS = 100;

function syntaxProblems(reading: YamlReading, text: string, lines: LineIndex): Problem[] {
  const code: DatasetCode = 'DATA001';
  if (reading.tooDeep !== null) {
    const message =
      'More than 200 groups or lists lie within each other here, and a dataset has two. Close or remove them.';
    return [{ code, severity: 'error', message, range: lines.range(reading.tooDeep, reading.tooDeep + 1) }];
  }
  const problems = reading.errors
    .slice(0, SHOWN_ERRORS)
    .map(({ code: kind, message, pos: [start, end] }, index): Problem => {
      const [first = ''] = message.split(/\n| at line \d/);
      const opened = message.startsWith('Flow ');
      const words = opened
        ? 'A bracket or brace that was opened is not closed. Add the closing one.'
        : (MESSAGES[kind] ??
          `The YAML cannot be read from here on: ${first.replace(/[.:]$/, '')}. The training stops; correct this line.`);
      const candidate = kind === 'TAB_AS_INDENT' ? tabFix(text, start, lines) : quoteFix(kind, text, start, lines);
      const fix =
        candidate !== null && index < TRIED_FIXES && mends(candidate, text, lines, reading) ? candidate : null;
      const range = lines.range(start, end);
      return { code, severity: 'error', message: words, range, ...(fix === null ? {} : { fixes: [fix] }) };
    });
  problems.sort((a, b) => lines.offsetAt(a.range.start) - lines.offsetAt(b.range.start));
  if (reading.second === null || problems.length > 0) return problems;
  const at = reading.second;
  const message =
    'The file holds more than one YAML document (`---`), which stops the training. A dataset is one document: move the rest to files of their own.';
  return [{ code, severity: 'error', message, range: lines.range(at, at) }];
}

/** What stands around may be broken in another way, and then the usual fix makes it no better. */
function mends(fix: Fix, text: string, lines: LineIndex, before: YamlReading): boolean {
  let changed = text;
  for (const { range, newText } of [...fix.edits].reverse()) {
    changed = changed.slice(0, lines.offsetAt(range.start)) + newText + changed.slice(lines.offsetAt(range.end));
  }
  return readYaml(changed).errors.length < before.errors.length;
}

/** All indentation by tabs at once: one tab replaced would only move the error to the next line. */
function tabFix(text: string, at: number, lines: LineIndex): Fix | null {
  const edits = [...text.matchAll(/^[ ]*\t[ \t]*/gm)].map((match) => ({
    range: lines.range(match.index, match.index + match[0].length),
    newText: match[0].replaceAll('\t', '  '),
  }));
  return edits.length === 0 || at > text.length
    ? null
    : { title: 'Indent with blanks instead of tabs', preferred: true, edits };
}

/** A value that needs quotes, where it ends with its line. */
function quoteFix(kind: string, text: string, at: number, lines: LineIndex): Fix | null {
  if (kind !== 'BLOCK_AS_IMPLICIT_KEY' && kind !== 'BAD_SCALAR_START') return null;
  const start = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
  const line = /^([ \t]*(?:- +|[\w"']+:[ \t]+))([^\s"'[\]{}#,|>][^"'[\]{}#\n\r]*?)[ \t]*$/m.exec(text.slice(start));
  if (line?.index !== 0) return null;
  const [, lead = '', value = ''] = line;
  const from = start + lead.length;
  const range = lines.range(from, from + value.length);
  return { title: 'Put the value in quotes', preferred: true, edits: [{ range, newText: JSON.stringify(value) }] };
}

const TEMPLATE = 'train: images/train\nval: images/val\nnames:\n  0: name of the first class\n';

function noMapping(text: string, lines: LineIndex): Problem {
  const empty = text.trim() === '';
  const fixes: Fix[] = empty
    ? [
        {
          title: 'Insert the keys of a dataset',
          preferred: false,
          edits: [{ range: lines.range(0, text.length), newText: TEMPLATE }],
        },
      ]
    : [];
  return {
    code: 'DATA002',
    severity: 'error',
    message: `${empty ? 'The file is empty' : 'The file is not a mapping of keys to values'}, so the training stops. A dataset needs the keys \`train\`, \`val\` and \`names\`.`,
    range: lines.range(0, text.length),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}
